"""The average price of an order whose reports carry single trades instead of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from blotter.core.book.report import Report
from blotter.core.book.row import Execution, Row
from blotter.core.order import ZERO, Order


def average(row: Row, order: Order, report: Report) -> tuple[Order, bool]:
    """``order``, which follows that of ``row`` by ``report``, with its average price, and whether a trade is missing.

    Where the report leaves the average out and does not account for the whole change in quantity, the average is
    not known: better none than a wrong one.
    """
    old = row.order
    same = order.cum_qty == old.cum_qty and report.exec_type != "TRADE_CORRECT"
    if same or "avg_price" in report.fields:
        return order, False
    trade = _trade(row, report)
    if trade is None or order.cum_qty != old.cum_qty + trade[0] or (old.cum_qty and old.avg_price is None):
        return replace(order, avg_price=None), True
    if not order.cum_qty:
        return replace(order, avg_price=ZERO), False
    value = (old.avg_price or ZERO) * old.cum_qty + trade[1]
    return replace(order, avg_price=value / order.cum_qty), False


def executed(row: Row, report: Report) -> tuple[Execution, ...]:
    """The row's executions with the one of ``report``."""
    if not report.exec_id:
        return row.executions
    return (*row.executions, Execution(report.exec_id, report.last_qty, report.last_px))


def _trade(row: Row, report: Report) -> tuple[Decimal, Decimal] | None:
    """How quantity and value change by the report's trade, bust or correction; ``None`` if it does not say."""
    qty, px = report.last_qty, report.last_px
    if qty is None or px is None:
        return None
    if report.exec_type not in ("TRADE_CANCEL", "TRADE_CORRECT"):
        return qty, qty * px
    named = next((done for done in row.executions if done.exec_id == report.exec_ref_id), None)
    if named is not None and named.qty is not None and named.px is not None:
        gone = (named.qty, named.qty * named.px)
    elif report.exec_type == "TRADE_CANCEL":
        gone = (qty, qty * px)
    else:
        return None
    if report.exec_type == "TRADE_CANCEL":
        return -gone[0], -gone[1]
    return qty - gone[0], qty * px - gone[1]
