"""One account's list of orders, read to the end of its paging.

The contract says: send back each cursor until it is 0. It does not say that a page is full, that cursors differ, or
that rows keep still while orders change. So the cursor alone ends the list, a cursor that comes again ends it too (and
the list counts as cut short), an order that shows on two pages is taken once, and when orders that ought to be there
are missing from a list of several pages, the pages are read once more: they may have moved to a page already read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from blotter.broker.client import Client
from blotter.broker.errors import Ask
from blotter.broker.errors import Unreadable as Unfit
from blotter.broker.wire.orders import Read, Unreadable, id_of
from blotter.broker.wire.pages import Page
from blotter.broker.wire.unknown import UnknownFields
from blotter.core.book.book import MOST_ROWS
from blotter.core.book.report import Report, Source
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.order import OrderFields

PAGE = 500
"""Rows asked for at a time: the most that the broker gives, and what fits a slice of the loop."""

SLICE = 25
"""Reports handed on at a time before the loop gets its turn: a cancel must not wait for a list of 10,000 orders. Each
can change its row, what is told of it, and the cancels that wait for it.
"""

_NAMES = 1_000

MOST_PAGES = 2000
"""A broker that never ends its paging is stopped here."""

MOST_ORDERS = MOST_ROWS
"""A list that goes on after these is refused: no trader has so many, and a part of a list is no list."""


@dataclass(slots=True)
class Listing:
    """What the pages said. ``requested`` is when the first of them was asked for, ``received`` when the last came.

    ``written`` has every order that they named, by its client order id, with when the broker wrote the newest copy.
    ``cut_short``: the paging did not come to a proper end, so orders may be missing. ``mostly_unreadable``: after some
    page, over half of ten rows or more were: more likely a changed format or a broken proxy than broken orders.
    ``unknown`` counts the fields that this version does not know.
    """

    requested: Instant
    received: Instant
    written: dict[str, datetime | None] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    cut_short: bool = False
    mostly_unreadable: bool = False
    unknown: UnknownFields = field(default_factory=UnknownFields)

    @property
    def rows(self) -> int:
        """How many records there were, read or not."""
        return len(self.written) + len(self.unreadable)

    def add(self, page: Page) -> list[Read]:
        """Count a page in; gives those of its orders that are the newest copies so far."""
        newest = [read for read in page.orders if self._is_newest(*read)]
        self.unreadable.extend(page.unreadable)
        self.unknown.add(page.unknown)
        # Once and for all, for what was held back since is not in the book.
        self.mostly_unreadable |= self.rows >= 10 and 2 * len(self.unreadable) > self.rows
        return newest

    def _is_newest(self, cl_ord_id: str, fields: OrderFields) -> bool:
        """Of two copies of an order the later written one counts; where the broker does not say, the one read later."""
        before, written = self.written.get(cl_ord_id), fields.get("updated_at")
        if before and written and before > written:
            return False
        self.written[cl_ord_id] = written
        return True


Take = Callable[[Listing, Sequence[Report]], Awaitable[None]]
"""Is given the reports of each page as it comes, a slice at a time, and the list as far as it was read."""


async def read_list(
    client: Client,
    account: str,
    clock: Clock,
    take: Take,
    expected: Callable[[], Iterable[str]] = tuple,
    limit: int = PAGE,
    kept: dict[str, object] | None = None,
) -> Listing:
    """Read all pages; ``expected`` gives the client order ids that a complete list would hold. Where ``kept`` is given,
    it gets the record behind each report as it came, by client order id.

    ``take`` is given a page's reports before the next page is asked for, so that a list of any length costs the memory
    of one page. Each carries the request time of its own page, as only that says what it can be newer than, and is as
    true as if the list had been one page long.

    Raises :class:`~blotter.broker.errors.BrokerError` when any page cannot be had: half a list is none, whatever can be
    believed of the orders in it.
    """
    now = clock.now()
    listing = Listing(requested=now, received=now)
    pages = await _read_pages(client, account, clock, listing, take, limit, kept)
    if listing.cut_short or (pages > 1 and await _lacks(listing, expected())):
        listing.cut_short = listing.mostly_unreadable = False
        listing.unreadable.clear()
        listing.unknown = UnknownFields()
        await _read_pages(client, account, clock, listing, take, limit, kept)
    return listing


async def _lacks(listing: Listing, names: Iterable[str]) -> bool:
    for count, name in enumerate(names, 1):
        if name not in listing.written:
            return True
        if count % _NAMES == 0:
            await asyncio.sleep(0)
    return False


async def _read_pages(
    client: Client,
    account: str,
    clock: Clock,
    listing: Listing,
    take: Take,
    limit: int,
    kept: dict[str, object] | None,
) -> int:
    cursor, seen = 0, {0}
    for count in range(1, MOST_PAGES + 1):
        requested = clock.now()
        page = await client.orders(account, cursor, limit)
        listing.received = clock.now()
        await asyncio.sleep(0)
        newest = listing.add(page)
        for start in range(0, len(newest), SLICE):
            part = newest[start : start + SLICE]
            await take(listing, [Report(account, *read, Source.LIST, listing.received, requested) for read in part])
            await asyncio.sleep(0)
        if listing.rows > MOST_ORDERS:
            raise Unfit(Ask.ORDERS, f"it holds too many orders, more than {MOST_ORDERS:,}", status=200)
        if kept is not None:
            names = {name for name, _ in newest}
            kept.update((name, record) for record in page.records if (name := id_of(record)) in names)
        cursor = page.next_cursor
        if cursor == 0:
            return count
        if cursor in seen:
            break
        seen.add(cursor)
    listing.cut_short = True
    return len(seen)
