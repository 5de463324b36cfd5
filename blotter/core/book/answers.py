"""What the broker's answers to our cancels make of a row.

An acknowledgement is not a cancel, a refusal is not the order's end, and no answer is neither. The request's state is
taken from its answer whenever that comes; of the order, an answer says nothing against a report that came after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from blotter.core.book import asks
from blotter.core.book.cancel import Ask, CancelAnswered, CancelState, Doubt, Verdict
from blotter.core.book.merge import odd
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, OrdStatus
from blotter.core.instant import Instant
from blotter.core.order import ZERO, Order

_UNKNOWN_ORDER = 1
_DUPLICATE_ID = 6
_EARLY = frozenset({OrdStatus.PENDING_NEW, OrdStatus.NEW})


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """A cancel-reject that came as a record of its own: a second word on the request ``request_id``, or the first."""

    request_id: str
    at: Instant
    text: str = ""


def hidden_status(row: Row, order: Order) -> str:
    """The status that PENDING_CANCEL stands before, when ``row`` comes to hold ``order``."""
    if order.ord_status != OrdStatus.PENDING_CANCEL:
        return ""
    return row.hidden_status if row.order.ord_status == OrdStatus.PENDING_CANCEL else row.order.ord_status


def answered(row: Row, event: CancelAnswered) -> Row:
    """``row`` after an attempt to cancel came to ``event.verdict``."""
    if event.to_replace:
        return _order_says(row, event)
    ask = asks.find(row.asks, event.intent, event.request_id)
    if ask is None:
        ask = Ask(event.intent, CancelState.SENT, event.at, event.at)
        row = replace(row, asks=(*row.asks, ask))
    elif _was_taken_for_another(row, ask, event):
        row, ask = _given_back(row, ask, event.request_id)
    match event.verdict:
        case Verdict.ACCEPTED:
            return _accepted(row, ask, event)
        case Verdict.REFUSED:
            return _refused(row, ask, event)
        case Verdict.NOT_SENT if not _name(row, event):
            if ask.state not in asks.OPEN:
                return row
            return _moved(row, ask, CancelState.UNKNOWN if ask.unclear else CancelState.NOT_SENT, event)
        case Verdict.UNKNOWN | Verdict.NOT_SENT:
            # What the broker has a name for did leave.
            return _silent(row, ask, event)


def refused_by_record(row: Row, event: RequestRefused) -> Row:
    """``row`` after a record of a refusal. Every list repeats it: it speaks once, of the request that it names, else
    of one that was refused without a name, else of our oldest open one, else of one that somebody else made. Under the
    order's own id it names no request, and a repetition is not to be told from a second refusal unless nothing is open.
    """
    named = "" if event.request_id == row.order.cl_ord_id else event.request_id
    ask = asks.find(row.asks, "", named) or _nameless(row, refused=bool(named))
    if ask is None:
        refused_already = not named and any(one.state == CancelState.REJECTED for one in row.asks)
        strangers = sum(not one.intent for one in row.asks)
        if row.order.ord_status in FINISHED or refused_already or strangers >= asks.MOST_STRANGERS:
            return row
        ask = Ask("", CancelState.SENT, event.at, event.at, request_id=named)
        row = replace(row, asks=(*row.asks, ask))
    said = CancelAnswered(row.key, ask.intent, Verdict.REFUSED, event.at, text=event.text, request_id=named)
    return _refused(row, ask, said)


def _nameless(row: Row, *, refused: bool) -> Ask | None:
    """The oldest request that the broker has given no name: of the ``refused`` ones, else of the open ones."""
    for states in ({CancelState.REJECTED} if refused else set(), asks.OPEN):
        unnamed = (ask for ask in row.asks if ask.state in states and not ask.request_id)
        if (ask := min(unnamed, key=lambda ask: ask.asked.mono, default=None)) is not None:
            return ask
    return None


def _name(row: Row, event: CancelAnswered) -> str:
    """The broker's name of the request: some answers name the order instead, which names nothing."""
    return event.request_id if event.request_id != row.order.cl_ord_id else ""


def _was_taken_for_another(row: Row, ask: Ask, event: CancelAnswered) -> bool:
    """Whether a record's refusal was counted for ``ask`` whose own answer now shows that it has another name."""
    named = _name(row, event) not in ("", ask.request_id)
    return named and ask.state == CancelState.REJECTED and bool(ask.intent and ask.request_id)


def _given_back(row: Row, ask: Ask, name: str) -> tuple[Row, Ask]:
    """The refusal was of a request that somebody else made: ours, which goes by ``name``, is on the wire as before.
    Unless its own refusal came meanwhile, and was counted for somebody else in turn.
    """
    refused = next((other for other in row.asks if other.request_id == name and not other.intent), None)
    own = Ask("", CancelState.SENT, ask.asked, ask.asked) if refused is None else refused
    own = replace(own, intent=ask.intent, asked=ask.asked, by=ask.by)
    others = (replace(other, intent="", by="") if other is ask else other for other in row.asks if other is not refused)
    return replace(row, asks=(*others, own)), own


def _moved(row: Row, ask: Ask, state: CancelState, event: CancelAnswered) -> Row:
    silent = event.verdict in (Verdict.UNKNOWN, Verdict.NOT_SENT)
    doubt = event.doubt if silent else Doubt.NO_PROOF
    return replace(row, asks=asks.move(row.asks, ask, state, event.at, event.text, _name(row, event), doubt))


def _silent(row: Row, ask: Ask, event: CancelAnswered) -> Row:
    if ask.state in (CancelState.SENT, CancelState.UNKNOWN):
        return _moved(row, ask, CancelState.UNKNOWN, event)
    return replace(row, doubted=event.at) if ask.state == CancelState.PENDING else row


def _accepted(row: Row, ask: Ask, event: CancelAnswered) -> Row:
    finished = row.order.ord_status in FINISHED
    match event.status:
        case OrdStatus.REJECTED:
            return _refused(row, ask, event)
        case OrdStatus.CANCELED if finished:
            row = replace(row, asks=asks.ended(row.asks, row.order.ord_status, event.at))
            return row if row.order.ord_status == OrdStatus.CANCELED else replace(row, doubted=event.at)
        case OrdStatus.CANCELED:
            # Out, but the answer carries no quantities: what filled on the way is for a read to say.
            row = _moved(row, ask, ask.state, event)
            return replace(_says(row, OrdStatus.CANCELED, event.at), doubted=event.at)
        case OrdStatus.PENDING_CANCEL | "" if ask.state not in asks.OPEN:
            return row
        case OrdStatus.PENDING_CANCEL if not finished:
            return _says(_moved(row, ask, CancelState.PENDING, event), OrdStatus.PENDING_CANCEL, event.at)
        case OrdStatus.PENDING_CANCEL | "":
            return replace(_moved(row, ask, CancelState.PENDING, event), doubted=event.at)
        case _:
            row = _moved(row, ask, CancelState.UNKNOWN, event) if ask.state in asks.OPEN else row
            return replace(row, doubted=event.at)


def _refused(row: Row, ask: Ask, event: CancelAnswered) -> Row:
    if ask.state == CancelState.REJECTED:
        return _moved(row, ask, CancelState.REJECTED, event)
    if event.reason == _DUPLICATE_ID:
        # It proves that another copy arrived, and nothing about what became of that.
        if ask.state not in asks.OPEN:
            return row
        row = _moved(row, ask, CancelState.UNKNOWN, event) if ask.state != CancelState.PENDING else row
        return replace(row, doubted=event.at)
    was_taken = ask.state == CancelState.PENDING
    row = _moved(row, ask, CancelState.REJECTED, event)
    if event.ord_status and event.reason != _UNKNOWN_ORDER:
        return _order_says(row, event)
    if event.ord_status == row.order.ord_status and event.ord_status in FINISHED:
        return row
    return replace(_put_back(row, event.at) if was_taken else row, doubted=event.at)


def _put_back(row: Row, at: Instant) -> Row:
    """The order as before the refused request, where no other request holds it in PENDING_CANCEL."""
    order, status = row.order, row.hidden_status
    if order.ord_status != OrdStatus.PENDING_CANCEL or not status or any(ask.state in asks.OPEN for ask in row.asks):
        return row
    return _says(row, OrdStatus.PARTIALLY_FILLED if order.cum_qty > 0 and status in _EARLY else status, at)


def _order_says(row: Row, event: CancelAnswered) -> Row:
    """A reject's own word on the order: a status without quantities."""
    order, said = row.order, event.ord_status
    if not said or said == order.ord_status:
        return row
    doubtful = replace(row, doubted=event.at)
    if order.ord_status in FINISHED or said == OrdStatus.REJECTED or _is_older(row, event.at):
        return doubtful
    if said in _EARLY and order.cum_qty > 0:
        return _put_back(doubtful, event.at)
    row = _says(row, said, event.at)
    certain = said not in FINISHED or (said == OrdStatus.FILLED and not odd(row.order))
    return row if certain else replace(row, doubted=event.at)


def _says(row: Row, status: str, at: Instant) -> Row:
    """``row`` in ``status``, by a word of the broker that carried no quantities, unless a later one says otherwise."""
    if status == row.order.ord_status or _is_older(row, at):
        return row
    finished = status in FINISHED
    order = replace(row.order, ord_status=status, leaves_qty=ZERO if finished else row.order.leaves_qty)
    kept = asks.ended(row.asks, status, at) if finished else row.asks
    hidden = hidden_status(row, order)
    return replace(row, order=order, hidden_status=hidden, asks=kept, reported=at, changed=at)


def _is_older(row: Row, at: Instant) -> bool:
    return at.mono < row.reported.mono
