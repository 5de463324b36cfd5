"""A replace may be refused; then the order works on as it was, and is never hidden behind the one that never came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelState
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED
from blotter.core.order import OrderKey
from tests.core.moments import at
from tests.core.orders import ACCOUNT, KEY, NEW, PART, read, streamed, the
from tests.core.replacing import Chain, chains

BROKERS_IDS = pytest.mark.parametrize("ord_id", ["", "B-1", "B-2"], ids=["none", "the order's", "its own"])
REPLACED = {**NEW, "ord_status": "REPLACED", "leaves_qty": Decimal(0)}


@pytest.fixture
def book() -> Book:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    return book


def the_replace(status: str, ord_id: str) -> dict[str, Any]:
    """What the broker says of the order that was to come."""
    return {**NEW, "ord_id": ord_id, "ord_status": status, "orig_cl_ord_id": "X"}


def refused(ord_id: str) -> dict[str, Any]:
    return {**the_replace("REJECTED", ord_id), "leaves_qty": Decimal(0), "text": "price out of band"}


@BROKERS_IDS
def test_a_refused_replace_leaves_the_order_working(book: Book, ord_id: str) -> None:
    book.apply(streamed(2, "Y", **refused(ord_id)))
    assert [row.key for row in book.rows()] == [KEY]
    row = the(book)
    assert (row.order.ord_status, row.cancel, row.cancel_text) == ("NEW", CancelState.REJECTED, "price out of band")
    book.apply(streamed(3, **PART))
    assert the(book).order.cum_qty == 40


@BROKERS_IDS
def test_a_list_that_holds_both_shows_the_one_that_works(ord_id: str) -> None:
    book = Book()
    for listed in ([read(0, 1, **NEW), read(0, 1, "Y", **refused(ord_id))] for _ in range(2)):
        book.replace(ACCOUNT, listed, at(0), at(1))
        assert [(row.key, row.order.ord_status) for row in book.rows()] == [(KEY, "NEW")]


@BROKERS_IDS
@pytest.mark.parametrize("status", ["PENDING_NEW", "PENDING_REPLACE"])
def test_until_the_new_order_is_there_the_old_one_works(book: Book, status: str, ord_id: str) -> None:
    book.apply(streamed(2, "Y", **the_replace(status, ord_id)))
    assert [(row.key, row.order.ord_status) for row in book.rows()] == [(KEY, "PENDING_REPLACE")]
    book.apply(streamed(3, "Y", **refused(ord_id)))
    book.apply(read(4, 5, **NEW))
    assert [(row.key, row.order.ord_status) for row in book.rows()] == [(KEY, "NEW")]


@BROKERS_IDS
@pytest.mark.parametrize("status", ["PENDING_NEW", "PENDING_REPLACE"])
def test_the_new_order_takes_over_once_it_works(book: Book, status: str, ord_id: str) -> None:
    book.apply(streamed(2, "Y", **the_replace(status, ord_id)))
    (change,) = book.apply(streamed(3, "Y", **the_replace("NEW", "B-2")))
    assert (change.before and change.before.key, change.after.key, change.after.tag) == (
        KEY,
        OrderKey(ACCOUNT, "Y"),
        "aa",
    )


def test_a_pending_order_whose_predecessor_was_replaced_takes_over(book: Book) -> None:
    book.apply(streamed(2, **REPLACED))
    book.apply(streamed(3, "Y", **the_replace("PENDING_NEW", "B-2")))
    assert [(row.key.cl_ord_id, row.order.ord_status) for row in book.rows()] == [("Y", "PENDING_NEW")]


def test_a_refused_replace_heard_before_its_order_hides_nothing() -> None:
    book = Book()
    book.apply(streamed(1, "Y", **the_replace("PENDING_NEW", "")))
    book.apply(streamed(2, "Y", **refused("")))
    book.apply(streamed(3, **NEW))
    assert the(book).order.ord_status == "NEW"
    assert the(book, "Y").order.ord_status == "REJECTED"


def test_a_refusal_before_its_order_is_kept_for_an_order_that_comes_by_a_replace(book: Book) -> None:
    book.apply(streamed(2, "R", ord_status="REJECTED", ord_id="", orig_cl_ord_id="Y", text="too late"))
    book.apply(streamed(3, "Y", **the_replace("NEW", "B-2")))
    assert (the(book, "Y").cancel, the(book, "Y").cancel_text) == (CancelState.REJECTED, "too late")


def test_an_order_replaced_while_its_account_is_marked_is_as_old_as_the_account(book: Book) -> None:
    marking = book.aging(ACCOUNT, at(2))
    book.apply(streamed(3, "Y", **the_replace("NEW", "B-2")))
    for _ in marking:
        pass
    assert the(book, "Y").stale_since == at(2)

    unmarking = book.aging(ACCOUNT, None)
    book.apply(streamed(4, "Z", **{**NEW, "ord_id": "B-3", "orig_cl_ord_id": "Y"}))
    for _ in unmarking:
        pass
    assert the(book, "Z").stale_since is None


@given(chains(), st.randoms(use_true_random=False))
def test_whatever_was_replaced_or_refused_what_works_is_shown(chain: Chain, chance: Any) -> None:
    book = Book()
    for report in chain.reports:
        book.apply(report)
    for asked in (chain.end, chain.end + 10):
        listed = [
            Report(ACCOUNT, name, fields, Source.LIST, at(asked + 1), requested=at(asked))
            for name, fields in chain.listed.items()
        ]
        chance.shuffle(listed)
        book.replace(ACCOUNT, listed, at(asked), at(asked + 1))
    assert [_figures(row) for row in book.rows() if row.order.ord_status not in FINISHED] == (
        [] if chain.working is None else [_listed(chain, chain.working)]
    )


def _figures(row: Row) -> tuple[str, str, Decimal, Decimal, Decimal]:
    order = row.order
    return order.cl_ord_id, order.ord_status, order.qty, order.cum_qty, order.leaves_qty


def _listed(chain: Chain, name: str) -> tuple[str, str, Decimal, Decimal, Decimal]:
    said = chain.listed[name]
    return name, said["ord_status"], said["qty"], said["cum_qty"], said["leaves_qty"]
