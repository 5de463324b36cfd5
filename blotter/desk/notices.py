"""Which news of an order is worth a line in the panel, and how loud.

A first sight of an order is none, and neither is a fill in parts that nobody tried to stop: a busy market would push
the broker's answer to a cancel off a panel of three lines.
"""

from __future__ import annotations

from datetime import datetime

from blotter.core.cancel import CancelState
from blotter.core.notice import Notice, Severity
from blotter.core.row import Change, Row
from blotter.core.status import OrdStatus, is_finished
from blotter.desk import sentences

_OPEN = (CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN, CancelState.UNCONFIRMED)
_ASKED = (*_OPEN, CancelState.CONFIRMED, CancelState.MOOT, CancelState.REJECTED)


def about(row: Row, at: datetime, severity: Severity, text: str, broker_text: str = "") -> Notice:
    return Notice(at, severity, text, broker_text, row.key, row.tag)


def of_change(change: Change, at: datetime, *, awaited: bool) -> Notice | None:
    """What to say of something that the stream or a read brought; ``None`` when nothing.

    ``awaited``: a cancel of this order has no outcome yet, so the read that brings its fills is news.
    """
    before, row = change.before, change.after
    if before is None:
        return None
    order = row.order
    if before.key != row.key:
        return about(row, at, Severity.INFO, sentences.replaced(row))
    if is_finished(order) and row.needs_read:
        return None
    ends = is_finished(order) and not is_finished(before.order)
    if ends or (awaited and is_finished(order) and before.needs_read):
        return about(row, at, _severity(row), sentences.ended(before, row), order.text or order.ord_rej_reason)
    if row.cancel is CancelState.REJECTED and before.cancel in _OPEN:
        return about(row, at, Severity.ALERT, sentences.refused_later(), row.cancel_text or order.text)
    if row.cancel in _OPEN and order.cum_qty > before.order.cum_qty:
        return about(row, at, Severity.WARN, sentences.filled_meanwhile(order))
    return None


def _severity(row: Row) -> Severity:
    """A fill in place of a cancel is an alert: the trader now holds what he meant not to."""
    status = row.order.ord_status
    if status == OrdStatus.FILLED:
        return Severity.ALERT if row.cancel in _ASKED else Severity.INFO
    if status == OrdStatus.CANCELED:
        return Severity.INFO if row.cancel in _ASKED else Severity.WARN
    return Severity.WARN
