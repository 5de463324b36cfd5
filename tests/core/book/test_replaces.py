"""A replaced order's new id takes over the row, its tag and its requests, however its links are told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations

import pytest

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.report import Report
from blotter.core.book.status import code
from blotter.core.book.succession import Succession
from blotter.core.order import OrderKey
from tests.core.moments import at
from tests.core.orders import ACCOUNT, FILLED, KEY, NEW, PART, read, streamed, the

Y = OrderKey(ACCOUNT, "Y")
REPLACED = {**NEW, "ord_status": "REPLACED", "leaves_qty": Decimal(0)}


@pytest.fixture
def book() -> Book:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    return book


def test_the_new_id_takes_over_row_and_tag(book: Book) -> None:
    (change,) = book.apply(streamed(2, "Y", **NEW, orig_cl_ord_id="X"))
    assert change.before is not None
    assert (change.before.key, change.after.key) == (KEY, Y)
    assert (change.after.tag, change.after.former) == ("aa", KEY)
    assert [row.key for row in book.rows()] == [Y]
    assert (book.row(KEY), book.current(KEY)) == (None, Y)


def test_the_old_id_never_comes_back(book: Book) -> None:
    book.apply(streamed(2, "Y", **NEW, orig_cl_ord_id="X"))
    assert book.apply(streamed(3, **REPLACED)) == ()
    book.replace(ACCOUNT, [read(4, 5, **REPLACED), read(4, 5, "Y", **NEW, orig_cl_ord_id="X")], at(4), at(5))
    assert [row.key for row in book.rows()] == [Y]


def test_a_fill_reported_late_under_the_old_id_wants_a_read(book: Book) -> None:
    book.apply(streamed(2, "Y", **NEW, orig_cl_ord_id="X"))
    book.apply(streamed(3, **PART))
    assert (the(book, "Y").order.cum_qty, the(book, "Y").needs_read) == (Decimal(0), True)


def test_requests_follow_the_order(book: Book) -> None:
    book.sent(CancelSent(KEY, "one", at(2)))
    book.apply(streamed(3, "Y", **NEW, orig_cl_ord_id="X"))
    assert the(book, "Y").cancel == CancelState.SENT
    book.answered(CancelAnswered(KEY, "one", Verdict.REFUSED, at(4), status="REJECTED", text="replaced"))
    assert code(the(book, "Y")) == "CXL!"


def test_a_refusal_that_names_the_old_id_reaches_the_order(book: Book) -> None:
    book.apply(streamed(2, "Y", **NEW, orig_cl_ord_id="X"))
    book.apply(streamed(3, "C-1", orig_cl_ord_id="X", ord_status="REJECTED", text="unknown order"))
    assert code(the(book, "Y")) == "CXL!"


def test_an_id_known_before_its_link_joins_the_row(book: Book) -> None:
    book.sent(CancelSent(KEY, "one", at(2)))
    book.apply(streamed(3, "Y", **PART))
    assert the(book, "Y").tag == "ab"
    book.apply(streamed(4, "Y", orig_cl_ord_id="X"))
    row = the(book, "Y")
    assert (len(tuple(book.rows())), row.tag, row.order.cum_qty, row.cancel) == (1, "aa", Decimal(40), CancelState.SENT)
    assert row.former == KEY


def test_a_trade_that_was_told_under_the_old_id_counts_once(book: Book) -> None:
    book.apply(replace(streamed(2, **PART), exec_id="e1"))
    book.apply(streamed(3, "Y", **PART))
    book.apply(streamed(4, "Y", orig_cl_ord_id="X"))
    assert book.apply(replace(streamed(5, "Y", cum_qty=Decimal(80)), exec_id="e1")) == ()
    assert the(book, "Y").order.cum_qty == 40


def test_a_list_that_still_holds_the_old_id_brings_no_doubt(book: Book) -> None:
    book.apply(streamed(2, "Y", **NEW, orig_cl_ord_id="X"))
    assert book.apply(read(3, 4, **PART)) == ()


@pytest.mark.parametrize("status", ["PENDING_NEW", "PENDING_REPLACE", "PENDING_CANCEL"])
def test_a_feed_that_says_replaced_is_believed_whatever_the_new_status(book: Book, status: str) -> None:
    heir = {**NEW, "ord_status": status, "orig_cl_ord_id": "X"}
    book.apply(replace(streamed(2, "Y", **heir), exec_type="REPLACED"))
    assert [(row.key, row.order.ord_status) for row in book.rows()] == [(Y, status)]


def test_even_of_an_order_that_had_ended_by_itself(book: Book) -> None:
    book.apply(streamed(2, **{**NEW, "ord_status": "EXPIRED"}))
    book.apply(replace(streamed(3, "Y", **NEW, orig_cl_ord_id="X"), exec_type="REPLACED"))
    assert [row.key for row in book.rows()] == [Y]


def test_an_end_of_the_new_order_is_not_taken_for_a_request_about_the_old_one(book: Book) -> None:
    book.apply(streamed(2, "Y", **NEW))
    book.apply(streamed(3, "Y", **{**NEW, "ord_status": "CANCELED"}, orig_cl_ord_id="X"))
    assert [(row.key, row.order.ord_status) for row in book.rows()] == [(Y, "CANCELED")]


def test_nor_is_an_order_with_a_brokers_id_of_its_own(book: Book) -> None:
    book.apply(streamed(2, "Y", **{**NEW, "ord_id": "B-2", "ord_status": "PENDING_CANCEL"}, orig_cl_ord_id="X"))
    assert [(row.key, row.order.ord_status) for row in book.rows()] == [(Y, "PENDING_CANCEL")]


@pytest.mark.parametrize("end", ["FILLED", "EXPIRED", "REJECTED"])
def test_an_order_that_ended_by_itself_is_not_hidden_by_its_successor(book: Book, end: str) -> None:
    book.apply(streamed(2, **{**FILLED, "ord_status": end}))
    book.apply(streamed(3, "Y", **NEW, orig_cl_ord_id="X"))
    assert [row.key for row in book.rows()] == [KEY, Y]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_is_one_row_in_whatever_order_it_is_listed(order: tuple[int, ...]) -> None:
    chain = [
        read(0, 1, "X", **REPLACED),
        read(0, 1, "Y", **REPLACED, orig_cl_ord_id="X"),
        read(0, 1, "Z", **NEW, orig_cl_ord_id="Y"),
    ]
    book = Book()
    for _ in range(2):
        book.replace(ACCOUNT, [chain[index] for index in order], at(0), at(1))
    assert [(row.key.cl_ord_id, row.tag) for row in book.rows()] == [("Z", "aa")]
    assert not the(book, "Z").finished_before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_links_that_all_name_the_first_id_are_one_chain(order: tuple[int, ...]) -> None:
    told: list[Report] = [
        streamed(2, "X", **NEW),
        streamed(3, "Y", **NEW, orig_cl_ord_id="X"),
        streamed(4, "Z", **NEW, orig_cl_ord_id="X"),
    ]
    book = Book()
    for index in order:
        book.apply(told[index])
    assert len(tuple(book.rows())) == 1


def test_links_in_a_ring_end() -> None:
    x, y = OrderKey(ACCOUNT, "X"), OrderKey(ACCOUNT, "Y")
    succession = Succession()
    assert succession.link(x, y) == x
    assert succession.link(y, x) is None
    assert succession.current(x) == succession.current(y) == y


def test_every_id_of_an_order_that_was_replaced_ten_thousand_times_leads_to_its_last() -> None:
    keys = [OrderKey(ACCOUNT, str(number)) for number in range(10_000)]
    succession = Succession()
    for original, heir in pairwise(keys):
        assert succession.link(original, heir) == original
    assert {succession.current(key) for key in keys} == {keys[-1]}


def test_a_broker_that_never_stops_replacing_is_not_followed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blotter.core.book.succession.MOST_LINKS", 2)
    w, x, y, z = (OrderKey(ACCOUNT, name) for name in "WXYZ")
    succession = Succession()
    assert succession.link(w, x) == w
    assert succession.link(x, y) == x
    assert succession.link(y, z) is None
    assert (succession.current(w), succession.current(z)) == (y, z)
