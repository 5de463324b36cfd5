"""Records of requests in the shape of an order: of the order they say its status and what it traded, no more."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from blotter.core.book.book import Book
from blotter.core.book.status import code
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT, NEW, PART, read, streamed, the


def test_somebody_elses_pending_cancel_record_is_about_the_order_and_is_no_row() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **PART)], at(0), at(1))
    book.apply(
        streamed(2, "C-7", orig_cl_ord_id="X", ord_status="PENDING_CANCEL", symbol="AAPL", cum_qty=NEW["cum_qty"])
    )
    row = the(book)
    assert (len(tuple(book.rows())), code(row), row.order.cum_qty) == (1, "CXL?", Decimal(40))
    book.apply(streamed(3, "C-7", orig_cl_ord_id="X", ord_status="CANCELED", symbol="AAPL"))
    assert (len(tuple(book.rows())), code(the(book)), the(book).order.cl_ord_id) == (1, "CXLD", "X")


def test_a_requests_record_tells_what_the_order_traded_and_when() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **PART, updated_at=START)], at(0), at(1))
    told = {"orig_cl_ord_id": "X", "ord_status": "PENDING_CANCEL", "cum_qty": Decimal(70), "leaves_qty": Decimal(30)}
    book.apply(streamed(2, "C-7", **told, updated_at=START + timedelta(seconds=2)))
    order = the(book).order
    assert (order.ord_status, order.cum_qty, order.leaves_qty) == ("PENDING_CANCEL", Decimal(70), Decimal(30))
    book.apply(streamed(3, **{**PART, **told, "ord_status": "SUSPENDED"}, updated_at=START + timedelta(seconds=3)))
    book.apply(streamed(4, "C-7", **told, updated_at=START + timedelta(seconds=2)))
    assert the(book).order.ord_status == "SUSPENDED", "an old record is known by its stamp"
