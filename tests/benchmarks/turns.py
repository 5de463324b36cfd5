"""How long the desk's loop is held at a time, side by side: ``python -m tests.benchmarks.turns``.

Ratios count, milliseconds do not: the same lists are taken apart, and the same news applied, in one go and as the desk
does it. What counts is the longest time between two turns of something else, which a cancel would have waited; what all
of it took stands beside it. Processor time, as a machine that does other things adds to every other.
"""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from blotter.broker.wire.json import read
from blotter.broker.wire.orders import Read
from blotter.broker.wire.pieces import read_in_pieces
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Change
from blotter.core.instant import Instant
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.gap import Gap
from blotter.desk.feed.inbox import Inbox
from blotter.desk.feed.lister import SLICE
from tests.benchmarks.memory import ACCOUNT, page_of, pages_of

ROUNDS = 5

Work = Callable[[], Coroutine[Any, Any, object]]


async def held(work: Work) -> tuple[float, float]:
    """The longest wait for a turn beside the work, and the time for all of it, in seconds."""
    running = asyncio.create_task(work())
    begun = last = time.thread_time()
    longest = 0.0
    while not running.done():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, last = max(longest, now - last), now
    return longest, last - begun


async def best(work: Work) -> tuple[float, float]:
    """Of some rounds, as whatever else the machine does only adds to it."""
    rounds = []
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()
        rounds.append(await held(work))
        gc.enable()
    longest, whole = zip(*rounds, strict=True)
    return min(longest), min(whole)


def apart(text: str) -> tuple[Work, Work]:
    async def at_once() -> object:
        return read(text)

    return at_once, lambda: read_in_pieces(text)


def applied(found: Iterable[Read]) -> tuple[Work, Work]:
    now = Instant(datetime.now(UTC), time.monotonic())
    news = [Report(ACCOUNT, name, fields, Source.STREAM, now) for name, fields in found]

    # Held until both are measured: taking them down takes its time, too.
    books: list[Book] = []

    async def at_once() -> None:
        books.append(book := Book())
        for report in news:
            book.apply(report)

    async def let_go() -> None:
        books.append(book := Book())

        def take(reports: Sequence[Report]) -> None:
            for report in reports:
                book.apply(report)

        inbox = Inbox(take)
        inbox.hold()
        await inbox.put(news)
        inbox.let_go()
        await inbox.emptied()

    return at_once, let_go


def missed(found: Sequence[Read]) -> tuple[Work, Work]:
    """Every second order was canceled in a gap: what the lists brought, and the notice at its end."""
    now = Instant(datetime.now(UTC), time.monotonic())
    book = Book()
    for name, fields in found:
        book.apply(Report(ACCOUNT, name, fields, Source.LIST, now, now))
    changes = [Change(row, row) for row in book.rows()]
    changes[::2] = [
        Change(row, replace(row, order=replace(row.order, ord_status="CANCELED"))) for row in list(book.rows())[::2]
    ]

    def tell(differences: Differences) -> None:
        gap = Gap(now, "the connection was lost")
        gap.wait_for([ACCOUNT])
        gap.in_step(ACCOUNT, differences)
        gap.notice(now)

    async def at_once() -> None:
        differences = Differences()
        differences.add(changes)
        tell(differences)

    async def in_slices() -> None:
        differences = Differences()
        for start in range(0, len(changes), SLICE):
            differences.add(changes[start : start + SLICE])
            await asyncio.sleep(0)
        tell(differences.take())

    return at_once, in_slices


async def compare() -> None:
    print(f"{'':>28}   longest ms: desk, at once     all ms: desk, at once")  # noqa: T201
    page = pages_of(500)[0][0]
    every = [record for text in pages_of(10_000)[0] for record in json.loads(text)["orders"]]
    listed = json.dumps({"orders": every, "nextCursor": 0})
    orders = (await page_of(listed)).orders
    pairs = {
        "a page of 500, taken apart": apart(page),
        f"one of {len(every):,}": apart(listed),
        f"{len(every):,} held reports, let go": applied(orders),
        f"{len(every) // 2:,} changed in a gap, told": missed(orders),
    }
    for name, (at_once, desk) in pairs.items():
        (ours, ours_all), (theirs, theirs_all) = await best(desk), await best(at_once)
        figures = [(1000 * mine, 1000 * usual) for mine, usual in ((ours, theirs), (ours_all, theirs_all))]
        sides = "     ".join(f"{mine:8.1f} {usual:8.1f} 1/{usual / mine:<5.1f}" for mine, usual in figures)
        print(f"{name:>28} {sides}")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(compare())
