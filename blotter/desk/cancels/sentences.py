"""What became of an order or a cancel, in one sentence of ours and a next step. Races read as what they were.

No broker text is quoted here: it stands beside the sentence, raw, until ``show`` takes it to a screen.

A line of the panel has some 56 cells for a sentence on a terminal of 80: what it must not lose stands before that, and
what to do next before what is only explanation.
"""

from __future__ import annotations

from datetime import datetime

from blotter.core.book.cancel import CancelState, Verdict
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, OrdStatus
from blotter.core.order import ZERO, Order
from blotter.core.text import show
from blotter.core.words.figures import average, price, quantity
from blotter.desk.cancels.outcome import Cause, Outcome

UNTOUCHED = "the order was not touched"

ANSWER = "The broker's answer to the cancel"

ALL_REVISED = "changed after their end"
ALL_MISSING = "in neither list nor history, shown as last known"
"""What is said of many orders at once, behind their number."""

_BEGIN = {
    Verdict.REFUSED: "Cancel refused",
    Verdict.UNKNOWN: "Outcome unknown, asking the broker",
    Verdict.NOT_SENT: "Not sent",
}

_ATTEMPTS = {
    Cause.ACKNOWLEDGED: "Cancel pending at the broker; can still fill",
    Cause.CANCELED: "CANCELED, says the broker; reading what filled before",
    Cause.REFUSED: "Cancel refused, order not touched; reading it, c asks again",
    Cause.CONTRADICTION: "Outcome unknown, asking the broker: its answer affirms the cancel and reports another end",
    Cause.TROUBLE: "Outcome unknown, asking the broker: its answer has a status this version does not know",
    Cause.FAULT: "Outcome unknown, asking the broker: an error of this program came between",
}

_REFUSED_BY_HTTP = {
    Cause.BAD_REQUEST: "Cancel refused, order not touched: not accepted as sent",
    Cause.UNAUTHORIZED: "Cancel refused: the token is not good; log in, then c again",
    Cause.FORBIDDEN: "Cancel refused: this token may not cancel; it needs order:execution",
    Cause.NOT_FOUND: "Cancel refused: the broker has no such order; reading the list",
    Cause.CONFLICT: "Cancel refused: the order's state forbids it; reading it now",
}

_BESIDE_ITS_END = {
    CancelState.NONE: "; not by a cancel from here",
    CancelState.NOT_SENT: "; the cancel from here was not sent",
    CancelState.REJECTED: "; the cancel from here was refused",
}
"""What is known of our own cancel where nothing says that it took effect; who else did it, only the broker knows."""

_UNASKED = (CancelState.NONE, CancelState.NOT_SENT)
_ENDED_BY_VENUE = ("IOC", "FOK")

_REFUSED_BY_STATUS: dict[str, str] = {
    OrdStatus.FILLED: "Cancel refused as too late: FILLED; reading what filled",
    OrdStatus.CANCELED: "Cancel refused as too late: already CANCELED; reading it",
    OrdStatus.EXPIRED: "Cancel refused as too late: EXPIRED; reading it",
    OrdStatus.REPLACED: "Cancel refused: it was replaced; cancel the new order",
    OrdStatus.PENDING_CANCEL: "Cancel refused: one is pending already; reading it",
    OrdStatus.PENDING_REPLACE: "Cancel refused: a replace is pending; c once it is settled",
}


def attempted(outcome: Outcome) -> str:
    """What one attempt to send came to."""
    if outcome.cause is Cause.REFUSED:
        return _REFUSED_BY_STATUS.get(outcome.status, _ATTEMPTS[Cause.REFUSED])
    if outcome.cause in _REFUSED_BY_HTTP and outcome.http:
        return f"{_REFUSED_BY_HTTP[outcome.cause]} (HTTP {outcome.http})"
    if outcome.cause is Cause.RATE_LIMITED:
        wait = f"wait {outcome.asked:g} s" if outcome.asked else "wait a little"
        return f"Not sent: too many requests; {wait}, then c again (HTTP {outcome.http})"
    if outcome.verdict is Verdict.UNKNOWN and outcome.cause is Cause.ENDING:
        return f"Outcome unknown, read the order: {outcome.detail}"
    if outcome.cause is Cause.JOURNAL:
        return f"Not sent, c asks for its tag now: {outcome.detail}"
    if outcome.detail:
        return f"{_BEGIN[outcome.verdict]}: {outcome.detail}"
    return _ATTEMPTS[outcome.cause]


def not_sent(reason: str) -> str:
    """The desk itself turned a confirmed cancel down."""
    return f"Not sent: {reason}"


def unaudited(trouble: str) -> str:
    """The tag was typed in spite of a journal that cannot be written."""
    return f"Sent without a record, as asked; kept for the next file that works: {trouble}"


def waiting(seconds: float) -> str:
    return f"Sent again in {seconds:g} s, as the broker asked; c stops it"


def contradicted(order: Order) -> str:
    """The answer says CANCELED and the broker's own report said another end."""
    return f"Answer says CANCELED, report said {show(order.ord_status)}; reading it again"


def refused_later() -> str:
    """A cancel that was pending, or of unknown outcome, turned out to be refused."""
    return "Cancel refused after all, order not touched; c asks again"


def still_pending(seconds: float) -> str:
    return f"Cancel pending for {seconds:.0f} s, can still fill; asking the broker"


def unconfirmed(order: Order, *, was_taken: bool = False) -> str:
    """All reads after an unknown outcome show the order as it was, or show no cancel pending of one that was taken."""
    why = "it was taken and is not pending any more" if was_taken else "no answer settled it"
    return (
        f"Cancel unconfirmed: still working, {quantity(order.leaves_qty)} of {quantity(order.qty)} left;"
        f" {why}, reading goes on; c and its tag ask again"
    )


def taken_back(order: Order) -> str:
    """The broker reported the order's end while our cancel was open, and now reports it working."""
    return (
        f"Cancel unconfirmed: its end was told, but it works: {show(order.ord_status)}, {quantity(order.leaves_qty)} of"
        f" {quantity(order.qty)} left; reading goes on; c and its tag ask again"
    )


def unread(order: Order, cancel: CancelState) -> str:
    """No read brought what it was made for: the outcome, or the record of an end. Absence proves nothing."""
    if order.ord_status in FINISHED:
        return f"{show(order.ord_status)}, as told, but no read has it so: fills unread; reading goes on"
    if cancel is CancelState.UNKNOWN:
        return "Outcome still unknown: in neither list nor history; reading goes on"
    return f"In neither list nor history since the refusal; last known {show(order.ord_status)}; reading goes on"


def missing(row: Row) -> str:
    """A whole list lacked an order that was never reported finished, and so did the history."""
    status = show(row.order.ord_status) or "no status"
    return f"In neither the list nor the history: shown as last known ({status}); it may still work, looking again"


def ended(before: Row, row: Row) -> str:
    """How a finished order ended, seen from what was asked of it."""
    order = row.order
    if order.ord_status == OrdStatus.CANCELED:
        return _canceled(before, row)
    if row.cancel in (CancelState.NONE, CancelState.NOT_SENT):
        return f"Order {show(order.ord_status)}{_so_far(order)}"
    reached = "took effect" if before.cancel is CancelState.PENDING else "arrived"
    if order.ord_status == OrdStatus.FILLED:
        return f"Not canceled: it filled {_filled(order)} at {_clock(row)}, before the cancel {reached}"
    if order.ord_status in (OrdStatus.REPLACED, OrdStatus.SUPERSEDED):
        return f"Not canceled: it was replaced before the cancel {reached}; the new order works on"
    return f"Not canceled: it was {show(order.ord_status)} before the cancel {reached}{_so_far(order)}"


def all_ended(order: Order) -> str:
    """The same of many orders that ended as this one did, without a cancel from here."""
    unasked = ", not by a cancel from here" if order.ord_status == OrdStatus.CANCELED else ""
    return f"{show(order.ord_status)}{unasked}"


def ended_earlier(row: Row) -> str:
    """How an order ended whose cancel another run asked for."""
    return f"{ended(row, row)}; asked in an earlier run"


def came_to_earlier(how: str) -> str:
    """What became of a cancel of another run whose order works on."""
    return f"The cancel of an earlier run was {how}; the order works on"


def revised(was: Order, order: Order) -> str:
    """The broker changed its word about an order that had ended: a late fill, a bust, a revival."""
    before, after = (f"{show(each.ord_status)}, {quantity(each.cum_qty)} filled" for each in (was, order))
    return f"Changed after its end: was {before}; is {after}{_average(order)}, {quantity(order.leaves_qty)} left"


def filled_meanwhile(order: Order) -> str:
    """A part filled while a cancel is open."""
    return (
        f"{_filled(order)} filled while the cancel is open, {quantity(order.leaves_qty)} of {quantity(order.qty)} left"
    )


def replaced(row: Row) -> str:
    order = row.order
    at = f" @ {price(order.price)}" if order.price is not None else ""
    return f"Replaced: now {quantity(order.qty)}{at} under {show(order.cl_ord_id)}"


def _canceled(before: Row, row: Row) -> str:
    order = row.order
    filled = f"{quantity(order.cum_qty)} filled{_average(order)}" if order.cum_qty else "nothing filled"
    figures = f"{quantity(max(order.qty - order.cum_qty, ZERO))} of {quantity(order.qty)}; {filled}"
    if _not_by_you(before, row):
        return f"CANCELED, not by you ({figures})"
    ours = row.cancel if row.intent or row.cancel is not CancelState.REJECTED else CancelState.NONE
    return f"CANCELED {figures}{_BESIDE_ITS_END.get(ours, '')}"


def _not_by_you(before: Row, row: Row) -> bool:
    """Whether it is proven that nobody asked: no cancel of ours ever left, none was seen pending, and the broker gives
    a code for its reason or the order was one that the venue ends by itself. Free text proves nothing: the trader may
    have canceled from another program.
    """
    asked = any(ask.state is not CancelState.NOT_SENT for ask in row.asks) or row.cancel not in _UNASKED
    pending = before.order.ord_status == OrdStatus.PENDING_CANCEL
    reason = bool(row.order.ord_rej_reason.strip("0 ")) or row.order.time_in_force in _ENDED_BY_VENUE
    return not asked and not pending and reason


def _so_far(order: Order) -> str:
    return f"; {quantity(order.cum_qty)} of {quantity(order.qty)} filled{_average(order)}" if order.cum_qty else ""


def _filled(order: Order) -> str:
    return quantity(order.cum_qty) + _average(order)


def _average(order: Order) -> str:
    return f" @ {average(order.avg_price)}" if order.avg_price else ""


def _clock(row: Row) -> str:
    moment: datetime = row.order.updated_at or row.reported.utc
    return f"{moment:%H:%M:%S}Z"
