"""Reports and rows for tests of rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Row
from blotter.core.order import OrderFields, OrderKey
from tests.core.moments import at

ACCOUNT = "ACC-1"
KEY = OrderKey(ACCOUNT, "X")
D = Decimal
NEW: OrderFields = {
    "ord_id": "B-1", "symbol": "AAPL", "side": "BUY", "qty": D(100), "price": D(10), "ord_status": "NEW",
    "cum_qty": D(0), "leaves_qty": D(100), "avg_price": D(0),
}  # fmt: skip
PART: OrderFields = {
    **NEW, "ord_status": "PARTIALLY_FILLED", "cum_qty": D(40), "leaves_qty": D(60), "avg_price": D(10)
}  # fmt: skip
FILLED: OrderFields = {**NEW, "ord_status": "FILLED", "cum_qty": D(100), "leaves_qty": D(0), "avg_price": D(10)}
CANCELED: OrderFields = {**PART, "ord_status": "CANCELED", "leaves_qty": D(0)}


def streamed(seconds: float, cl_ord_id: str = "X", /, **fields: Any) -> Report:
    """An event of the stream."""
    return Report(ACCOUNT, cl_ord_id, cast(OrderFields, fields), Source.STREAM, at(seconds))


def read(asked: float, seconds: float, cl_ord_id: str = "X", /, **fields: Any) -> Report:
    """A line of a list that was asked for at ``asked`` and received at ``seconds``."""
    return Report(ACCOUNT, cl_ord_id, cast(OrderFields, fields), Source.LIST, at(seconds), requested=at(asked))


def the(book: Book, cl_ord_id: str = "X") -> Row:
    """The row of an order that must be there."""
    row = book.row(OrderKey(ACCOUNT, cl_ord_id))
    assert row is not None, f"no row for {cl_ord_id}"
    return row
