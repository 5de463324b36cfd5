from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from blotter.broker.auth import Token
from blotter.broker.client import Client
from blotter.broker.errors import Forbidden
from blotter.core.book.report import Report, Source
from blotter.desk.clock import SystemClock
from blotter.desk.feed.lister import SLICE, Listing, read_list
from tests.desk.feed.broker import TOKEN, FeedBroker, Json, Refusal, record, running

CLOCK = SystemClock()


class Taken(dict[str, Report]):
    """What was handed on, the last copy of each order."""

    async def __call__(self, listing: Listing, reports: Sequence[Report]) -> None:
        self.update((report.cl_ord_id, report) for report in reports)


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        yield made


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def client(broker: FeedBroker) -> AsyncIterator[Client]:
    async with Client(broker.url, Token(TOKEN)) as made:
        yield made


async def test_all_pages_are_read_to_the_end(broker: FeedBroker, client: Client, taken: Taken) -> None:
    for n in range(23):
        broker.set(f"o-{n}")
    broker.page_size = 10

    listing = await read_list(client, "ACC-1", CLOCK, taken)

    assert set(taken) == {f"o-{n}" for n in range(23)}
    assert broker.lists == [("ACC-1", 0), ("ACC-1", 10), ("ACC-1", 20)]
    assert not listing.cut_short


async def test_no_orders_at_all_is_a_whole_list(client: Client, taken: Taken) -> None:
    listing = await read_list(client, "ACC-1", CLOCK, taken)

    assert (listing.written, listing.unreadable, listing.cut_short) == ({}, [], False)


async def test_the_cursor_ends_a_list_and_not_a_short_or_empty_page(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    served: dict[int, Json] = {
        0: {"orders": [record("a")], "nextCursor": 7_000_000_000_000_000_001},
        7_000_000_000_000_000_001: {"orders": None, "nextCursor": 3},
        3: {"orders": [record("b")], "nextCursor": 0},
    }
    broker.pager = lambda account, cursor, limit: served[cursor]

    await read_list(client, "ACC-1", CLOCK, taken)

    assert set(taken) == {"a", "b"}


async def test_a_cursor_that_comes_again_ends_the_list_and_is_known(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    served = {0: {"orders": [record("a")], "nextCursor": 5}, 5: {"orders": [record("b")], "nextCursor": 5}}
    broker.pager = lambda account, cursor, limit: served[cursor]

    listing = await asyncio.wait_for(read_list(client, "ACC-1", CLOCK, taken), 5)

    assert set(taken) == {"a", "b"}
    assert listing.cut_short


async def test_a_cursor_that_comes_again_once_costs_one_more_read(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    def stumble(account: str, cursor: int, limit: int) -> Json:
        following = 5 if len(broker.lists) == 2 else 0
        return {"orders": [record("b" if cursor else "a")], "nextCursor": following if cursor else 5}

    broker.pager = stumble

    listing = await read_list(client, "ACC-1", CLOCK, taken)

    assert not listing.cut_short
    assert len(broker.lists) == 4


async def test_an_order_on_two_pages_is_one_order_and_the_newer_copy_of_it(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    newer, older = "2026-11-20T02:00:09Z", "2026-11-20T02:00:01Z"
    served = {
        0: {"orders": [record("a", "FILLED", cum=100, updatedAt=newer), record("b", updatedAt=older)], "nextCursor": 2},
        2: {"orders": [record("a", updatedAt=older), record("b", "CANCELED", updatedAt=newer)], "nextCursor": 0},
    }
    broker.pager = lambda account, cursor, limit: served[cursor]

    await read_list(client, "ACC-1", CLOCK, taken)

    assert {name: report.fields["ord_status"] for name, report in taken.items()} == {
        "a": "FILLED",
        "b": "CANCELED",
    }


async def test_an_order_that_moved_to_a_page_already_read_is_found(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    for n in range(4):
        broker.set(f"o-{n}")
    broker.page_size = 2

    async def move_up(account: str) -> None:
        if len(broker.lists) == 2:
            broker.orders["ACC-1"] = {name: broker.orders["ACC-1"][name] for name in ("o-2", "o-0", "o-1", "o-3")}

    broker.before_list = move_up

    await read_list(client, "ACC-1", CLOCK, taken, expected=lambda: [f"o-{n}" for n in range(4)])

    assert set(taken) == {f"o-{n}" for n in range(4)}
    assert len(broker.lists) == 4


async def test_an_order_that_is_gone_is_looked_for_once_more_and_no_longer(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    for n in range(4):
        broker.set(f"o-{n}")
    broker.page_size = 2

    await read_list(client, "ACC-1", CLOCK, taken, expected=lambda: ["gone"])

    assert "gone" not in taken
    assert len(broker.lists) == 4


async def test_each_report_says_when_its_own_page_was_asked_for(
    broker: FeedBroker, client: Client, taken: Taken
) -> None:
    broker.set("a")
    broker.set("b")
    broker.page_size = 1
    before = CLOCK.now()

    listing = await read_list(client, "ACC-1", CLOCK, taken)

    first, second = taken["a"], taken["b"]
    assert first.requested is not None
    assert second.requested is not None
    assert before.mono <= listing.requested.mono <= first.requested.mono <= first.received.mono
    assert first.received.mono <= second.requested.mono <= second.received.mono == listing.received.mono
    assert {first.source, second.source} == {Source.LIST}


async def test_an_order_that_cannot_be_read_leaves_the_others(broker: FeedBroker, client: Client, taken: Taken) -> None:
    broker.set("a")
    broker.set("b", qty="a lot")

    listing = await read_list(client, "ACC-1", CLOCK, taken)

    assert set(taken) == {"a"}
    assert [record.cl_ord_id for record in listing.unreadable] == ["b"]


@pytest.mark.parametrize(("bad", "good", "mostly"), [(6, 4, True), (5, 5, False), (9, 0, False), (10, 0, True)])
async def test_a_list_that_is_hardly_orders_is_known(
    broker: FeedBroker, client: Client, taken: Taken, bad: int, good: int, mostly: bool
) -> None:
    for n in range(bad):
        broker.set(f"bad-{n}", qty="a lot")
    for n in range(good):
        broker.set(f"good-{n}")

    listing = await read_list(client, "ACC-1", CLOCK, taken)

    assert listing.mostly_unreadable is mostly


async def test_half_a_list_is_none(broker: FeedBroker, client: Client, taken: Taken) -> None:
    for n in range(4):
        broker.set(f"o-{n}")
    broker.page_size = 2

    async def refuse_the_second(account: str) -> None:
        if len(broker.lists) == 2:
            broker.refusals["ACC-1"] = Refusal(403, '{"error":"no more for you"}')

    broker.before_list = refuse_the_second

    with pytest.raises(Forbidden):
        await read_list(client, "ACC-1", CLOCK, taken)


async def test_each_page_is_handed_on_before_the_next_is_asked_for(broker: FeedBroker, client: Client) -> None:
    for n in range(3):
        broker.set(f"o-{n}")
    broker.page_size = 1
    handed_on: list[tuple[list[str], int]] = []

    async def take(listing: Listing, reports: Sequence[Report]) -> None:
        handed_on.append(([report.cl_ord_id for report in reports], len(broker.lists)))

    await read_list(client, "ACC-1", CLOCK, take)

    assert handed_on == [(["o-0"], 1), (["o-1"], 2), (["o-2"], 3)]


async def test_a_page_is_handed_on_in_slices(broker: FeedBroker, client: Client) -> None:
    for n in range(2 * SLICE + 1):
        broker.set(f"o-{n}")
    sizes: list[int] = []

    async def take(listing: Listing, reports: Sequence[Report]) -> None:
        sizes.append(len(reports))

    await read_list(client, "ACC-1", CLOCK, take)

    assert sizes == [SLICE, SLICE, 1]
