"""More orders than the book takes in: the picture is not whole, and says so for as long as the session lasts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from blotter.core.book.book import Book
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, running, until
from tests.desk.feed.live import live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        made.set("a")
        made.set("b")
        yield made


async def test_a_stream_that_never_stops_naming_new_orders_makes_the_account_stale(broker: FeedBroker) -> None:
    async with live(broker, book=Book(most=2)) as seen:
        await seen.reaches(LinkPhase.OK)
        for n in range(50):
            await broker.tell(f"invented-{n}")
        await broker.tell("a", "FILLED", cum=100)
        await seen.reaches(LinkPhase.STALE)
        await seen.shows("a", "FILLED")
        seen.feed.relist()
        await until(lambda: len(broker.lists) >= 2)

        assert set(seen.told.shown) == {("ACC-1", "a"), ("ACC-1", "b")}
        assert seen.told.phase() is LinkPhase.STALE
        assert len(seen.told.said("too many orders, more than 2")) == 1


async def test_a_list_that_does_not_fit_is_shown_in_part_and_never_as_the_truth(broker: FeedBroker) -> None:
    broker.set("c")
    async with live(broker, book=Book(most=2)) as seen:
        await seen.says("too many orders, more than 2")

        assert set(seen.told.shown) == {("ACC-1", "a"), ("ACC-1", "b")}
        assert LinkPhase.OK not in seen.told.phases()


async def test_an_account_whose_orders_are_all_there_stays_as_it_is(broker: FeedBroker) -> None:
    async with live(broker, ("ACC-1", "ACC-2"), book=Book(most=2)) as seen:
        await seen.reaches(LinkPhase.OK)
        await seen.reaches(LinkPhase.OK, "ACC-2")
        await broker.tell("another", account="ACC-2")
        await seen.reaches(LinkPhase.STALE, "ACC-2")

        assert seen.told.phase("ACC-1") is LinkPhase.OK
