"""Several requests about one order: what settles one of them says nothing of another."""

from __future__ import annotations

import pytest

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.status import code, words
from tests.core.moments import at
from tests.core.orders import ACCOUNT, CANCELED, FILLED, KEY, NEW, PART, read, streamed, the


@pytest.fixture
def book() -> Book:
    """An order that works, with one cancel of ours on the wire."""
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    book.sent(CancelSent(KEY, "one", at(2)))
    return book


def answer(book: Book, seconds: float, intent: str, verdict: Verdict, status: str = "", name: str = "") -> None:
    book.answered(CancelAnswered(KEY, intent, verdict, at(seconds), status=status, request_id=name))


def refusal(book: Book, seconds: float, request_id: str) -> None:
    book.apply(streamed(seconds, request_id, orig_cl_ord_id="X", ord_id="", ord_status="REJECTED", text="too late"))


def states(book: Book) -> dict[str, CancelState]:
    return {ask.intent: ask.state for ask in the(book).asks}


def test_reads_that_settle_one_unknown_request_leave_a_later_one_unknown(book: Book) -> None:
    answer(book, 3, "one", Verdict.UNKNOWN)
    book.sent(CancelSent(KEY, "two", at(18)))
    answer(book, 19, "two", Verdict.UNKNOWN)
    book.unconfirmed(KEY, "one", at(19))
    assert states(book) == {"one": CancelState.UNCONFIRMED, "two": CancelState.UNKNOWN}
    assert the(book).needs_read


def test_reads_that_show_one_taken_request_gone_leave_a_later_one_pending(book: Book) -> None:
    answer(book, 3, "one", Verdict.ACCEPTED, "PENDING_CANCEL", "C-1")
    book.sent(CancelSent(KEY, "two", at(34)))
    book.apply(read(35, 36, **NEW))
    answer(book, 37, "two", Verdict.ACCEPTED, "", "C-2")
    book.apply(read(38, 39, **NEW))
    book.unconfirmed(KEY, "one", at(40))
    assert states(book)["one"] == CancelState.UNCONFIRMED
    assert states(book)["two"] == CancelState.PENDING


def test_what_a_gap_left_in_doubt_stays_so_when_a_request_is_given_up(book: Book) -> None:
    answer(book, 3, "one", Verdict.UNKNOWN)
    book.doubt([KEY], at(10))
    book.unconfirmed(KEY, "one", at(11))
    assert the(book).needs_read, "only a read that is asked for later ends a doubt"


def test_a_record_of_an_older_refusal_does_not_refuse_the_next_request(book: Book) -> None:
    """The first was refused over HTTP without a name; the refusal's own record comes when the second is on its way."""
    answer(book, 3, "one", Verdict.REFUSED)
    book.sent(CancelSent(KEY, "two", at(4)))
    refusal(book, 5, "C-1")
    assert states(book) == {"one": CancelState.REJECTED, "two": CancelState.SENT}
    refusal(book, 6, "C-2")
    assert states(book) == {"one": CancelState.REJECTED, "two": CancelState.REJECTED}


def test_a_refusal_taken_for_ours_is_given_back_when_our_answer_has_another_name(book: Book) -> None:
    refusal(book, 3, "C-9")
    assert states(book) == {"one": CancelState.REJECTED}
    answer(book, 4, "one", Verdict.ACCEPTED, "PENDING_CANCEL", "C-1")
    assert states(book) == {"": CancelState.REJECTED, "one": CancelState.PENDING}
    assert code(the(book)) == "CXL?"
    refusal(book, 5, "C-9")
    assert states(book)["one"] == CancelState.PENDING, "every list repeats it"
    book.apply(streamed(6, **CANCELED))
    assert the(book).cancel == CancelState.CONFIRMED


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.NOT_SENT])
def test_an_answer_that_proves_nothing_but_its_name_gives_the_refusal_of_another_back(
    book: Book, verdict: Verdict
) -> None:
    refusal(book, 3, "C-9")
    answer(book, 4, "one", verdict, name="C-1")
    assert states(book) == {"": CancelState.REJECTED, "one": CancelState.UNKNOWN}, "what has a name did leave"
    row = the(book)
    assert {(ask.intent, ask.request_id, ask.text) for ask in row.asks} == {("", "C-9", "too late"), ("one", "C-1", "")}
    assert (row.cancel, row.cancel_at, row.needs_read) == (CancelState.UNKNOWN, at(4), True)
    answer(book, 5, "one", verdict, name="C-1")
    assert the(book) == row
    book.apply(streamed(6, **CANCELED))
    assert states(book) == {"": CancelState.REJECTED, "one": CancelState.CONFIRMED}


@pytest.mark.parametrize("verdict", Verdict)
def test_a_refusal_of_ours_that_was_counted_for_somebody_else_is_ours_once_our_answer_names_it(
    book: Book, verdict: Verdict
) -> None:
    """Two cancels of one order, both refused, both records here before our answer: the first was taken for ours."""
    refusal(book, 3, "C-9")
    refusal(book, 4, "C-1")
    assert {ask.request_id: ask.intent for ask in the(book).asks} == {"C-9": "one", "C-1": ""}
    answer(book, 5, "one", verdict, "PENDING_CANCEL" if verdict is Verdict.ACCEPTED else "", "C-1")
    row = the(book)
    assert {ask.request_id: ask.intent for ask in row.asks} == {"C-9": "", "C-1": "one"}
    assert {ask.state for ask in row.asks} == {CancelState.REJECTED}
    assert (row.order.ord_status, code(row), row.cancel_text) == ("NEW", "CXL!", "too late")


@pytest.mark.parametrize("name", ["C-9", "X", ""])
@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.NOT_SENT])
def test_a_refusal_stands_when_a_later_answer_gives_the_request_no_other_name(
    book: Book, verdict: Verdict, name: str
) -> None:
    refusal(book, 3, "C-9")
    row = the(book)
    answer(book, 4, "one", verdict, name=name)
    assert the(book) == row


def test_an_order_that_ended_while_a_refusal_was_taken_for_ours_settles_ours_when_it_is_read(book: Book) -> None:
    refusal(book, 3, "C-9")
    book.apply(streamed(4, **CANCELED))
    answer(book, 5, "one", Verdict.UNKNOWN, name="C-1")
    assert (states(book)["one"], the(book).needs_read) == (CancelState.UNKNOWN, True)
    book.apply(read(6, 7, **CANCELED))
    assert (states(book)["one"], the(book).needs_read) == (CancelState.CONFIRMED, False)


def test_a_refusal_of_ours_does_not_end_a_pending_cancel_of_somebody_else(book: Book) -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **{**NEW, "ord_status": "PENDING_CANCEL"})], at(0), at(1))
    book.apply(streamed(2, **NEW))
    book.apply(streamed(3, **{**NEW, "ord_status": "PENDING_CANCEL"}))
    book.sent(CancelSent(KEY, "one", at(40)))
    answer(book, 41, "one", Verdict.REFUSED)
    assert (the(book).order.ord_status, the(book).needs_read) == ("PENDING_CANCEL", True)


def test_somebody_elses_refusal_does_not_hide_what_is_unconfirmed_of_ours(book: Book) -> None:
    answer(book, 3, "one", Verdict.ACCEPTED, "PENDING_CANCEL", "C-1")
    book.apply(read(34, 35, **NEW))
    book.unconfirmed(KEY, "one", at(36))
    refusal(book, 37, "C-9")
    assert (the(book).cancel, code(the(book))) == (CancelState.UNCONFIRMED, "CXL??")


def test_a_pending_report_reaches_a_request_that_was_given_up(book: Book) -> None:
    answer(book, 3, "one", Verdict.UNKNOWN)
    book.unconfirmed(KEY, "one", at(20))
    book.apply(streamed(21, ord_status="PENDING_CANCEL"))
    assert (the(book).cancel, code(the(book))) == (CancelState.PENDING, "CXL?")


def test_a_pending_report_without_a_name_is_counted_for_the_oldest_open_request(book: Book) -> None:
    book.sent(CancelSent(KEY, "two", at(3)))
    book.apply(streamed(4, ord_status="PENDING_CANCEL"))
    assert states(book) == {"one": CancelState.PENDING, "two": CancelState.SENT}
    book.apply(streamed(5, ord_status="PENDING_CANCEL", text="still"))
    assert states(book) == {"one": CancelState.PENDING, "two": CancelState.SENT}, "it may be told twice"


def test_a_pending_report_without_a_name_is_counted_for_none_while_one_of_ours_is_pending(book: Book) -> None:
    book.sent(CancelSent(KEY, "two", at(3)))
    answer(book, 4, "two", Verdict.ACCEPTED, "PENDING_CANCEL")
    book.apply(streamed(5, ord_status="PENDING_CANCEL"))
    assert states(book) == {"one": CancelState.SENT, "two": CancelState.PENDING}


def test_a_pending_report_that_says_nothing_new_of_the_order_still_counts(book: Book) -> None:
    book = Book()
    book.apply(streamed(1, **{**NEW, "ord_status": "PENDING_CANCEL"}))
    book.sent(CancelSent(KEY, "one", at(40)))
    book.apply(streamed(41, ord_status="PENDING_CANCEL"))
    assert states(book) == {"one": CancelState.PENDING}


def test_of_two_that_are_on_the_wire_the_later_is_shown_and_before_one_that_is_unknown(book: Book) -> None:
    book.sent(CancelSent(KEY, "two", at(3)))
    assert (the(book).cancel, the(book).intent) == (CancelState.SENT, "two")
    answer(book, 4, "two", Verdict.UNKNOWN)
    assert (the(book).cancel, the(book).intent) == (CancelState.SENT, "one")


def test_a_record_of_a_refusal_is_of_the_oldest_request_without_a_name(book: Book) -> None:
    book.sent(CancelSent(KEY, "two", at(3)))
    refusal(book, 4, "C-1")
    assert states(book) == {"one": CancelState.REJECTED, "two": CancelState.SENT}


def test_a_refused_request_leaves_the_order_pending_while_another_may_hold_it_so(book: Book) -> None:
    answer(book, 3, "one", Verdict.ACCEPTED, "PENDING_CANCEL")
    book.sent(CancelSent(KEY, "two", at(4)))
    answer(book, 5, "one", Verdict.REFUSED)
    assert (the(book).order.ord_status, the(book).needs_read) == ("PENDING_CANCEL", True)


def test_a_request_that_is_taken_over_is_ours() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    for by in ("another blotter", ""):
        book.sent(CancelSent(KEY, "one", at(2), by))
        assert [(ask.intent, ask.by) for ask in the(book).asks] == [("one", by)]


def test_a_pending_report_with_a_name_that_is_none_of_ours_is_of_somebody_elses_request(book: Book) -> None:
    answer(book, 3, "one", Verdict.UNKNOWN, name="C-1")
    book.apply(streamed(4, "C-9", orig_cl_ord_id="X", ord_status="PENDING_CANCEL"))
    assert states(book) == {"one": CancelState.UNKNOWN}
    book.apply(streamed(5, "C-1", orig_cl_ord_id="X", ord_status="PENDING_CANCEL", text="yours"))
    assert states(book) == {"one": CancelState.PENDING}


def test_a_pending_report_takes_no_refusal_back(book: Book) -> None:
    answer(book, 3, "one", Verdict.REFUSED, name="C-1")
    book.apply(streamed(4, "C-1", orig_cl_ord_id="X", ord_status="PENDING_CANCEL"))
    assert states(book) == {"one": CancelState.REJECTED}


def test_a_pending_report_reaches_the_last_of_those_that_were_given_up(book: Book) -> None:
    book.sent(CancelSent(KEY, "two", at(3)))
    for seconds, intent in ((4, "one"), (5, "two")):
        answer(book, seconds, intent, Verdict.UNKNOWN)
        book.unconfirmed(KEY, intent, at(20 + seconds))
    book.apply(streamed(30, ord_status="PENDING_CANCEL"))
    assert states(book) == {"one": CancelState.UNCONFIRMED, "two": CancelState.PENDING}


def test_a_request_that_was_taken_is_not_given_up_while_the_broker_says_pending(book: Book) -> None:
    answer(book, 3, "one", Verdict.ACCEPTED, "PENDING_CANCEL")
    book.sent(CancelSent(KEY, "two", at(4)))
    answer(book, 5, "two", Verdict.UNKNOWN)
    for intent in ("one", "two"):
        book.unconfirmed(KEY, intent, at(60))
    assert states(book) == {"one": CancelState.PENDING, "two": CancelState.UNCONFIRMED}


def test_an_end_that_is_taken_back_leaves_no_request_ended(book: Book) -> None:
    book.apply(streamed(3, **FILLED))
    assert states(book) == {"one": CancelState.MOOT}
    book.apply(read(4, 5, **PART))
    assert (the(book).order.ord_status, the(book).cancel) == ("PARTIALLY_FILLED", CancelState.UNCONFIRMED)


@pytest.mark.parametrize("end", ["REPLACED", "SUPERSEDED"])
def test_a_cancel_that_came_too_late_for_a_replaced_order_says_nothing_of_the_new_one(book: Book, end: str) -> None:
    book.apply(streamed(3, ord_status=end))
    book.apply(streamed(4, "Y", **{**NEW, "orig_cl_ord_id": "X"}))
    row = the(book, "Y")
    assert (row.cancel, code(row), words(row)) == (CancelState.MOOT, "NEW", "NEW")


def test_a_late_fill_is_not_called_a_cancel(book: Book) -> None:
    book.apply(streamed(3, **CANCELED))
    book.apply(streamed(4, **FILLED))
    row = the(book)
    assert (row.order.ord_status, code(row)) == ("FILLED", "FILL!")
    assert words(row) == "FILLED: ended before our cancel took effect"


def test_one_name_for_two_requests_does_not_make_the_answer_to_one_the_other_s(book: Book) -> None:
    answer(book, 3, "one", Verdict.ACCEPTED, "PENDING_CANCEL", "C-1")
    answer(book, 4, "two", Verdict.REFUSED, "REJECTED", "C-1")
    assert states(book) == {"one": CancelState.PENDING, "two": CancelState.REJECTED}
