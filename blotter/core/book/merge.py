"""Which of two copies of an order is newer, when nothing numbers them.

What orders them is, in this order: an execution id seen before; the moment a read was asked for against the moment
of the last report; ``updatedAt``; the cumulative quantity, which only rises; the end, which is final. Where these
disagree, ours is kept and the order is to be read: a wrong guess would be shown as the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from blotter.core.book.average import average
from blotter.core.book.report import Report
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, KNOWN, OrdStatus
from blotter.core.order import ZERO, Order, OrderFields

BUSTS = frozenset({"TRADE_CANCEL", "TRADE_CORRECT"})
"""The execution types that take quantity back."""

_EARLY = frozenset({OrdStatus.PENDING_NEW, OrdStatus.NEW})
_UNTAKEN = frozenset({"", OrdStatus.PENDING_NEW})
"""Statuses that are never gone back to: whatever else a copy says, it is newer."""

_BLANK: dict[str, Any] = {
    field.name: field.default
    for field in fields(Order)
    if field.name
    not in {"account", "cl_ord_id", "ord_status", "cum_qty", "leaves_qty", "avg_price", "text", "updated_at"}
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
    old, said = row.order, report.fields
    standing = Standing.TRUTH if first else _standing(row, report)
    if standing in (Standing.OLD, Standing.DOUBTFUL):
        kept: dict[str, Any] = {
            name: value
            for name, value in said.items()
            if name in _BLANK and getattr(old, name) == _BLANK[name] != value
        }
        cum = said.get("cum_qty", ZERO)
        if cum > old.cum_qty:
            # A quantity that rose was traded, whatever else the copy gets wrong.
            order = _replace(old, {**kept, "cum_qty": cum})
            return Merged(average(row, order, report)[0], standing, doubt=True)
        order = replace(old, **kept) if kept else old
        return Merged(order, standing, doubt=standing == Standing.DOUBTFUL or (order is not old and odd(order)))
    order, gap = average(row, _replace(old, said), report)
    unknown = order.ord_status != old.ord_status and order.ord_status not in KNOWN
    # What a read leaves open, another would not tell.
    doubt = (gap or unknown) and report.requested is None
    return Merged(order, standing, doubt or standing == Standing.LATE_FILL or odd(order))


def repeats(row: Row, report: Report) -> bool:
    """Whether ``report`` says nothing that ``row`` does not say already: most lines of most lists."""
    order = row.order
    return not report.exec_id and all(getattr(order, name) == value for name, value in report.fields.items())


def odd(order: Order) -> bool:
    """Whether the quantities of the order contradict each other or its status."""
    if order.qty <= 0:
        return False
    if order.cum_qty > order.qty:
        return True
    if order.ord_status in FINISHED:
        return order.ord_status == OrdStatus.FILLED and order.cum_qty < order.qty
    return order.cum_qty + order.leaves_qty != order.qty


def newer_read(row: Row, report: Report) -> bool:
    """Whether ``report`` is a read that was asked for after the row's last report."""
    return report.requested is not None and report.requested.mono >= row.reported.mono


def _standing(row: Row, report: Report) -> Standing:
    old, said = row.order, report.fields
    updated, ours = said.get("updated_at"), old.updated_at
    earlier = updated is not None and ours is not None and updated < ours
    if newer_read(row, report):
        # The list is read from a cache, which may lag behind the stream; and it may cut the seconds' fractions.
        if updated is not None and ours is not None and updated < ours.replace(microsecond=0):
            return Standing.DOUBTFUL
        return Standing.TRUTH
    if earlier:
        return Standing.OLD
    older = Standing.DOUBTFUL if report.requested is None else Standing.OLD
    cum = said.get("cum_qty")
    bust = report.exec_type in BUSTS
    if cum is not None and cum < old.cum_qty and not bust:
        return older
    status = said.get("ord_status", old.ord_status)
    later = updated is not None and ours is not None and updated > ours
    moved = (cum is not None and cum > old.cum_qty) or status in FINISHED or old.ord_status in _UNTAKEN
    if report.requested is not None and not (later or moved):
        # It was asked for before our last report, and nothing on it says that it was written after.
        return Standing.OLD
    if status == old.ord_status:
        return Standing.NEWS
    if old.ord_status in FINISHED:
        if old.ord_status == OrdStatus.CANCELED and status == OrdStatus.FILLED and (cum or old.cum_qty) >= old.qty > 0:
            return Standing.LATE_FILL
        reopened = old.ord_status == OrdStatus.FILLED and status == OrdStatus.PARTIALLY_FILLED
        return Standing.NEWS if reopened and bust else older
    if (status == OrdStatus.PENDING_NEW and old.ord_status) or (status in _EARLY and cum is None and old.cum_qty > 0):
        return older
    return Standing.NEWS


def _replace(old: Order, said: OrderFields | dict[str, Any]) -> Order:
    """``old`` with what was said; what is left follows from it where that was not said, and is nothing at the end.

    The very same object when nothing new was said: after a gap a list says the same of thousands of orders in doubt.
    """
    status = said.get("ord_status", old.ord_status)
    cum: Decimal = said.get("cum_qty", old.cum_qty)
    leaves = said.get("leaves_qty", old.leaves_qty)
    if status in FINISHED:
        leaves = ZERO
    elif "leaves_qty" not in said and ("cum_qty" in said or "qty" in said or old.ord_status in FINISHED):
        leaves = max(said.get("qty", old.qty) - cum, ZERO)
    changes: dict[str, Any] = {**said, "leaves_qty": leaves}
    same = all(getattr(old, name) == value for name, value in changes.items())
    return old if same else replace(old, **changes)
