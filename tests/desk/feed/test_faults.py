"""The feed on a line that does not hold: what the link says, which rows are stale, and what is told afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from blotter.core.notice import Severity
from blotter.core.order import OrderKey
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Refusal, running, until
from tests.desk.feed.live import FAST, live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        made.set("a")
        made.set("b")
        yield made


async def test_a_drop_is_mended_and_one_notice_tells_how_long_and_what_changed(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        gate = asyncio.Event()

        async def hold(account: str) -> None:
            await gate.wait()

        broker.before_list = hold
        broker.drop()
        await seen.reaches(LinkPhase.RECONNECTING)
        assert seen.stale() == {"a", "b"}
        broker.set("a", "FILLED", cum=100)
        gate.set()

        await seen.reaches(LinkPhase.OK)
        assert seen.stale() == set()
        assert seen.told.status("a") == "FILLED"
        said = await seen.says("no stream for", "list re-read", "1 order changed")
        assert "FILLED" in said.text
        assert "Z to " in said.text
        assert list(said.about(OrderKey("ACC-1", "a"))), "its details tell it, too"
        assert said.tag == ""
        assert len(seen.told.notices) == 1


async def test_a_gap_in_which_nothing_changed_says_so(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)

        broker.drop()

        await seen.says("no stream for", "the connection was lost", "nothing changed")


async def test_while_there_is_no_stream_the_list_is_polled(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.handshake = 503
        broker.drop()

        await seen.reaches(LinkPhase.POLLING)
        assert seen.stale() == set()
        broker.set("a", "PARTIALLY_FILLED", cum=30)
        await seen.shows("a", "PARTIALLY_FILLED")
        await until(lambda: seen.told.links[-1].attempt >= 3)

        broker.handshake = None
        await seen.reaches(LinkPhase.OK)
        assert seen.told.links[-1].attempt == 0
        assert len(seen.told.said("HTTP 503")) == 1
        assert len(seen.told.said("no stream for", "PARTIALLY_FILLED 30 of 100")) == 1


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_refused_handshake_is_tried_again(broker: FeedBroker, status: int) -> None:
    broker.handshake = status
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.POLLING)
        await until(lambda: broker.handshakes >= 3)
        await seen.says(f"HTTP {status}", "Trying again")
        assert seen.told.state().trouble == f"{status} no stream"

        broker.handshake = None

        await seen.reaches(LinkPhase.OK)


async def test_a_refused_token_stops_the_stream_and_not_the_lists(broker: FeedBroker) -> None:
    broker.auth_error = "token revoked"
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.POLLING)
        said = await seen.says("token", "authentication failed", "token revoked", "The list is read instead")
        assert said.severity is Severity.ALERT
        lists = len(broker.lists)
        await until(lambda: len(broker.lists) >= lists + 4)
        assert broker.handshakes == 1
        assert seen.told.state().trouble == "stream token refused", "nothing is tried until somebody does something"
        assert seen.told.state().attempt == 0, "so there is no number of an attempt to show"

        broker.auth_error = None
        seen.feed.relist()

        await seen.reaches(LinkPhase.OK)
        assert seen.told.state().trouble == ""


async def test_neither_stream_nor_list_is_offline_and_rows_say_since_when(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        heard = seen.told.links[-1].heard
        broker.handshake = 503
        broker.refusals["ACC-1"] = Refusal(503, '{"error":"down for maintenance"}')
        broker.drop()

        await seen.reaches(LinkPhase.OFFLINE)
        await until(lambda: seen.told.links[-1].attempt >= 3)
        rows = list(seen.told.shown.values())
        assert heard is not None
        assert all(row.stale_since is not None and row.stale_since.mono >= heard.mono for row in rows)
        assert len({row.stale_since for row in rows}) == 1
        assert len(seen.told.said("the list of orders", "maintenance")) == 1
        state = seen.told.state()
        assert state.trouble == "503 broker trouble"
        assert state.why_not_cancel(seen.told.links[-1].since) is None, "it answers: a cancel may get through"

        broker.refusals.clear()
        await seen.reaches(LinkPhase.POLLING)
        assert seen.stale() == set()
        await seen.says("ACC-1", "read again")


async def test_a_broker_that_is_not_there_at_the_start_is_waited_for() -> None:
    broker = FeedBroker()
    async with running(broker):
        port = broker.port
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OFFLINE)
        await until(lambda: seen.told.links[-1].attempt >= 4)
        assert len(seen.told.said("list of orders", "did not leave")) == 1
        state = seen.told.state()
        assert state.trouble == "no link"
        assert str(state.why_not_cancel(state.since)).startswith("no link since ")
        broker.set("a")

        async with running(broker, port):
            await seen.reaches(LinkPhase.OK)
            assert seen.told.status("a") == "NEW"
            assert seen.told.state().why_not_cancel(state.since) is None


async def test_by_hand_a_broken_link_is_tried_at_once(broker: FeedBroker) -> None:
    patient = replace(FAST, first_retry=30.0, last_retry=60.0, poll=30.0)
    async with live(broker, timings=patient) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.handshake = 503
        broker.drop()
        await seen.reaches(LinkPhase.POLLING)
        seen.feed.relist()
        await seen.says("HTTP 503")
        broker.handshake = None

        seen.feed.relist()

        await seen.reaches(LinkPhase.OK)


async def test_an_expired_session_is_followed_by_the_next_at_once(broker: FeedBroker) -> None:
    patient = replace(FAST, first_retry=30.0, last_retry=60.0)
    async with live(broker, timings=patient) as seen:
        await seen.reaches(LinkPhase.OK)
        await asyncio.sleep(FAST.settled + 0.05)

        await broker.action("authExpired")

        await until(lambda: broker.auths == 2)
        await seen.says("no stream for", "session expired")
        await seen.reaches(LinkPhase.OK)


async def test_a_stream_that_falls_over_at_once_is_not_hammered(broker: FeedBroker) -> None:
    slow = replace(FAST, first_retry=0.2, last_retry=5.0, settled=60.0)
    async with live(broker, timings=slow) as seen:
        for n in range(1, 4):
            await until(lambda n=n: broker.handshakes == n and broker.streams == 1)  # type: ignore[misc]
            await until(lambda: seen.told.phase() is LinkPhase.OK)
            broker.drop()
        await until(lambda: broker.streams == 0)
        await until(lambda: seen.told.links[-1].attempt == 3)


async def test_a_list_that_fails_under_a_good_stream_is_stale_until_it_is_read(broker: FeedBroker) -> None:
    async with live(broker, relist_every=0.2) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.refusals["ACC-1"] = Refusal(200, "<html>log in, please</html>")

        await seen.reaches(LinkPhase.STALE)
        await seen.says("could not be read", "HTML")
        await broker.tell("a", "FILLED", cum=100)
        await seen.shows("a", "FILLED")
        assert seen.stale() == {"a", "b"}

        broker.refusals.clear()
        await seen.reaches(LinkPhase.OK)
        assert seen.stale() == set()


async def test_a_list_that_drips_does_not_stop_the_clock(broker: FeedBroker) -> None:
    async with live(broker, timings=replace(FAST, list=0.2), relist_every=0.2) as seen:
        await seen.reaches(LinkPhase.OK)
        gate = asyncio.Event()

        async def hold(account: str) -> None:
            await gate.wait()

        broker.before_list = hold
        with contextlib.ExitStack() as stack:
            stack.callback(gate.set)
            await seen.says("the list of orders was not complete after")
            await seen.reaches(LinkPhase.STALE)
        broker.before_list = None
        await seen.reaches(LinkPhase.OK)
