"""News waits its turn: nothing overtakes anything, whatever happens to the stream while it is let go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from blotter.core.book.report import Report, Source
from blotter.core.instant import Instant
from blotter.desk.feed.inbox import MOST_HELD, Inbox
from blotter.desk.feed.lister import SLICE

MANY = 20 * SLICE


def at(seconds: float) -> Instant:
    return Instant(datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(seconds=seconds), seconds)


def news(numbers: Iterable[int], seconds: float = 1.0) -> list[Report]:
    return [Report("ACC-1", f"o-{number}", {"ord_status": "NEW"}, Source.STREAM, at(seconds)) for number in numbers]


class Applied:
    """What reached the book, and in which slices. ``then`` is called once, after the third of them."""

    def __init__(self) -> None:
        self.slices: list[list[str]] = []
        self.then: Callable[[], object] = lambda: None

    def __call__(self, reports: Sequence[Report]) -> None:
        self.slices.append([report.cl_ord_id for report in reports])
        if len(self.slices) == 3:
            self.then()

    def __iter__(self) -> Iterator[str]:
        return (name for part in self.slices for name in part)

    def __len__(self) -> int:
        return sum(map(len, self.slices))


@pytest.fixture
def applied() -> Applied:
    return Applied()


@pytest.fixture
async def inbox(applied: Applied) -> AsyncIterator[Inbox]:
    """One that somebody runs."""
    made = Inbox(applied)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def reached(applied: Applied, count: int) -> int:
    """Wait until so many reports were applied; gives the turns that the loop had meanwhile."""
    turns = 0
    while len(applied) < count:
        await asyncio.sleep(0)
        turns += 1
        assert turns < 10_000, "never happened"
    return turns


async def test_what_is_not_held_is_applied_when_it_was_taken_in(inbox: Inbox, applied: Applied) -> None:
    await inbox.put(news(range(3)))

    assert list(applied) == ["o-0", "o-1", "o-2"]


async def test_what_is_let_go_is_applied_a_slice_at_a_time_and_the_loop_turns_between(
    inbox: Inbox, applied: Applied
) -> None:
    inbox.hold()
    await inbox.put(news(range(MANY)))
    assert len(applied) == 0

    inbox.let_go()
    turns = await reached(applied, MANY)

    assert turns >= MANY // SLICE - 1
    assert max(map(len, applied.slices)) == SLICE


async def test_news_that_comes_while_held_news_is_let_go_stands_behind_it(inbox: Inbox, applied: Applied) -> None:
    inbox.hold()
    await inbox.put(news(range(MANY)))

    inbox.let_go()
    await reached(applied, SLICE)
    await inbox.put(news(range(MANY, MANY + 3)))

    assert list(applied) == [f"o-{number}" for number in range(MANY + 3)]


async def test_the_news_of_the_next_stream_is_held_though_that_of_the_last_one_is_still_on_its_way(
    inbox: Inbox, applied: Applied
) -> None:
    inbox.hold()
    await inbox.put(news(range(MANY)))
    inbox.let_go()
    await reached(applied, SLICE)

    inbox.hold()
    await inbox.put(news(range(MANY, 2 * MANY)))
    await reached(applied, MANY)
    for _ in range(10):
        await asyncio.sleep(0)
    assert list(applied) == [f"o-{number}" for number in range(MANY)]

    inbox.let_go()
    await inbox.emptied()
    assert list(applied) == [f"o-{number}" for number in range(2 * MANY)]


async def test_a_stream_that_ends_in_the_middle_of_a_long_message_leaves_nothing_of_it_behind(
    inbox: Inbox, applied: Applied
) -> None:
    reading = asyncio.create_task(inbox.put(news(range(MANY))))
    applied.then = reading.cancel

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert len(applied) < MANY

    await reached(applied, MANY)
    assert list(applied) == [f"o-{number}" for number in range(MANY)]


async def test_what_was_applied_when_everything_is_ended_is_a_beginning_of_what_was_said(applied: Applied) -> None:
    inbox = Inbox(applied)
    running = asyncio.create_task(inbox.run())
    applied.then = running.cancel
    inbox.hold()
    await inbox.put(news(range(MANY)))

    inbox.let_go()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert list(applied) == [f"o-{number}" for number in range(3 * SLICE)]


async def test_what_came_before_a_page_was_asked_for_does_not_wait_for_it(inbox: Inbox, applied: Applied) -> None:
    inbox.hold()
    await inbox.put(news(range(2), seconds=1.0))
    await inbox.put(news(range(2, 4), seconds=2.0))
    await inbox.put(news(range(4, 6), seconds=3.0))

    inbox.let_go(before=at(2.5))
    await inbox.emptied()

    assert list(applied) == ["o-0", "o-1", "o-2", "o-3"]
    assert inbox.holding


async def test_more_than_can_be_held_is_applied_in_its_order(inbox: Inbox, applied: Applied) -> None:
    inbox.hold()
    await inbox.put(news(range(MOST_HELD)))
    assert len(applied) == 0

    await inbox.put(news([MOST_HELD]))

    assert list(applied) == [f"o-{number}" for number in range(MOST_HELD + 1)]
    assert not inbox.holding
