"""What a list of orders costs in memory, side by side: ``python -m tests.benchmarks.memory``.

Ratios count, bytes differ between versions of Python. Against the book with words held once stands the same book with
every text its own; against a list taken in page by page one that is kept until its last page. Both are read from the
same pages, as the practice broker writes them.
"""

from __future__ import annotations

import asyncio
import gc
import json
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import cast

from blotter.broker.wire.json import read
from blotter.broker.wire.orders import Read
from blotter.broker.wire.pages import Page, read_page
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.instant import Instant
from blotter.core.order import OrderFields
from blotter.desk.feed.lister import PAGE
from blotter.paper.clock import BrokerClock
from blotter.paper.exchange import Exchange
from blotter.paper.settings import PaperSettings

ACCOUNT = "PAPER-1"


def pages_of(orders: int) -> tuple[list[str], int]:
    """Pages as JSON text, and how many orders are in them."""
    exchange = Exchange(PaperSettings(orders, rate=0, accounts=1), BrokerClock())
    records = [order.record() for order in exchange.active(ACCOUNT, 10**9, 0).orders]
    parts = (records[start : start + PAGE] for start in range(0, len(records), PAGE))
    return [json.dumps({"orders": part, "nextCursor": 0}) for part in parts], len(records)


async def page_of(text: str) -> Page:
    return await read_page(read(text), ACCOUNT)


def each_its_own(name: str, fields: OrderFields) -> Read:
    """The same order with every text an object of its own."""
    own = {key: value.encode().decode() if isinstance(value, str) else value for key, value in fields.items()}
    return name, cast(OrderFields, own)


def take(book: Book, reads: list[Read], now: Instant) -> None:
    for name, fields in reads:
        book.apply(Report(ACCOUNT, name, fields, Source.LIST, now, now))


async def by_page(book: Book, pages: list[str], now: Instant) -> None:
    for text in pages:
        take(book, list((await page_of(text)).orders), now)


async def by_page_unshared(book: Book, pages: list[str], now: Instant) -> None:
    for text in pages:
        take(book, [each_its_own(*found) for found in (await page_of(text)).orders], now)


async def by_list(book: Book, pages: list[str], now: Instant) -> None:
    kept = [found for text in pages for found in (await page_of(text)).orders]
    take(book, kept, now)


Way = Callable[[Book, list[str], Instant], Awaitable[None]]


async def measure(way: Way, pages: list[str], count: int) -> tuple[float, float]:
    """Bytes for each order: in the book, and on top of it while the same list is read again."""
    gc.collect()
    tracemalloc.start()
    book, now = Book(), Instant(datetime.now(UTC), time.monotonic())
    await way(book, pages, now)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    await way(book, pages, Instant(datetime.now(UTC), time.monotonic()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / count, (peak - held) / count


async def compare() -> None:
    print(f"{'orders':>6}   bytes held: shared, own       bytes while read again: by page, whole")  # noqa: T201
    # The caches of words, numbers and times, which do not grow beyond a bound, belong to no list.
    await by_page(Book(), pages_of(1_000)[0], Instant(datetime.now(UTC), time.monotonic()))
    for orders in (1_000, 5_000, 10_000):
        pages, count = pages_of(orders)
        shared, paged = await measure(by_page, pages, count)
        own, _ = await measure(by_page_unshared, pages, count)
        _, whole = await measure(by_list, pages, count)
        print(  # noqa: T201
            f"{count:>6} {shared:>17.0f} {own:>6.0f} 1/{own / shared:<4.1f}"
            f" {paged:>24.0f} {whole:>6.0f} 1/{whole / paged:<4.1f}"
        )


if __name__ == "__main__":
    asyncio.run(compare())
