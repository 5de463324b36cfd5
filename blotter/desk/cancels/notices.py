"""Which news of an order is worth a line in the panel, and how loud.

A first sight of an order is none, and neither is a fill that nobody tried to stop: its row says so and stays, and a
busy market would push the broker's answer to a cancel off a panel of three lines.
"""

from __future__ import annotations

from datetime import datetime

from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Change, Row
from blotter.core.book.status import OrdStatus, is_finished
from blotter.core.notice import Notice, Severity
from blotter.desk.cancels import sentences

_OPEN = (CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN, CancelState.UNCONFIRMED)
_QUIET = (OrdStatus.FILLED, OrdStatus.REPLACED, OrdStatus.SUPERSEDED)
_ASKED = (*_OPEN, CancelState.CONFIRMED, CancelState.MOOT, CancelState.REJECTED)


def about(row: Row, at: datetime, severity: Severity, text: str, broker_text: str = "", alike: str = "") -> Notice:
    return Notice(at, severity, text, broker_text, row.key, row.tag, alike=alike)


def of_change(change: Change, at: datetime, *, unread: bool, quiet: bool = False) -> Notice | None:
    """What to say of something that the stream or a read brought; ``None`` when nothing.

    ``unread``: the answer to our cancel said that the order has ended, and the read that brings its fills is awaited.
    ``quiet``: somebody else tells what became of orders that no cancel of ours is about.
    """
    before, row = change.before, change.after
    if before is None:
        return None
    was, order = before.order, row.order
    quiet = quiet and not row.asks
    if quiet and (before.key != row.key or not is_finished(was)):
        return None
    if before.key != row.key:
        return about(row, at, Severity.INFO, sentences.replaced(row))
    if is_finished(was):
        return _after_the_end(before, row, at, unread)
    if is_finished(order):
        return None if _unremarkable(row) else _end(before, row, at)
    if refused := _refused_later(before, row):
        return about(row, at, Severity.ALERT, sentences.refused_later(), refused.text or order.text)
    if row.cancel in _OPEN and order.cum_qty > was.cum_qty:
        return about(row, at, Severity.WARN, sentences.filled_meanwhile(order))
    return None


def _after_the_end(before: Row, row: Row, at: datetime, unread: bool) -> Notice | None:
    """Fills that were still to be read complete the end; anything else after an end is an alert."""
    was, order = before.order, row.order
    if unread:
        return _end(before, row, at) if is_finished(order) and not row.needs_read else None
    if (was.ord_status, was.cum_qty) == (order.ord_status, order.cum_qty):
        return None
    return about(row, at, Severity.ALERT, sentences.revised(was, order), order.text, sentences.ALL_REVISED)


def _refused_later(before: Row, row: Row) -> Ask | None:
    """A cancel of ours that was open and is refused now, whatever became of others beside it."""
    was_open = {ask.intent for ask in before.asks if ask.state in _OPEN and ask.intent}
    return next((ask for ask in row.asks if ask.state is CancelState.REJECTED and ask.intent in was_open), None)


def _end(before: Row, row: Row, at: datetime) -> Notice:
    order = row.order
    alike = "" if row.asks else sentences.all_ended(order)
    return about(row, at, _severity(row), sentences.ended(before, row), order.text or order.ord_rej_reason, alike)


def _unremarkable(row: Row) -> bool:
    """A fill, or a replace whose new order tells of it, that no cancel of ours tried to prevent."""
    return row.cancel not in _ASKED and row.order.ord_status in _QUIET


def _severity(row: Row) -> Severity:
    """A fill in place of a cancel is an alert: the trader now holds what he meant not to."""
    status, asked = row.order.ord_status, row.cancel in _ASKED
    if status == OrdStatus.FILLED:
        return Severity.ALERT
    if status == OrdStatus.CANCELED:
        return Severity.INFO if asked else Severity.WARN
    return Severity.INFO if status == OrdStatus.EXPIRED and not asked else Severity.WARN
