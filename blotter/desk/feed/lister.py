"""One account's list of orders, read to the end of its paging.

The contract says: send back each cursor until it is 0. It does not say that a page is full, that cursors differ, or
that rows keep still while orders change. So the cursor alone ends the list, a cursor that comes again ends it too (and
the list counts as cut short), an order that shows on two pages is taken once, and when orders that ought to be there
are missing from a list of several pages, the pages are read once more: they may have moved to a page already read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from blotter.broker.client import Client
from blotter.broker.errors import Ask
from blotter.broker.errors import Unreadable as Unfit
from blotter.broker.wire.orders import Unreadable, id_of
from blotter.broker.wire.pages import Page
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.report import Report, Source

PAGE = 500
"""Rows asked for at a time: the most that the broker gives, and what fits a slice of the loop."""

MOST_PAGES = 2000
"""A broker that never ends its paging is stopped here."""

MOST_ORDERS = 200_000
"""A list that goes on after these is refused: no trader has so many, and a part of a list is no list."""


@dataclass(slots=True)
class Listing:
    """What the pages said. ``requested`` is when the first of them was asked for, ``received`` when the last came.

    Each report carries the request time of its own page, as only that says what it can be newer than.
    ``cut_short``: the paging did not come to a proper end, so orders may be missing.
    """

    requested: Instant
    received: Instant
    reports: dict[str, Report] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    cut_short: bool = False

    @property
    def mostly_unreadable(self) -> bool:
        """Over half of ten rows or more: more likely a changed format or a broken proxy than broken orders."""
        rows = len(self.reports) + len(self.unreadable)
        return rows >= 10 and 2 * len(self.unreadable) > rows


async def read_list(
    client: Client,
    account: str,
    clock: Clock,
    expected: Callable[[], Iterable[str]] = tuple,
    limit: int = PAGE,
    kept: dict[str, object] | None = None,
) -> Listing:
    """Read all pages; ``expected`` gives the client order ids that a complete list would hold. Where ``kept`` is given,
    it gets the record behind each report as it came, by client order id.

    Raises :class:`~blotter.broker.errors.BrokerError` when any page cannot be had: half a list is none.
    """
    now = clock.now()
    listing = Listing(requested=now, received=now)
    pages = await _read_pages(client, account, clock, listing, limit, kept)
    if listing.cut_short or (pages > 1 and any(name not in listing.reports for name in expected())):
        listing.cut_short = False
        listing.unreadable.clear()
        await _read_pages(client, account, clock, listing, limit, kept)
    return listing


async def _read_pages(
    client: Client, account: str, clock: Clock, listing: Listing, limit: int, kept: dict[str, object] | None
) -> int:
    cursor, seen = 0, {0}
    for count in range(1, MOST_PAGES + 1):
        requested = clock.now()
        page = await client.orders(account, cursor, limit)
        listing.received = clock.now()
        for cl_ord_id, fields in page.orders:
            report = Report(account, cl_ord_id, fields, Source.LIST, listing.received, requested)
            listing.reports[cl_ord_id] = _newer(listing.reports.get(cl_ord_id), report)
        if kept is not None:
            kept.update(_records(page, listing, requested))
        listing.unreadable.extend(page.unreadable)
        if len(listing.reports) + len(listing.unreadable) > MOST_ORDERS:
            raise Unfit(Ask.ORDERS, f"it holds too many orders, more than {MOST_ORDERS:,}", status=200)
        if page.next_cursor == 0:
            return count
        if page.next_cursor in seen:
            break
        cursor = page.next_cursor
        seen.add(cursor)
        await asyncio.sleep(0)
    listing.cut_short = True
    return len(seen)


def _records(page: Page, listing: Listing, requested: Instant) -> Iterator[tuple[str, object]]:
    """The records of this page that are the newest copies of their orders."""
    for record in page.records:
        report = listing.reports.get(id_of(record))
        if report is not None and report.requested == requested:
            yield report.cl_ord_id, record


def _newer(one: Report | None, other: Report) -> Report:
    """Of two copies of an order the one that the broker wrote later; where it does not say, the one read later."""
    if one is None:
        return other
    written, rewritten = one.fields.get("updated_at"), other.fields.get("updated_at")
    return one if written and rewritten and written > rewritten else other
