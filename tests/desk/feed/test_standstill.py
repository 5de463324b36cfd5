"""Time that went on without the feed: nothing that was read before vouches for anything."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from blotter.core.instant import Instant
from blotter.desk.clock import SystemClock
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Refusal, running, until
from tests.desk.feed.live import FAST, live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        made.set("a")
        made.set("b")
        yield made


class Skipping(SystemClock):
    """A clock that can be made to have gone on without us."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self.suspended = 0.0

    def now(self) -> Instant:
        now = super().now()
        away = timedelta(seconds=self.skipped + self.suspended)
        return Instant(now.utc + away, now.mono + self.skipped)


@pytest.mark.parametrize(("kind", "said"), [("skipped", "stood still for 42 s"), ("suspended", "clock jumped by 42 s")])
async def test_after_a_standstill_everything_is_read_anew(broker: FeedBroker, kind: str, said: str) -> None:
    """Stopped (both clocks went on) and suspended (only the wall clock did)."""
    clock = Skipping()
    async with live(broker, clock=clock) as seen:
        await seen.reaches(LinkPhase.OK)
        gate = asyncio.Event()

        async def hold(account: str) -> None:
            await gate.wait()

        broker.before_list = hold
        broker.set("b", "EXPIRED")
        setattr(clock, kind, 42.0)

        await until(lambda: seen.told.phase() is LinkPhase.RECONNECTING)
        assert seen.stale() == {"a", "b"}
        barred = seen.told.state().why_not_cancel(clock.now())
        assert barred is not None
        assert barred.startswith("stood still, nothing read since")
        gate.set()
        await seen.reaches(LinkPhase.OK)
        assert seen.told.state().why_not_cancel(clock.now()) is None
        assert broker.handshakes == 2
        await seen.says("no stream for", said, "1 order changed", "EXPIRED")
        assert len(seen.told.notices) == 1
        assert seen.stale() == set()


async def test_a_list_that_takes_long_makes_no_gap_longer(broker: FeedBroker) -> None:
    clock = Skipping()
    async with live(broker, clock=clock, timings=replace(FAST, stale=300.0, drop=300.0, jump=300.0, list=60.0)) as seen:
        await seen.reaches(LinkPhase.OK)
        gate = asyncio.Event()

        async def hold(account: str) -> None:
            await gate.wait()

        broker.before_list = hold
        broker.drop()
        lists = len(broker.lists)
        await until(lambda: broker.streams == 1 and len(broker.subscriptions) == 2 and len(broker.lists) > lists + 1)
        clock.skipped = 42.0
        gate.set()

        said = await seen.says("no stream for", "list re-read")

        assert f"to {said.at:%H:%M:%S}Z" not in said.text
        assert not re.search(r"no stream for \d\d", said.text)


async def test_a_list_that_the_broker_refuses_does_not_bar_cancels_for_ever(broker: FeedBroker) -> None:
    clock = Skipping()
    async with live(broker, clock=clock, relist_every=0.1) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.refusals["ACC-1"] = Refusal(403)
        gate = asyncio.Event()

        async def hold(account: str) -> None:
            await gate.wait()

        await seen.reaches(LinkPhase.STALE)
        broker.before_list = hold
        clock.skipped = 42.0
        await until(lambda: (seen.told.state().why_not_cancel(clock.now()) or "").startswith("stood still"))

        gate.set()

        await until(lambda: seen.told.state().why_not_cancel(clock.now()) is None)
        assert seen.told.state().trouble == "403 not permitted"
        assert seen.stale() == {"a", "b"}, "what the question says"


async def test_a_list_that_was_polled_before_a_standstill_vouches_for_nothing_after_it(broker: FeedBroker) -> None:
    clock = Skipping()
    async with live(broker, clock=clock, timings=replace(FAST, stale=300.0, drop=400.0)) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.handshake = 503
        broker.drop()
        await seen.reaches(LinkPhase.POLLING)
        gate = asyncio.Event()

        async def hold(account: str) -> None:
            await gate.wait()

        broker.before_list = hold
        clock.suspended = 42.0

        await seen.reaches(LinkPhase.RECONNECTING)
        assert seen.stale() == {"a", "b"}
        gate.set()
        await seen.reaches(LinkPhase.POLLING)
        assert seen.stale() == set()
