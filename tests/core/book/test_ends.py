"""What an order never goes back from, and by whose word it does all the same: its end, its trades, its being taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.book.book import Book
from blotter.core.order import OrderFields
from tests.core.moments import at
from tests.core.orders import ACCOUNT, CANCELED, FILLED, NEW, PART, D, read, streamed, the


@pytest.fixture
def book() -> Book:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    return book


def test_of_an_order_that_works_again_what_is_left_follows(book: Book) -> None:
    book.apply(streamed(5, **CANCELED))
    book.apply(read(6, 7, ord_status="PARTIALLY_FILLED"))
    assert (the(book).order.leaves_qty, the(book).needs_read) == (D(60), False)


def test_the_end_is_final_but_for_a_later_read(book: Book) -> None:
    book.apply(streamed(5, **CANCELED))
    book.apply(streamed(6, **PART))
    assert (the(book).order.ord_status, the(book).needs_read) == ("CANCELED", True)
    book.apply(read(7, 8, **PART))
    assert (the(book).order.ord_status, the(book).order.leaves_qty) == ("PARTIALLY_FILLED", D(60))


def test_a_late_fill_completes_a_canceled_order(book: Book) -> None:
    book.apply(streamed(5, **CANCELED))
    book.apply(streamed(6, **FILLED))
    assert (the(book).order.ord_status, the(book).needs_read) == ("FILLED", True)


def test_a_canceled_order_is_called_filled_only_where_its_whole_quantity_was(book: Book) -> None:
    book.apply(streamed(5, **CANCELED))
    book.apply(streamed(6, ord_status="FILLED", cum_qty=D(70)))
    assert (the(book).order.ord_status, the(book).order.cum_qty, the(book).needs_read) == ("CANCELED", D(70), True)
    book.apply(streamed(7, ord_status="FILLED", cum_qty=D(100)))
    assert (the(book).order.ord_status, the(book).needs_read) == ("FILLED", True)


def test_of_a_canceled_order_whose_quantity_is_not_known_no_fill_is_the_whole() -> None:
    book = Book()
    book.apply(streamed(5, ord_status="CANCELED"))
    book.apply(streamed(6, ord_status="FILLED"))
    assert (the(book).order.ord_status, the(book).needs_read) == ("CANCELED", True)


def test_a_late_fill_without_a_quantity_stands_where_all_of_it_was_counted(book: Book) -> None:
    book.apply(streamed(5, **{**CANCELED, "cum_qty": D(100)}))
    book.apply(streamed(6, ord_status="FILLED"))
    assert the(book).order.ord_status == "FILLED"


def test_only_a_bust_takes_a_fill_back(book: Book) -> None:
    book.apply(streamed(5, **FILLED))
    book.apply(streamed(6, ord_status="PARTIALLY_FILLED", leaves_qty=D(60)))
    assert (the(book).order.ord_status, the(book).order.leaves_qty, the(book).needs_read) == ("FILLED", D(0), True)
    book.apply(replace(streamed(7, ord_status="PARTIALLY_FILLED", cum_qty=D(40)), exec_type="TRADE_CANCEL"))
    assert (the(book).order.ord_status, the(book).order.cum_qty, the(book).order.leaves_qty) == (
        "PARTIALLY_FILLED",
        D(40),
        D(60),
    )


@pytest.mark.parametrize(("end", "says"), [(CANCELED, "PARTIALLY_FILLED"), (FILLED, "NEW"), (FILLED, "SUSPENDED")])
def test_a_bust_reopens_nothing_else(book: Book, end: OrderFields, says: str) -> None:
    book.apply(streamed(5, **end))
    book.apply(replace(streamed(6, ord_status=says, cum_qty=D(20)), exec_type="TRADE_CANCEL"))
    assert (the(book).order.ord_status, the(book).needs_read) == (end["ord_status"], True)


@pytest.mark.parametrize("says", ["PENDING_NEW", "NEW"])
def test_an_order_that_traded_does_not_wait_to_be_taken_again(book: Book, says: str) -> None:
    book.apply(streamed(5, **PART))
    book.apply(streamed(6, ord_status=says))
    assert (the(book).order.ord_status, the(book).needs_read) == ("PARTIALLY_FILLED", True)


def test_an_order_that_was_taken_is_not_pending_again(book: Book) -> None:
    book.apply(streamed(5, ord_status="PENDING_NEW"))
    assert (the(book).order.ord_status, the(book).needs_read) == ("NEW", True)


def test_an_order_without_a_status_may_be_pending() -> None:
    book = Book()
    book.apply(streamed(1, symbol="AAPL"))
    book.apply(streamed(2, ord_status="PENDING_NEW"))
    assert the(book).order.ord_status == "PENDING_NEW"


def test_new_with_the_quantity_that_traded_is_what_it_says(book: Book) -> None:
    """As after a replace that gives a partly filled order more quantity, where a broker begins anew with its status."""
    book.apply(streamed(5, **PART))
    book.apply(streamed(6, **{**PART, "ord_status": "NEW"}))
    assert the(book).order.ord_status == "NEW"


def test_a_late_partial_fill_is_counted_but_reopens_nothing(book: Book) -> None:
    book.apply(streamed(5, **CANCELED))
    book.apply(streamed(6, ord_status="PARTIALLY_FILLED", cum_qty=D(70), leaves_qty=D(30)))
    order = the(book).order
    assert (order.ord_status, order.cum_qty, order.leaves_qty, order.avg_price) == ("CANCELED", D(70), D(0), None)
    assert the(book).needs_read
