"""The feed on a line that holds: what reaches the book, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from blotter.core.order import OrderKey
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Refusal, record, running, until
from tests.desk.feed.live import FAST, live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        yield made


async def test_the_list_comes_first_and_the_stream_goes_on_from_there(broker: FeedBroker) -> None:
    broker.set("a")
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        assert seen.told.status("a") == "NEW"

        await broker.tell("a", "FILLED", cum=100)
        await broker.tell("b", "PENDING_NEW")

        await seen.shows("a", "FILLED")
        await seen.shows("b", "PENDING_NEW")
        assert seen.told.phases() == [LinkPhase.CONNECTING, LinkPhase.OK]
        assert seen.told.notices == []


async def test_one_read_serves_the_start_and_the_stream(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)

        assert broker.lists == [("ACC-1", 0)]


async def test_what_the_stream_says_while_the_list_is_read_is_not_lost(broker: FeedBroker) -> None:
    """The list was made up before the fill and arrives after it."""
    broker.set("a")
    asked, go = asyncio.Event(), asyncio.Event()

    async def hold(account: str) -> None:
        asked.set()
        await go.wait()

    broker.after_list = hold
    async with live(broker) as seen:
        await asyncio.wait_for(asked.wait(), 5)
        await broker.tell("a", "FILLED", cum=100)
        await broker.tell("b")
        await asyncio.sleep(0.05)
        assert seen.told.phase() is LinkPhase.CONNECTING

        go.set()

        await seen.reaches(LinkPhase.OK)
        assert seen.told.status("a") == "FILLED"
        assert seen.told.status("b") == "NEW"


@pytest.mark.parametrize("kept_from_it", ["slow", "limited"])
async def test_what_the_stream_says_is_shown_before_long_though_the_list_does_not_come(
    broker: FeedBroker, kept_from_it: str
) -> None:
    broker.set("a")
    gate = asyncio.Event()

    async def hold(account: str) -> None:
        await gate.wait()

    async with live(broker, timings=replace(FAST, hold=0.1, list=60.0)) as seen:
        await seen.reaches(LinkPhase.OK)
        if kept_from_it == "slow":
            broker.before_list = hold
        else:
            broker.refusals["ACC-1"] = Refusal(429, headers={"Retry-After": "60"})
        broker.drop()
        await until(lambda: broker.handshakes == 2 and broker.streams == 1)
        await until(lambda: "ACC-1" in broker.subscriptions[1:])
        await broker.tell("a", "FILLED", cum=100)

        await seen.shows("a", "FILLED")
        assert seen.told.phase() is not LinkPhase.OK
        waits_for = "" if kept_from_it == "slow" else "429 too many requests"
        assert seen.told.state().trouble == waits_for, "the list is still waited for"
        gate.set()


async def test_what_the_stream_said_before_it_was_lost_is_shown_though_the_list_never_came(broker: FeedBroker) -> None:
    broker.set("a")
    gate = asyncio.Event()

    async def hold(account: str) -> None:
        await gate.wait()

    broker.before_list = hold
    async with live(broker, timings=replace(FAST, hold=60.0, list=60.0, stale=60.0, drop=120.0)) as seen:
        await until(lambda: bool(broker.subscriptions))
        pings = broker.pings
        await until(lambda: broker.pings >= pings + 1)
        await broker.tell("a", "FILLED", cum=100)
        await until(lambda: broker.pings >= pings + 4)
        assert seen.told.shown == {}, "it is held back for the list"
        broker.handshake = 503

        broker.drop()

        await seen.shows("a", "FILLED")
        gate.set()


async def test_a_list_that_comes_after_all_takes_nothing_back_of_what_was_shown(broker: FeedBroker) -> None:
    """It was made up before the news, and its time stamps do not say so."""
    broker.set("a")
    broker.set("b")
    gate = asyncio.Event()

    async def hold(account: str) -> None:
        await gate.wait()

    broker.after_list = hold
    async with live(broker, timings=replace(FAST, hold=0.1, list=60.0)) as seen:
        await until(lambda: "ACC-1" in broker.subscriptions and len(broker.lists) == 1)
        await broker.tell("a", "PENDING_CANCEL")
        await broker.tell("b", price="11")
        await seen.shows("a", "PENDING_CANCEL")
        assert seen.told.phase() is LinkPhase.CONNECTING

        gate.set()

        await seen.reaches(LinkPhase.OK)
        assert seen.told.status("a") == "PENDING_CANCEL"
        assert seen.told.shown[OrderKey("ACC-1", "b")].order.price == 11


async def test_a_snapshot_that_is_cut_short_proves_no_absence(broker: FeedBroker) -> None:
    broker.set("a")
    broker.set("b")
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)

        cut = {"topic": "account", "target": "ACC-1", "data": {"ordersV2": [record("a", "CANCELED")]}}
        await broker.send({"type": "event", "payload": cut})

        await seen.shows("a", "CANCELED")
        row = seen.book.row(OrderKey("ACC-1", "b"))
        assert row is not None
        assert (row.order.ord_status, row.needs_read) == ("NEW", False)


async def test_a_list_that_knows_more_than_the_stream_told_is_applied_and_told_once(broker: FeedBroker) -> None:
    broker.set("a")
    broker.set("b")
    async with live(broker, relist_every=0.3) as seen:
        await seen.reaches(LinkPhase.OK)

        broker.set("a", "FILLED", cum=100)

        said = await seen.says("list disagreed with the stream on 1 order", "FILLED")
        assert seen.told.status("a") == "FILLED"
        assert (said.key, said.tag) == (("ACC-1", "a"), "aa")
        lists = len(broker.lists)
        await until(lambda: len(broker.lists) >= lists + 3)
        assert len(seen.told.said("disagreed")) == 1
        assert seen.told.phase() is LinkPhase.OK
        assert not seen.told.loud_ends(), "a notice of the desk would be the second about the same fill"


async def test_a_stream_that_is_a_moment_behind_the_list_is_no_disagreement(broker: FeedBroker) -> None:
    broker.set("a")
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)

        filled = broker.set("a", "FILLED", cum=100)
        seen.feed.relist()
        await seen.shows("a", "FILLED")
        assert not seen.told.loud_ends()
        await broker.event("ACC-1", filled)
        await until(lambda: seen.told.loud_ends() == ["FILLED"])
        await asyncio.sleep(0.5)

        assert seen.told.notices == []


async def test_a_list_that_lacks_an_order_ends_nothing(broker: FeedBroker) -> None:
    broker.set("a")
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)

        broker.orders.clear()
        seen.feed.relist()

        await seen.says("disagreed", "to be read again")
        row = seen.book.row(OrderKey("ACC-1", "a"))
        assert row is not None
        assert (row.order.ord_status, row.needs_read) == ("NEW", True)
        assert seen.missing == [row.key]


async def test_the_list_is_read_again_and_again(broker: FeedBroker) -> None:
    async with live(broker, relist_every=0.1) as seen:
        await seen.reaches(LinkPhase.OK)
        await until(lambda: len(broker.lists) >= 4)
        await until(lambda: len({state.listed for state in seen.told.links}) >= 4)


async def test_the_trader_can_have_the_list_read_at_once(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        before = len(broker.lists)

        seen.feed.relist()

        await until(lambda: len(broker.lists) == before + 1)


async def test_too_many_requests_slow_the_lists_down_and_say_so_once(broker: FeedBroker) -> None:
    async with live(broker, relist_every=0.1) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.refusals["ACC-1"] = Refusal(429, '{"error":"slow down"}', {"Retry-After": "1"})
        await seen.says("too many requests", "slow down")
        refused = len(broker.lists)

        seen.feed.relist()
        await asyncio.sleep(0.6)

        assert len(broker.lists) == refused
        assert seen.told.phase() is LinkPhase.OK
        broker.refusals.clear()
        await until(lambda: len(broker.lists) > refused + 1)
        assert len(seen.told.said("too many requests")) == 1


async def test_an_event_of_an_account_that_is_not_ours_is_left_alone(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        await broker.send(
            {
                "type": "event",
                "payload": {"topic": "account", "name": "account.order", "data": record("x", account="ACC-9")},
            }
        )
        await broker.tell("a")

        await seen.shows("a", "NEW")
        assert seen.told.status("x", "ACC-9") is None


async def test_the_session_is_renewed_before_it_ends(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)

        await broker.action("refreshAuth")

        await until(lambda: broker.auths == 2)
        await broker.tell("a")
        await seen.shows("a", "NEW")
        assert broker.handshakes == 1


async def test_a_long_list_leaves_the_loop_its_turns(broker: FeedBroker) -> None:
    for n in range(2000):
        broker.set(f"o-{n}")
    async with live(broker) as seen:
        turns = 0
        while seen.told.phase() is not LinkPhase.OK:
            turns += 1
            await asyncio.sleep(0)

        assert len(seen.told.shown) == 2000
        assert turns > 40
