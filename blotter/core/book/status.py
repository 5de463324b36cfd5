"""What an order's status means, the code that stands for it on the screen, and whether the cancel key may act."""

from __future__ import annotations

from enum import StrEnum

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.core.text import show


class OrdStatus(StrEnum):
    """The broker's statuses. A status that is not here is kept and shown as it is."""

    PENDING_NEW = "PENDING_NEW"
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    PENDING_REPLACE = "PENDING_REPLACE"
    PENDING_CANCEL = "PENDING_CANCEL"
    ACCEPTED_FOR_BID = "ACCEPTED_FOR_BID"
    SUSPENDED = "SUSPENDED"
    STOPPED = "STOPPED"
    DONE_FOR_DAY = "DONE_FOR_DAY"
    CALCULATED = "CALCULATED"
    REPLACED = "REPLACED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"


FINISHED: frozenset[str] = frozenset(
    {
        OrdStatus.REPLACED,
        OrdStatus.FILLED,
        OrdStatus.CANCELED,
        OrdStatus.REJECTED,
        OrdStatus.EXPIRED,
        OrdStatus.SUPERSEDED,
    }
)
"""An order in one of these trades no more under its id."""

WORKING: frozenset[str] = frozenset(OrdStatus) - FINISHED
"""An order in one of these may still trade. So may one whose status is absent or unknown."""

KNOWN: frozenset[str] = frozenset(OrdStatus)

CANCELABLE: frozenset[str] = WORKING - {OrdStatus.PENDING_CANCEL, OrdStatus.CALCULATED}

LONG_PENDING = 30.0
"""Seconds after which a pending cancel may be asked again, by override."""

_CODES: dict[str, str] = {
    OrdStatus.PENDING_NEW: "PEND",
    OrdStatus.NEW: "NEW",
    OrdStatus.PARTIALLY_FILLED: "PART",
    OrdStatus.PENDING_REPLACE: "RPL?",
    OrdStatus.PENDING_CANCEL: "CXL?",
    OrdStatus.ACCEPTED_FOR_BID: "BID",
    OrdStatus.SUSPENDED: "SUSP",
    OrdStatus.STOPPED: "STOP",
    OrdStatus.DONE_FOR_DAY: "DFD",
    OrdStatus.CALCULATED: "CALC",
    OrdStatus.REPLACED: "RPLD",
    OrdStatus.FILLED: "FILL",
    OrdStatus.CANCELED: "CXLD",
    OrdStatus.REJECTED: "REJ",
    OrdStatus.EXPIRED: "EXP",
    OrdStatus.SUPERSEDED: "RPLD",
}

_CANCEL_CODES: dict[CancelState, str] = {
    CancelState.SENT: "CXL>",
    CancelState.PENDING: "CXL?",
    CancelState.UNKNOWN: "CXL??",
    CancelState.UNCONFIRMED: "CXL??",
    CancelState.REJECTED: "CXL!",
}

_ENDS = frozenset({CancelState.CONFIRMED, CancelState.MOOT})
"""What they say depends on how the order ended: a late fill can follow a cancel, a new order one that was replaced."""

_CANCEL_WORDS: dict[CancelState, str] = {
    CancelState.SENT: "our cancel is on the wire, not answered",
    CancelState.PENDING: "cancel pending, can still fill",
    CancelState.CONFIRMED: "canceled while our request was open",
    CancelState.REJECTED: "cancel refused",
    CancelState.MOOT: "ended before our cancel took effect",
    CancelState.UNCONFIRMED: "our cancel is unconfirmed, reads still show the order",
    CancelState.UNKNOWN: "outcome of our cancel unknown, being settled",
    CancelState.NOT_SENT: "our cancel was not sent",
}


def is_finished(order: Order) -> bool:
    """Whether the broker reported an end. An unknown status never is one."""
    return order.ord_status in FINISHED


def code(row: Row) -> str:
    """The status code of the house, at most 6 cells: the order's status and our cancel in one word."""
    status = row.order.ord_status
    if status == OrdStatus.FILLED and row.cancel not in (CancelState.NONE, CancelState.NOT_SENT):
        return "FILL!"
    if status in FINISHED:
        return _CODES[status]
    if status == OrdStatus.PENDING_CANCEL and row.cancel == CancelState.REJECTED:
        return "CXL?"
    if row.cancel in _CANCEL_CODES:
        return _CANCEL_CODES[row.cancel]
    return _CODES.get(status) or "?" + show(status[:4])[:4].upper()


def words(row: Row) -> str:
    """The status in full FIX words, with what became of our cancel. Shown text."""
    status = row.order.ord_status
    told = show(status) or "status not reported"
    if status and status not in _CODES:
        told += " (not known to this version)"
    elif status == OrdStatus.PENDING_CANCEL and row.cancel not in _CANCEL_CODES:
        told += ": cancel asked, can still fill"
    cancel = row.cancel
    if cancel in _ENDS:
        if status not in FINISHED:
            return told
        cancel = CancelState.CONFIRMED if status == OrdStatus.CANCELED else CancelState.MOOT
    return f"{told}: {_CANCEL_WORDS[cancel]}" if cancel in _CANCEL_WORDS else told


def why_not_cancel(row: Row, now: Instant) -> str | None:
    """Why the cancel key may not act on this row, as a sentence; ``None`` when it may."""
    order, status = row.order, row.order.ord_status
    seconds = int(now.since(row.cancel_at or row.changed or row.reported))
    if status in FINISHED:
        return f"order is {status}"
    if row.cancel == CancelState.SENT:
        return f"cancel sent {seconds} s ago, not answered yet{_asked_by(row)}"
    if row.cancel == CancelState.UNKNOWN:
        return f"the outcome of the cancel is unknown since {seconds} s{_asked_by(row)}"
    if row.cancel == CancelState.PENDING or status == OrdStatus.PENDING_CANCEL:
        return f"already pending cancel since {int(now.since(_pending_since(row)))} s{_asked_by(row)}"
    if not status:
        return "the broker has not said what state the order is in"
    if status not in CANCELABLE:
        return f"order is {status}" if status in WORKING else f"status {show(status)} is not known to this version"
    if order.cum_qty >= order.qty > 0:
        return "nothing is left to cancel"
    if not order.symbol:
        return "the order's symbol is not known yet"
    return _unfit_id(order)


def may_override(row: Row, now: Instant) -> bool:
    """Whether typing the order's tag may overrule :func:`why_not_cancel`."""
    if row.order.ord_status in FINISHED or row.cancel == CancelState.SENT or not row.order.symbol:
        return False
    if row.cancel == CancelState.PENDING or row.order.ord_status == OrdStatus.PENDING_CANCEL:
        return now.since(_pending_since(row)) > LONG_PENDING
    return True


def _pending_since(row: Row) -> Instant:
    ours = row.cancel_at if row.cancel == CancelState.PENDING else None
    return ours or row.changed or row.reported


def _asked_by(row: Row) -> str:
    return next((f"; {ask.by} asked for it" for ask in row.asks if ask.intent == row.intent and ask.by), "")


def _unfit_id(order: Order) -> str | None:
    """Why a request would carry an identifier that cannot be vouched for on a screen."""
    for name, value, longest in (
        ("client order id", order.cl_ord_id, 100),
        ("account", order.account, 50),
        ("symbol", order.symbol, 21),
    ):
        if not (value.isascii() and value.isprintable() and 0 < len(value) <= longest):
            return f"the {name} is not plain printable ASCII of at most {longest} characters"
    return None


def legend() -> tuple[tuple[str, str], ...]:
    """Every code with its meaning, in the order of the help screen."""
    return (
        ("PEND", "PENDING_NEW"),
        ("NEW", "NEW"),
        ("PART", "PARTIALLY_FILLED"),
        ("FILL", "FILLED"),
        ("RPL?", "PENDING_REPLACE"),
        ("RPLD", "REPLACED"),
        ("CXL>", "our cancel is on the wire, not answered"),
        ("CXL?", "PENDING_CANCEL: asked, can still fill"),
        ("CXL??", "outcome of our cancel not known: the order is read until it is; can still fill"),
        ("CXL!", "cancel refused, the order still works"),
        ("CXLD", "CANCELED"),
        ("FILL!", "filled although a cancel was asked"),
        ("SUSP", "SUSPENDED"),
        ("STOP", "STOPPED"),
        ("DFD", "DONE_FOR_DAY"),
        ("CALC", "CALCULATED"),
        ("BID", "ACCEPTED_FOR_BID"),
        ("REJ", "REJECTED"),
        ("EXP", "EXPIRED"),
        ("?XXXX", "a status this version does not know, first letters shown"),
    )
