"""Records that cannot be read: told once, and the others live on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from blotter.desk.feed.lister import SLICE
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Json, record, running, until
from tests.desk.feed.live import live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        yield made


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


async def test_no_order_of_a_list_is_passed_over_where_many_beside_it_cannot_be_read(broker: FeedBroker) -> None:
    for n in range(4 * SLICE):
        broker.set(f"o-{n}")
    async with live(broker, relist_every=0.2) as seen:
        await seen.reaches(LinkPhase.OK)
        for n in range(2 * SLICE, 4 * SLICE):
            broker.set(f"o-{n}", qty="a lot")
        broker.set("o-0", "CANCELED")

        await seen.shows("o-0", "CANCELED")
        assert seen.told.phase() is LinkPhase.OK


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


async def test_a_list_without_a_proper_end_is_in_the_way_until_one_has_it(broker: FeedBroker) -> None:
    def coming_round(account: str, cursor: int, limit: int) -> Json:
        return {"orders": [record("a")], "nextCursor": 7}

    broker.pager = coming_round
    async with live(broker, relist_every=0.1) as seen:
        await seen.says("paging came round again")
        await until(lambda: seen.told.state().trouble == "list cut short")
        broker.pager = None
        await until(lambda: seen.told.state().trouble == "")
        assert len(seen.told.said("paging came round again")) == 1

        broker.pager = coming_round

        await until(lambda: len(seen.told.said("paging came round again")) == 2)
        await until(lambda: seen.told.state().trouble == "list cut short")
