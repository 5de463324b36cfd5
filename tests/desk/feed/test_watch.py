"""One account's watch by itself: which list puts it in step."""

from __future__ import annotations

import asyncio

from blotter.broker.auth import Token
from blotter.broker.client import Client
from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.instant import Instant
from blotter.desk.clock import SystemClock
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.reach import LastWord
from blotter.desk.feed.watch import Watch
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import TOKEN, FeedBroker, running, until
from tests.desk.feed.live import FAST, Told


def came_in_step(watch: Watch, missed: Differences, lost: Instant | None) -> None: ...


async def test_a_list_asked_for_before_the_stream_puts_nothing_in_step() -> None:
    gate = asyncio.Event()

    async def hold(account: str) -> None:
        await gate.wait()

    async with running(FeedBroker()) as broker, Client(broker.url, Token(TOKEN)) as client:
        clock, told = SystemClock(), Told()
        watch = Watch(
            Account("ACC-1"),
            client=client,
            book=Book(),
            clock=clock,
            out=told,
            timings=FAST,
            relist_every=60.0,
            in_step=came_in_step,
            unread=lambda watch: None,
            missing=lambda key: None,
            outage=set(),
            word=LastWord(),
        )
        broker.before_list = hold
        reading = asyncio.create_task(watch.read())
        await until(lambda: bool(broker.lists))
        watch.opened(clock.now())
        gate.set()

        await reading
        assert told.phase() is not LinkPhase.OK

        await watch.read()
        assert told.phase() is LinkPhase.OK
