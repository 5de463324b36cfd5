"""A stream that says nothing: when it is called stale, when it is given up, and what brings it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, running, until
from tests.desk.feed.live import FAST, live
from tests.desk.feed.wire import wire


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        made.set("a")
        made.set("b")
        yield made


async def test_silence_is_stale_and_then_given_up(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        await until(lambda: broker.pings >= 3)
        assert seen.told.phases() == [LinkPhase.CONNECTING, LinkPhase.OK]

        broker.mute = True

        await seen.reaches(LinkPhase.STALE)
        assert seen.stale() == {"a", "b"}
        await until(lambda: broker.handshakes == 2)
        await seen.reaches(LinkPhase.POLLING)
        broker.mute = False
        await seen.reaches(LinkPhase.OK)
        await seen.says("no stream for", "silent for")
        assert seen.stale() == set()


async def test_a_half_open_stream_is_found_out_and_left_behind(broker: FeedBroker) -> None:
    """The peer is gone and nothing says so: what is written goes nowhere, not even the end of the connection."""
    async with wire(broker.port) as cable, live(broker, stream_url=cable.url) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.subscribe_delay = 0.1

        cable.freeze()

        await seen.reaches(LinkPhase.STALE)
        await seen.reaches(LinkPhase.POLLING)
        broker.set("a", "FILLED", cum=100)
        await seen.reaches(LinkPhase.OK)
        await seen.says("no stream for", "silent for", "FILLED")
        assert cable.connections == 2


async def test_a_word_after_a_silence_is_life(broker: FeedBroker) -> None:
    async with live(broker, timings=replace(FAST, drop=20.0)) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.mute = True
        await seen.reaches(LinkPhase.STALE)
        lists = len(broker.lists)

        broker.mute = False

        await seen.reaches(LinkPhase.OK)
        await until(lambda: len(broker.lists) > lists)
        await until(lambda: not any(row.needs_read for row in seen.told.shown.values()))
        assert broker.handshakes == 1
        assert seen.stale() == set()


async def test_by_hand_a_stream_that_is_silent_is_given_up_at_once(broker: FeedBroker) -> None:
    async with live(broker, timings=replace(FAST, drop=60.0)) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.mute = True
        await seen.reaches(LinkPhase.STALE)
        broker.mute = False

        seen.feed.relist()

        await seen.says("no stream for", "silent for")
        await seen.reaches(LinkPhase.OK)
        assert broker.handshakes == 2
