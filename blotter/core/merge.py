"""Which of two copies of an order is newer, when nothing numbers them.

What orders them is, in this order: an execution id seen before; the moment a read was asked for against the moment
of the last report; ``updatedAt``; the cumulative quantity, which only rises; the end, which is final. Where these
disagree, ours is kept and the order is to be read: a wrong guess would be shown as the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal, DivisionByZero, InvalidOperation
from enum import Enum, auto
from typing import Any

from blotter.core.order import ZERO, Order, OrderFields
from blotter.core.report import Report
from blotter.core.row import Execution, Row
from blotter.core.status import FINISHED, OrdStatus

BUSTS = frozenset({"TRADE_CANCEL", "TRADE_CORRECT"})
"""The execution types that take quantity back."""

_EARLY = frozenset({OrdStatus.PENDING_NEW, OrdStatus.NEW})
_VOLATILE = frozenset({"ord_status", "cum_qty", "leaves_qty", "avg_price", "text", "updated_at", "qty"})
_BLANK: dict[str, Any] = {
    field.name: field.default for field in fields(Order) if field.name not in {"account", "cl_ord_id", *_VOLATILE}
}


class Standing(Enum):
    """What a copy is worth beside ours."""

    TRUTH = auto()
    """A read asked for after our last report: it may contradict everything."""
    NEWS = auto()
    LATE_FILL = auto()
    """The whole order traded although it was reported canceled."""
    OLD = auto()
    DOUBTFUL = auto()
    """It must be older, but nothing on it says so."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The order after a report; ``doubt`` asks for a read."""

    order: Order
    standing: Standing
    doubt: bool = False


def merge(row: Row, report: Report, first: bool = False) -> Merged:
    """The order of ``row`` after ``report``, which may be a duplicate, a patch, or older than what is known."""
    old = row.order
    standing = Standing.TRUTH if first else _standing(row, report)
    if standing in (Standing.OLD, Standing.DOUBTFUL):
        order = _fill_gaps(old, report.fields)
        cum = report.fields.get("cum_qty")
        if cum is not None and cum > old.cum_qty:
            # A quantity that rose was traded, whatever else the copy gets wrong.
            order = replace(order, cum_qty=cum, avg_price=None, leaves_qty=_leaves(order, {}, cum))
            return Merged(order, standing, doubt=True)
        return Merged(order, standing, doubt=standing == Standing.DOUBTFUL)
    order = replace(old, **report.fields)
    order = replace(order, leaves_qty=_leaves(order, report.fields, order.cum_qty))
    order, gap = _average(row, order, report)
    return Merged(order, standing, doubt=gap or standing == Standing.LATE_FILL or _odd(order))


def executed(row: Row, report: Report) -> tuple[Execution, ...]:
    """The row's executions with the one of ``report``."""
    if not report.exec_id:
        return row.executions
    return (*row.executions, Execution(report.exec_id, report.last_qty, report.last_px))


def _standing(row: Row, report: Report) -> Standing:
    old, said = row.order, report.fields
    updated = said.get("updated_at")
    earlier = updated is not None and old.updated_at is not None and updated < old.updated_at
    if report.requested is not None and report.requested.mono >= row.reported.mono:
        # The list is read from a cache, which may lag behind the stream; and it may cut the seconds' fractions.
        if not (earlier and updated and old.updated_at and updated < old.updated_at.replace(microsecond=0)):
            return Standing.TRUTH
        return Standing.DOUBTFUL
    if earlier:
        return Standing.OLD
    lagging = Standing.DOUBTFUL if report.requested is None else Standing.OLD
    bust = report.exec_type in BUSTS
    cum = said.get("cum_qty")
    if cum is not None and cum < old.cum_qty and not bust:
        return lagging
    status = said.get("ord_status", old.ord_status)
    if status == old.ord_status:
        return Standing.NEWS
    if old.ord_status in FINISHED:
        return _after_the_end(old, status, old.cum_qty if cum is None else cum, bust, lagging)
    if (status == OrdStatus.PENDING_NEW and old.ord_status) or (status in _EARLY and cum is None and old.cum_qty > 0):
        return lagging
    return Standing.NEWS


def _after_the_end(old: Order, status: str, cum: Decimal, bust: bool, lagging: Standing) -> Standing:
    if old.ord_status == OrdStatus.CANCELED and status == OrdStatus.FILLED and cum >= old.qty > 0:
        return Standing.LATE_FILL
    if old.ord_status == OrdStatus.FILLED and status == OrdStatus.PARTIALLY_FILLED and bust:
        return Standing.NEWS
    return lagging


def _leaves(order: Order, said: OrderFields, cum: Decimal) -> Decimal:
    if order.ord_status in FINISHED:
        return ZERO
    if "leaves_qty" in said:
        return said["leaves_qty"]
    return max(order.qty - cum, ZERO)


def _odd(order: Order) -> bool:
    if order.qty <= 0:
        return False
    if order.cum_qty > order.qty:
        return True
    return order.ord_status not in FINISHED and order.cum_qty + order.leaves_qty != order.qty


def _average(row: Row, order: Order, report: Report) -> tuple[Order, bool]:
    """The average price where the report leaves it out, and whether a trade is missing between the copies."""
    old = row.order
    if "avg_price" in report.fields or order.cum_qty == old.cum_qty:
        return order, False
    qty, px = report.last_qty, report.last_px
    if qty is None or px is None:
        return replace(order, avg_price=None), True
    value: Decimal | None = (
        (old.avg_price or ZERO) * old.cum_qty if old.avg_price is not None or not old.cum_qty else None
    )
    taken, lost = qty, ZERO
    if report.exec_type in BUSTS:
        busted = next((done for done in row.executions if done.exec_id == report.exec_ref_id), None)
        gone_qty = (busted.qty if busted else None) or (qty if report.exec_type == "TRADE_CANCEL" else None)
        gone_px = (busted.px if busted else None) or (px if report.exec_type == "TRADE_CANCEL" else None)
        if gone_qty is None or gone_px is None:
            return replace(order, avg_price=None), True
        lost = gone_qty * gone_px
        taken = (qty if report.exec_type == "TRADE_CORRECT" else ZERO) - gone_qty
    if value is None or order.cum_qty != old.cum_qty + taken:
        return replace(order, avg_price=None), True
    gained = qty * px if report.exec_type != "TRADE_CANCEL" else ZERO
    try:
        average = (value - lost + gained) / order.cum_qty if order.cum_qty else ZERO
    except (InvalidOperation, DivisionByZero):
        return replace(order, avg_price=None), True
    return replace(order, avg_price=average), False


def _fill_gaps(old: Order, said: OrderFields) -> Order:
    gaps: dict[str, Any] = {
        name: value for name, value in said.items() if name in _BLANK and getattr(old, name) == _BLANK[name] != value
    }
    if "qty" in said and not old.qty:
        gaps["qty"] = said["qty"]
    return replace(old, **gaps) if gaps else old
