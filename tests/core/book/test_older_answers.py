"""An answer that is heard of after a later report, as the answers to other runs are: of the request it is the word, of
the order nothing.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.lifecycle import Event, born, reduce
from blotter.core.book.report import Report
from blotter.core.book.status import code
from tests.core.events import LIVES
from tests.core.moments import at
from tests.core.orders import ACCOUNT, CANCELED, KEY, NEW, PART, read, the


@pytest.fixture
def book() -> Book:
    """An order that was listed as partly filled at 6, and a cancel of it that left at 2."""
    book = Book()
    book.replace(ACCOUNT, [read(5, 6, **PART)], at(5), at(6))
    book.sent(CancelSent(KEY, "one", at(2)))
    return book


def answer(book: Book, seconds: float, verdict: Verdict = Verdict.ACCEPTED, status: str = "", said: str = "") -> None:
    book.answered(CancelAnswered(KEY, "one", verdict, at(seconds), status=status, ord_status=said))


def test_an_acknowledgement_is_of_the_request_and_the_list_is_of_the_order(book: Book) -> None:
    answer(book, 3, status="PENDING_CANCEL")
    row = the(book)
    assert (row.order.ord_status, row.cancel, row.cancel_at, code(row)) == (
        "PARTIALLY_FILLED",
        CancelState.PENDING,
        at(3),
        "CXL?",
    )
    assert (row.reported, row.changed, row.needs_read) == (at(6), at(6), False)
    book.unconfirmed(KEY, "one", at(40))
    assert the(book).cancel == CancelState.UNCONFIRMED


@pytest.mark.parametrize("seconds", [6, 7])
def test_one_that_is_as_new_as_the_list_is_believed(book: Book, seconds: float) -> None:
    answer(book, seconds, status="PENDING_CANCEL")
    assert (the(book).order.ord_status, the(book).cancel) == ("PENDING_CANCEL", CancelState.PENDING)


def test_canceled_before_the_list_showed_it_working_is_for_a_read_to_say(book: Book) -> None:
    answer(book, 3, status="CANCELED")
    row = the(book)
    assert (row.order.ord_status, row.cancel, row.needs_read) == ("PARTIALLY_FILLED", CancelState.SENT, True)
    book.apply(read(7, 8, **CANCELED))
    assert (the(book).order.ord_status, the(book).cancel, the(book).needs_read) == (
        "CANCELED",
        CancelState.CONFIRMED,
        False,
    )


def test_what_a_refusal_says_of_the_order_is_for_a_read_to_say(book: Book) -> None:
    answer(book, 3, Verdict.REFUSED, said="SUSPENDED")
    row = the(book)
    assert (row.order.ord_status, row.cancel, row.needs_read) == ("PARTIALLY_FILLED", CancelState.REJECTED, True)


def test_a_refusal_does_not_end_the_pending_cancel_that_a_later_list_shows() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    book.sent(CancelSent(KEY, "one", at(2)))
    answer(book, 3, status="PENDING_CANCEL")
    book.apply(read(5, 6, **{**NEW, "ord_status": "PENDING_CANCEL"}, text="asked twice"))
    answer(book, 4, Verdict.REFUSED)
    row = the(book)
    assert (row.order.ord_status, row.cancel, row.needs_read) == ("PENDING_CANCEL", CancelState.REJECTED, True)


@given(LIVES)
def test_it_changes_nothing_of_the_order_and_the_last_word_on_it_is_never_an_earlier_one(
    life: tuple[Report, list[Event]],
) -> None:
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = row, reduce(row, event)
        assert row.reported.mono >= before.reported.mono
        if isinstance(event, CancelAnswered) and event.at.mono < before.reported.mono:
            assert (row.order, row.changed, row.reported) == (before.order, before.changed, before.reported)
