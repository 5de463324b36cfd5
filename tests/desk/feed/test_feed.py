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


async def test_an_order_that_cannot_be_read_is_told_once_and_the_others_live_on(broker: FeedBroker) -> None:
    broker.set("a")
    broker.set("b", qty="a lot")
    async with live(broker, relist_every=0.1) as seen:
        await seen.says("ACC-1", "order b", "qty")
        await until(lambda: len(broker.lists) >= 4)

        assert len(seen.told.said("could not be read")) == 1
        assert seen.told.status("a") == "NEW"
        assert seen.told.phase() is LinkPhase.OK


async def test_many_orders_that_cannot_be_read_are_counted_in_one_line(broker: FeedBroker) -> None:
    for n in range(6):
        broker.set(f"bad-{n}", qty="a lot")
        broker.set(f"good-{n}")
    async with live(broker) as seen:
        await seen.says("6 orders could not be read")

        assert len(seen.told.notices) == 1


async def test_a_list_that_is_mostly_unreadable_does_not_take_the_place_of_a_good_one(broker: FeedBroker) -> None:
    for n in range(12):
        broker.set(f"o-{n}")
    async with live(broker, relist_every=0.2) as seen:
        await seen.reaches(LinkPhase.OK)
        for n in range(8):
            broker.set(f"o-{n}", qty="a lot")
        broker.set("o-11", "CANCELED")

        await seen.says("8 of 12 orders in the list could not be read")

        assert seen.told.phase() is LinkPhase.STALE
        assert seen.told.status("o-11") == "NEW"
        assert len(seen.stale()) == 12
        for n in range(8):
            broker.set(f"o-{n}")
        await seen.reaches(LinkPhase.OK)
        assert seen.stale() == set()


async def test_garbage_on_the_stream_is_told_once_and_makes_the_list_be_read(broker: FeedBroker) -> None:
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OK)
        before = len(broker.lists)

        for _ in range(20):
            await broker.send("{[garbage")
        await broker.tell("a", "NEW")

        await seen.shows("a", "NEW")
        await until(lambda: len(broker.lists) > before)
        assert len(seen.told.said("could not be read")) == 1
        assert seen.told.phase() is LinkPhase.OK
        assert broker.handshakes == 1


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


async def test_no_account_is_in_the_way_of_the_others(broker: FeedBroker) -> None:
    for account in ("ACC-1", "ACC-2", "ACC-3"):
        broker.set("a", account=account)
    broker.refusals["ACC-2"] = Refusal(403, '{"error":"forbidden","message":"not your account"}')
    broker.refusals["ACC-3"] = Refusal(500)
    async with live(broker, ("ACC-1", "ACC-2", "ACC-3"), relist_every=0.1) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.STALE, "ACC-2")
        await seen.reaches(LinkPhase.STALE, "ACC-3")
        await until(lambda: sum(account == "ACC-2" for account, _ in broker.lists) >= 4)

        said = seen.told.said("ACC-2", "does not permit the list of orders", "not your account")
        assert len(said) == 1
        assert len(seen.told.said("ACC-3", "HTTP 500")) == 1
        assert seen.told.phases("ACC-1") == [LinkPhase.CONNECTING, LinkPhase.OK]

        del broker.refusals["ACC-2"]

        await seen.reaches(LinkPhase.OK, "ACC-2")
        assert seen.told.status("a", "ACC-2") == "NEW"
        assert len(seen.told.said("ACC-2", "read again")) == 1


async def test_an_account_that_the_stream_refuses_is_polled(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {"status": 403, "code": "FORBIDDEN", "message": "no stream for ACC-2"}
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")

        await seen.says("ACC-2", "subscription", "no stream for ACC-2")
        broker.set("a", account="ACC-2")
        await seen.shows("a", "NEW", "ACC-2")
        assert seen.told.phase("ACC-1") is LinkPhase.OK


async def test_a_refused_subscription_is_asked_for_again_while_the_stream_stands(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {"status": 403, "code": "FORBIDDEN", "message": "not yet"}
    timings = replace(FAST, first_ask_again=0.05, last_ask_again=0.2)
    async with live(broker, ("ACC-1", "ACC-2"), timings=timings) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        assert seen.told.state("ACC-2").trouble == "no stream for it"
        await until(lambda: broker.subscriptions.count("ACC-2") >= 3)
        assert broker.subscriptions.count("ACC-1") == 1
        assert len(seen.told.said("ACC-2", "not yet")) == 1

        broker.subscribe_refusals.clear()

        await seen.reaches(LinkPhase.OK, "ACC-2")
        assert seen.told.state("ACC-2").trouble == ""
        assert broker.handshakes == 1


async def test_by_hand_a_refused_subscription_is_asked_for_at_once(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {"status": 403}
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        broker.subscribe_refusals.clear()

        seen.feed.relist()

        await seen.reaches(LinkPhase.OK, "ACC-2")
