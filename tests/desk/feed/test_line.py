"""The one stream: what breaks beside its reading, and when the next one is tried."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from blotter.broker.auth import Token
from blotter.broker.errors import BrokerError
from blotter.broker.stream import StreamEvent, connect
from blotter.core.account import Account
from blotter.core.instant import Instant
from blotter.desk.clock import SystemClock
from blotter.desk.feed.line import Line
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import TOKEN, FeedBroker, running, until
from tests.desk.feed.live import FAST, live


class Broken:
    """A listener with a bug in it."""

    def carried(self, account: str) -> None:
        raise RuntimeError("a bug")

    def not_carried(self, account: str, error: BrokerError) -> None: ...

    def carries(self, account: str) -> bool:
        return False

    def opened(self) -> None: ...

    async def said(self, message: StreamEvent, now: Instant) -> None: ...

    def lost(self, reason: str, attempt: int) -> None: ...

    def failed(self, error: BrokerError, attempt: int) -> None: ...


async def test_a_bug_is_not_taken_for_a_stream_that_is_quiet() -> None:
    async with running(FeedBroker()) as broker:
        line = Line(
            lambda: connect(broker.stream_url, Token(TOKEN)),
            [Account("ACC-1")],
            clock=SystemClock(),
            timings=FAST,
            chance=random.Random(4),
            listener=Broken(),
        )
        with pytest.raises(RuntimeError, match="a bug"):
            async with asyncio.timeout(5):
                await line.run()


async def test_after_a_stream_that_lived_the_next_outage_starts_with_a_short_wait() -> None:
    patient = replace(FAST, first_retry=0.01, last_retry=600.0)
    async with running(FeedBroker()) as broker:
        broker.handshake = 503
        async with live(broker, timings=patient) as seen:
            for attempt in range(1, 18):
                await until(lambda n=attempt: broker.handshakes >= n)  # type: ignore[misc]
                seen.feed.relist()
            broker.handshake = None
            seen.feed.relist()
            await seen.reaches(LinkPhase.OK)
            lived, handshakes = broker.pings, broker.handshakes
            await until(lambda: broker.pings >= lived + 5)

            broker.drop()

            await until(lambda: broker.handshakes > handshakes)


async def test_a_session_that_expires_at_once_is_not_hammered() -> None:
    patient = replace(FAST, first_retry=30.0, last_retry=60.0, settled=60.0)
    async with running(FeedBroker()) as broker, live(broker, timings=patient) as seen:
        await seen.reaches(LinkPhase.OK)

        await broker.action("authExpired")

        await seen.reaches(LinkPhase.POLLING)
        lists = len(broker.lists)
        await until(lambda: len(broker.lists) >= lists + 4)
        assert broker.handshakes == 1
