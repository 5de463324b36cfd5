"""How long garbage collection stops the desk, side by side: ``python -m tests.benchmarks.pauses``.

Ratios count, milliseconds do not: the same lists are read again and again with the interpreter's own thresholds and
with those that a running desk sets. Every order changes between two lists, which is more than any market does. A full
collection still comes with either; with ours it comes once where it came ten times and more.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal

# What a screen loads lives beside the desk, and is looked at with everything else.
import blotter.ui.app  # noqa: F401
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.instant import Instant
from blotter.desk.garbage import seldom_collected
from tests.benchmarks.memory import ACCOUNT, page_of, pages_of

LISTS = 10


@contextmanager
def pauses() -> Iterator[list[float]]:
    """The seconds of each collection within the block."""
    found: list[float] = []
    begun = 0.0

    def note(phase: str, _: dict[str, int]) -> None:
        nonlocal begun
        if phase == "start":
            begun = time.perf_counter()
        else:
            found.append(time.perf_counter() - begun)

    gc.callbacks.append(note)
    try:
        yield found
    finally:
        gc.callbacks.remove(note)


async def read_lists(pages: list[str], collected: AbstractContextManager[None]) -> list[float]:
    """The pauses while a book is filled and then read anew ``LISTS`` times."""
    gc.collect()
    book = Book()
    with collected, pauses() as found:
        for number in range(LISTS):
            for text in pages:
                now = Instant(datetime.now(UTC), time.monotonic())
                for name, fields in (await page_of(text)).orders:
                    fields["price"] = Decimal(number)
                    book.apply(Report(ACCOUNT, name, fields, Source.LIST, now, now))
    return found


async def compare() -> None:
    print(f"{'orders':>6}   ms in all: desk, usual        longest ms: desk, usual")  # noqa: T201
    for orders in (1_000, 3_000, 9_000):
        pages, count = pages_of(orders)
        usual = await read_lists(pages, nullcontext())
        ours = await read_lists(pages, seldom_collected())
        figures = [(1000 * of(ours), 1000 * of(usual)) for of in (sum, lambda found: max(found, default=0.0))]
        sides = "     ".join(
            f"{mine:9.1f} {theirs:8.1f} 1/{theirs / max(mine, 0.001):<4.1f}" for mine, theirs in figures
        )
        print(f"{count:>6} {sides}")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(compare())
