"""Is a confirmed wish still about the order that was read? Asked before the intent, and again before sending."""

from __future__ import annotations

from blotter.core.asking.confirmation import another_order
from blotter.core.asking.override import why_tag
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished, why_not_cancel
from blotter.core.instant import Instant
from blotter.core.text import show


def unfit(book: Book, request: CancelRequest, now: Instant) -> str | None:
    """Why the order is not the one, or not in the state, that was confirmed; ``None`` when it is."""
    row = book.row(request.key)
    if row is None:
        return _gone(book, request)
    return _barred(row, request, now) or another_order(request.order, row.order)


def _barred(row: Row, request: CancelRequest, now: Instant) -> str | None:
    """A typed tag overrules what the tag is asked for, whatever the reason has become since it was read. That nothing
    can be put on record overrules nothing of that.
    """
    if request.override and why_tag(row, now):
        return None
    return why_not_cancel(row, now)


def no_longer(book: Book, request: CancelRequest) -> str | None:
    """The same for a request that was already sent once and provably not applied: its own state is no obstacle."""
    row = book.row(request.key)
    if row is None:
        return _gone(book, request)
    if is_finished(row.order):
        return f"order is {row.order.ord_status}"
    return another_order(request.order, row.order)


def _gone(book: Book, request: CancelRequest) -> str:
    current = book.current(request.key)
    if current != request.key:
        return f"the order was replaced, it is now {show(current.cl_ord_id)}"
    return "the order is not in the book"
