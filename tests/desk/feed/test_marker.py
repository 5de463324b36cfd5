from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Change
from blotter.core.instant import Instant
from blotter.desk.feed.marker import Marker


def at(seconds: float) -> Instant:
    return Instant(datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(seconds=seconds), seconds)


def book_of(count: int) -> Book:
    book = Book()
    for number in range(count):
        book.apply(Report("ACC-1", f"o{number}", {"ord_status": "NEW"}, Source.STREAM, at(1)))
    return book


def stale(book: Book) -> int:
    return sum(row.stale_since is not None for row in book.rows())


async def test_many_rows_are_marked_a_slice_at_a_time_and_the_loop_turns_between() -> None:
    book, said, turns = book_of(1000), list[tuple[Change, ...]](), 0
    marker = Marker(book, "ACC-1", said.append)
    running = asyncio.create_task(marker.run())

    marker.mark(at(2))
    assert 0 < stale(book) < 1000
    while stale(book) < 1000:
        await asyncio.sleep(0)
        turns += 1

    assert turns >= 4
    assert max(map(len, said)) <= 50
    assert sum(map(len, said)) == 1000
    running.cancel()


async def test_the_last_word_counts() -> None:
    book = book_of(1000)
    marker = Marker(book, "ACC-1", lambda changes: None)

    marker.mark(at(2))
    marker.mark(None)
    await marker.done()

    assert stale(book) == 0


async def test_an_order_that_comes_while_rows_are_marked_is_stale_from_its_beginning() -> None:
    book = book_of(1000)
    marker = Marker(book, "ACC-1", lambda changes: None)

    marker.mark(at(2))
    book.apply(Report("ACC-1", "late", {"ord_status": "NEW"}, Source.STREAM, at(3)))
    await marker.done()

    assert stale(book) == 1001
