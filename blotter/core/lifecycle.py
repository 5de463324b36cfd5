"""The life of one order: ``(row, event) -> row``, total, pure and idempotent.

Order status is the broker's; the state of our cancels is ours. Quantities may move in any status, and never fall
except by an explicit bust or by a read asked for after the last report. An end is final, except that a late fill may
complete a canceled order. Nothing is ever concluded from silence: no answer is not a refusal, absence is no end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from blotter.core import asks
from blotter.core.cancel import Ask, CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.instant import Instant
from blotter.core.merge import Standing, executed, merge
from blotter.core.order import ZERO, Order, OrderKey
from blotter.core.report import Report
from blotter.core.row import Row
from blotter.core.status import FINISHED, OrdStatus

_UNKNOWN_ORDER = 1
_DUPLICATE_ID = 6


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Reads over the hold-off still show the order working: the unknown outcome stays unconfirmed."""

    at: Instant


@dataclass(frozen=True, slots=True)
class Doubted:
    """Something was missed (a gap, an absence, an overflow): read the order before trusting it."""

    at: Instant


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """A cancel-reject that came as a record of its own under ``request_id``: a second word on one request."""

    key: OrderKey
    request_id: str
    at: Instant
    text: str = ""


Event = Report | CancelSent | CancelAnswered | Unconfirmed | Doubted | RequestRefused


def born(report: Report, tag: str) -> Row:
    """The row of an order never heard of before."""
    blank = Row(Order(report.account, report.cl_ord_id), tag, report.received, changed=report.received)
    return _reported(blank, report, first=True)


def succeeded(former: Row, own: Row | None, report: Report) -> Row:
    """The row of the order that replaced ``former``: it keeps that row's tag, its asks and what ``report`` leaves out.

    ``own`` is the row it had already, if its first report did not say whom it replaced.
    """
    if own is None:
        order = replace(former.order, cl_ord_id=report.cl_ord_id)
        after = _reported(replace(former, order=order), report, first=True)
        return replace(after, former=former.key)
    after = reduce(own, report)
    joined = replace(
        after,
        tag=former.tag,
        former=former.key,
        asks=former.asks + after.asks,
        executions=former.executions + after.executions,
        finished_before=former.finished_before and after.order.ord_status in FINISHED,
    )
    return settle(joined)


def reduce(row: Row, event: Event) -> Row:
    """``row`` after ``event``; the very same object when nothing changed."""
    match event:
        case Report():
            after = _reported(row, event)
        case CancelSent():
            after = replace(row, asks=asks.sent(row.asks, event))
        case CancelAnswered():
            after = _answered(row, event)
        case RequestRefused():
            after = _refused_by_record(row, event)
        case Unconfirmed():
            after = _with(row, asks.given_up(row.asks, event.at), doubted=None)
        case Doubted():
            after = row if row.order.ord_status in FINISHED else replace(row, doubted=event.at)
    after = settle(after)
    return row if after == row else after


def settle(row: Row) -> Row:
    """``row`` with the fields that follow from its asks and its doubt."""
    ask = asks.shown(row.asks)
    needs_read = row.doubted is not None or any(a.unclear for a in row.asks)
    if ask is None:
        return row if row.needs_read == needs_read else replace(row, needs_read=needs_read)
    return replace(
        row, cancel=ask.state, cancel_at=ask.at, cancel_text=ask.text, intent=ask.intent, needs_read=needs_read
    )


def _with(row: Row, kept: asks.Asks, doubted: Instant | None) -> Row:
    return replace(row, asks=kept, doubted=doubted)


def _reported(row: Row, report: Report, first: bool = False) -> Row:
    if report.exec_id and any(done.exec_id == report.exec_id for done in row.executions):
        return row
    merged = merge(row, report, first)
    order, at = merged.order, report.received
    after = replace(row, executions=executed(row, report))
    if merged.standing in (Standing.OLD, Standing.DOUBTFUL):
        doubted = at if merged.doubt else row.doubted
        return settle(replace(after, order=order, doubted=doubted))
    doubted = row.doubted
    asked = report.requested
    if merged.standing == Standing.TRUTH and asked and doubted and asked.mono >= doubted.mono:
        doubted = None
    if merged.doubt:
        doubted = at
    kept = row.asks
    if order.ord_status in FINISHED:
        kept = asks.ended(kept, order.ord_status, at)
    else:
        kept = asks.revived(kept, at)
        if order.ord_status == OrdStatus.PENDING_CANCEL:
            kept = asks.acknowledged(kept, report.request_id, at)
    moved = order != row.order
    after = replace(
        _in_status(after, order),
        asks=kept,
        doubted=doubted,
        finished_before=row.finished_before and order.ord_status in FINISHED,
        reported=at if moved or report.requested is None else row.reported,
        changed=at if moved else row.changed,
    )
    return settle(after)


def _in_status(row: Row, order: Order) -> Row:
    """``row`` with ``order``, remembering which status PENDING_CANCEL hides."""
    if order.ord_status != OrdStatus.PENDING_CANCEL:
        return replace(row, order=order, hidden_status="")
    hidden = row.hidden_status if row.order.ord_status == OrdStatus.PENDING_CANCEL else row.order.ord_status
    return replace(row, order=order, hidden_status=hidden)


def _answered(row: Row, event: CancelAnswered) -> Row:
    ask = asks.find(row.asks, event.intent, event.request_id)
    if event.to_replace:
        return _order_says(row, event)
    if ask is None:
        ask = Ask(event.intent, CancelState.SENT, event.at, event.at)
        row = replace(row, asks=(*row.asks, ask))
    match event.verdict:
        case Verdict.ACCEPTED:
            return _accepted(row, ask, event)
        case Verdict.REFUSED:
            return _refused(row, ask, event)
        case Verdict.UNKNOWN:
            return _silent(row, ask, event)
        case Verdict.NOT_SENT:
            if ask.state not in asks.OPEN:
                return row
            state = CancelState.UNKNOWN if ask.unclear else CancelState.NOT_SENT
            return _moved(row, ask, state, event)


def _moved(row: Row, ask: Ask, state: CancelState, event: CancelAnswered) -> Row:
    return replace(row, asks=asks.move(row.asks, ask, state, event.at, event.text, event.request_id))


def _silent(row: Row, ask: Ask, event: CancelAnswered) -> Row:
    if ask.state in (CancelState.SENT, CancelState.UNKNOWN):
        return _moved(row, ask, CancelState.UNKNOWN, event)
    if ask.state == CancelState.PENDING:
        return replace(row, doubted=event.at)
    return row


def _accepted(row: Row, ask: Ask, event: CancelAnswered) -> Row:
    """An acknowledgement: the order's end needs a status that says so, and its fills a read."""
    order = row.order
    finished = order.ord_status in FINISHED
    if event.status == OrdStatus.REJECTED:
        return _refused(row, ask, event)
    if event.status == OrdStatus.CANCELED:
        if finished:
            row = replace(row, asks=asks.ended(row.asks, order.ord_status, event.at))
            return row if order.ord_status == OrdStatus.CANCELED else replace(row, doubted=event.at)
        order = replace(order, ord_status=OrdStatus.CANCELED, leaves_qty=ZERO)
        row = replace(_in_status(row, order), asks=asks.ended(row.asks, order.ord_status, event.at))
        return replace(row, doubted=event.at, reported=event.at, changed=event.at)
    if event.status in (OrdStatus.PENDING_CANCEL, ""):
        if ask.state not in asks.OPEN:
            return row
        row = _moved(row, ask, CancelState.PENDING, event)
        if finished or not event.status:
            return replace(row, doubted=event.at)
        if order.ord_status == OrdStatus.PENDING_CANCEL:
            return row
        pending = _in_status(row, replace(order, ord_status=OrdStatus.PENDING_CANCEL))
        return replace(pending, reported=event.at, changed=event.at)
    row = replace(row, doubted=event.at)
    return _moved(row, ask, CancelState.UNKNOWN, event) if ask.state in asks.OPEN else row


def _refused(row: Row, ask: Ask, event: CancelAnswered) -> Row:
    if ask.state == CancelState.REJECTED:
        return _moved(row, ask, CancelState.REJECTED, event)
    if event.reason == _DUPLICATE_ID:
        # It proves that another copy arrived, and nothing about what became of that.
        if ask.state in (CancelState.SENT, CancelState.UNKNOWN):
            row = _moved(row, ask, CancelState.UNKNOWN, event)
        return replace(row, doubted=event.at) if ask.state in asks.OPEN else row
    row = _moved(row, ask, CancelState.REJECTED, event)
    if event.reason == _UNKNOWN_ORDER:
        return replace(row, doubted=event.at)
    if event.ord_status:
        return _order_says(row, event)
    return replace(_put_back(row, event.at), doubted=event.at)


def _put_back(row: Row, at: Instant) -> Row:
    """The order as before the refused request, where no other request holds it in PENDING_CANCEL."""
    order = row.order
    still_open = any(ask.state in asks.OPEN for ask in row.asks)
    if order.ord_status != OrdStatus.PENDING_CANCEL or still_open or not row.hidden_status:
        return row
    status = row.hidden_status
    if order.cum_qty > 0 and status in (OrdStatus.NEW, OrdStatus.PENDING_NEW):
        status = OrdStatus.PARTIALLY_FILLED
    return replace(_in_status(row, replace(order, ord_status=status)), reported=at, changed=at)


def _order_says(row: Row, event: CancelAnswered) -> Row:
    """A reject's own word on the order: a status without quantities."""
    order, said = row.order, event.ord_status
    if not said or said == order.ord_status:
        return row
    doubtful = replace(row, doubted=event.at)
    if order.ord_status in FINISHED or said == OrdStatus.REJECTED:
        return doubtful
    if said in (OrdStatus.NEW, OrdStatus.PENDING_NEW) and order.cum_qty > 0:
        return doubtful if order.ord_status != OrdStatus.PENDING_CANCEL else _put_back(doubtful, event.at)
    order = replace(order, ord_status=said, leaves_qty=ZERO if said in FINISHED else order.leaves_qty)
    after = replace(_in_status(row, order), reported=event.at, changed=event.at)
    if said not in FINISHED:
        return after
    after = replace(after, asks=asks.ended(after.asks, said, event.at))
    complete = said == OrdStatus.FILLED and order.cum_qty == order.qty
    return after if complete else replace(after, doubted=event.at)


def _refused_by_record(row: Row, event: RequestRefused) -> Row:
    """The broker's record of a refusal is repeated by every list: it speaks once, of its own request or an open one."""
    ask = asks.find(row.asks, "", event.request_id)
    if ask is None:
        candidates = [a for a in row.asks if a.state in asks.OPEN and not a.request_id]
        ask = candidates[0] if candidates else None
    if ask is None:
        if row.order.ord_status in FINISHED:
            return row
        ask = Ask("", CancelState.SENT, event.at, event.at, request_id=event.request_id)
        row = replace(row, asks=(*row.asks, ask))
    answer = CancelAnswered(
        event.key, ask.intent, Verdict.REFUSED, event.at, text=event.text, request_id=event.request_id
    )
    return _refused(row, ask, answer)
