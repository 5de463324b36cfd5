"""Before the first whole list: rows are shown as they come, and none of them counts as fresh."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Refusal, running, until
from tests.desk.feed.live import live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        made.set("a")
        made.set("b")
        yield made


async def test_rows_of_the_stream_alone_are_stale_until_the_first_list(broker: FeedBroker) -> None:
    broker.refusals["ACC-1"] = Refusal(500)
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.STALE)
        await seen.shows("b", "NEW")
        assert seen.stale() == {"a", "b"}

        broker.refusals.clear()

        await seen.reaches(LinkPhase.OK)
        assert seen.stale() == set()


async def test_rows_of_half_a_list_are_stale_without_a_stream_too(broker: FeedBroker) -> None:
    broker.handshake = 503
    broker.page_size = 1

    async def fail_the_second_page(account: str) -> None:
        _, cursor = broker.lists[-1]
        if cursor:
            broker.refusals[account] = Refusal(500)

    broker.before_list = fail_the_second_page
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OFFLINE)
        assert seen.stale() == {"a"}

        broker.before_list = None
        broker.refusals.clear()

        await seen.reaches(LinkPhase.POLLING)
        assert seen.stale() == set()


async def test_rows_are_stale_while_the_first_list_is_read(broker: FeedBroker) -> None:
    broker.page_size = 1
    broker.snapshots = False
    gate = asyncio.Event()

    async def hold_the_second_page(account: str) -> None:
        if broker.lists[-1][1]:
            await gate.wait()

    broker.before_list = hold_the_second_page
    async with live(broker) as seen:
        await seen.shows("a", "NEW")
        assert seen.told.phase() is LinkPhase.CONNECTING
        assert seen.stale() == {"a"}

        gate.set()

        await until(lambda: seen.told.phase() is LinkPhase.OK)
        assert seen.stale() == set()
