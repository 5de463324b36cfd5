"""What refusals, silence and acknowledgements make of a row, and refusals that look like orders."""

from __future__ import annotations

import pytest

from blotter.core.book.asks import MOST_STRANGERS
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.status import code, may_override, why_not_cancel
from tests.core.moments import at
from tests.core.orders import ACCOUNT, CANCELED, FILLED, KEY, NEW, PART, read, streamed, the


@pytest.fixture
def book() -> Book:
    """An order that works, with one cancel of ours on the wire."""
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    book.sent(CancelSent(KEY, "one", at(2)))
    return book


def say(book: Book, seconds: float, verdict: Verdict, status: str = "", request_id: str = "", text: str = "") -> None:
    book.answered(CancelAnswered(KEY, "one", verdict, at(seconds), status=status, text=text, request_id=request_id))


def refusal(book: Book, seconds: float, request_id: str = "C-1", ord_id: str = "") -> None:
    record = streamed(
        seconds, request_id, orig_cl_ord_id="X", ord_id=ord_id, ord_status="REJECTED", text="too late", symbol="AAPL"
    )
    book.apply(record)


def test_a_record_of_a_refusal_marks_the_order_and_is_no_row(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED, "PENDING_CANCEL", "C-1")
    refusal(book, 4)
    row = the(book)
    assert [known.key for known in book.rows()] == [KEY]
    assert (code(row), row.cancel, row.cancel_text, row.order.ord_status) == (
        "CXL!",
        CancelState.REJECTED,
        "too late",
        "NEW",
    )
    assert why_not_cancel(row, at(5)) is None
    assert row.needs_read


def test_it_speaks_once_however_often_it_is_listed(book: Book) -> None:
    refusal(book, 3)
    book.sent(CancelSent(KEY, "two", at(4)))
    refusal(book, 5)
    assert (the(book).cancel, the(book).intent) == (CancelState.SENT, "two")


def test_it_belongs_to_the_request_it_names(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED, "PENDING_CANCEL", "C-1")
    refusal(book, 4, "C-9")
    assert (the(book).cancel, code(the(book))) == (CancelState.PENDING, "CXL?")
    refusal(book, 5, "C-1")
    assert [ask.state for ask in the(book).asks] == [CancelState.REJECTED, CancelState.REJECTED]


def test_an_answer_that_names_the_order_names_no_request(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED, "PENDING_CANCEL", "X")
    refusal(book, 4, "C-1")
    assert the(book).cancel == CancelState.REJECTED


def test_a_refusal_under_the_orders_own_id_is_not_its_end(book: Book) -> None:
    refusal(book, 3, "X")
    assert (the(book).order.ord_status, code(the(book))) == ("NEW", "CXL!")


def test_in_a_list_a_record_under_the_orders_own_id_is_the_orders(book: Book) -> None:
    """A list has one record for each id."""
    rejected = {"orig_cl_ord_id": "X", "ord_id": "", "ord_status": "REJECTED", "symbol": "AAPL"}
    book.apply(read(3, 4, **rejected))
    assert (the(book).order.ord_status, the(book).cancel) == ("REJECTED", CancelState.MOOT)


@pytest.mark.parametrize(("known", "ord_id"), [("B-1", "B-1"), ("", "")])
def test_a_rejection_under_the_orders_own_id_is_its_end_unless_the_broker_had_named_it(known: str, ord_id: str) -> None:
    """The broker's own id is given to orders that it took; its refusal of a request about one carries none."""
    book = Book()
    book.apply(streamed(1, **{**NEW, "ord_id": known}))
    refusal(book, 2, "X", ord_id)
    assert the(book).order.ord_status == "REJECTED"


def test_two_refusals_under_the_orders_own_id_are_one(book: Book) -> None:
    """Nothing tells a second from a repetition."""
    refusal(book, 3, "X")
    refusal(book, 4, "X")
    assert [ask.intent for ask in the(book).asks] == ["one"]


def test_a_refused_order_that_traded_while_pending_is_partially_filled(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED, "PENDING_CANCEL")
    book.apply(streamed(4, **{**PART, "ord_status": "PENDING_CANCEL"}))
    say(book, 5, Verdict.REFUSED)
    assert (the(book).order.ord_status, the(book).needs_read) == ("PARTIALLY_FILLED", True)


def test_new_in_a_refusal_is_no_word_on_an_order_that_traded(book: Book) -> None:
    book.apply(streamed(3, **PART))
    book.answered(CancelAnswered(KEY, "one", Verdict.REFUSED, at(4), ord_status="NEW"))
    assert (the(book).order.ord_status, the(book).needs_read) == ("PARTIALLY_FILLED", True)


def test_a_duplicate_id_proves_that_a_copy_arrived_and_nothing_else(book: Book) -> None:
    duplicate = CancelAnswered(KEY, "one", Verdict.REFUSED, at(4), reason=6)
    say(book, 3, Verdict.ACCEPTED, "PENDING_CANCEL")
    book.answered(duplicate)
    assert (the(book).cancel, the(book).needs_read) == (CancelState.PENDING, True)
    book.apply(read(5, 6, **NEW))
    book.unconfirmed(KEY, "one", at(60))
    assert book.answered(duplicate) == ()
    assert the(book).cancel == CancelState.UNCONFIRMED


def test_an_unknown_order_that_ended_as_the_refusal_says_is_in_no_doubt(book: Book) -> None:
    book.apply(streamed(3, **CANCELED))
    book.answered(CancelAnswered(KEY, "one", Verdict.REFUSED, at(4), ord_status="CANCELED", reason=1))
    assert (the(book).order.ord_status, the(book).needs_read) == ("CANCELED", False)


def test_a_success_that_says_no_status_is_pending_and_is_read(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED)
    assert (the(book).cancel, the(book).order.ord_status, the(book).needs_read) == (CancelState.PENDING, "NEW", True)


def test_silence_about_a_request_that_was_taken_is_read(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED, "PENDING_CANCEL")
    say(book, 4, Verdict.UNKNOWN)
    assert (the(book).cancel, the(book).needs_read) == (CancelState.PENDING, True)


def test_how_long_an_order_is_pending_does_not_begin_anew_with_a_refusal_of_ours() -> None:
    book = Book()
    book.apply(streamed(1, **{**NEW, "ord_status": "PENDING_CANCEL"}))
    book.sent(CancelSent(KEY, "one", at(35)))
    say(book, 36, Verdict.REFUSED)
    assert may_override(the(book), at(37))


def test_somebody_elses_refusal_is_shown_too() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    refusal(book, 2)
    assert (code(the(book)), the(book).cancel_text, the(book).intent) == ("CXL!", "too late", "")


def test_a_refusal_that_comes_before_its_order_waits_for_it() -> None:
    book = Book()
    refusal(book, 1)
    assert not tuple(book.rows())
    book.apply(read(0, 2, **NEW))
    assert code(the(book)) == "CXL!"


def test_a_refusal_says_nothing_of_a_finished_order() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **CANCELED)], at(0), at(1))
    refusal(book, 2)
    assert (code(the(book)), the(book).cancel) == ("CXLD", CancelState.NONE)


def test_an_order_that_was_rejected_is_a_row() -> None:
    book = Book()
    book.apply(streamed(1, "Z", **{**NEW, "ord_id": "", "ord_status": "REJECTED"}))
    assert code(the(book, "Z")) == "REJ"


def test_refused_at_once_the_order_works_on_and_is_read(book: Book) -> None:
    say(book, 3, Verdict.REFUSED, "REJECTED", text="not now")
    row = the(book)
    assert (row.order.ord_status, code(row), row.cancel_text, row.needs_read) == ("NEW", "CXL!", "not now", True)
    book.apply(read(4, 5, **NEW))
    assert (code(the(book)), the(book).needs_read) == ("CXL!", False)


@pytest.mark.parametrize("ord_status", ["REJECTED", "CANCELED", "NEW"])
def test_an_order_unknown_to_the_broker_keeps_its_status_and_is_read(book: Book, ord_status: str) -> None:
    book.answered(CancelAnswered(KEY, "one", Verdict.REFUSED, at(3), ord_status=ord_status, reason=1))
    row = the(book)
    assert (row.order.ord_status, row.cancel, row.needs_read) == ("NEW", CancelState.REJECTED, True)


def test_a_status_of_rejected_is_a_refusal_even_if_called_a_success(book: Book) -> None:
    say(book, 3, Verdict.ACCEPTED, "REJECTED")
    assert (the(book).cancel, the(book).order.ord_status) == (CancelState.REJECTED, "NEW")


def test_a_read_that_was_under_way_does_not_settle_a_refusal(book: Book) -> None:
    say(book, 3, Verdict.REFUSED, "REJECTED")
    book.apply(read(2.5, 4, **NEW))
    assert the(book).needs_read


def test_no_answer_is_unknown_until_a_report_settles_it(book: Book) -> None:
    say(book, 3, Verdict.UNKNOWN)
    assert (code(the(book)), the(book).needs_read) == ("CXL??", True)
    book.apply(read(4, 5, **NEW))
    assert (code(the(book)), the(book).needs_read) == ("CXL??", True)
    book.apply(streamed(6, **FILLED))
    assert (code(the(book)), the(book).cancel, the(book).needs_read) == ("FILL!", CancelState.MOOT, False)


def test_unknown_becomes_unconfirmed_and_may_be_asked_again(book: Book) -> None:
    say(book, 3, Verdict.UNKNOWN)
    book.unconfirmed(KEY, "one", at(60))
    row = the(book)
    assert (row.cancel, row.needs_read, why_not_cancel(row, at(61))) == (CancelState.UNCONFIRMED, False, None)
    book.apply(streamed(62, **CANCELED))
    assert the(book).cancel == CancelState.CONFIRMED, "it had worked after all"


def test_unconfirmed_is_for_unknown_outcomes_only(book: Book) -> None:
    assert book.unconfirmed(KEY, "one", at(60)) == ()


def test_what_never_left_may_be_asked_again_at_once(book: Book) -> None:
    say(book, 3, Verdict.NOT_SENT)
    assert (the(book).cancel, why_not_cancel(the(book), at(4))) == (CancelState.NOT_SENT, None)


def test_a_resend_that_never_left_says_nothing_of_the_first_copy(book: Book) -> None:
    say(book, 3, Verdict.UNKNOWN)
    book.sent(CancelSent(KEY, "one", at(4)))
    say(book, 5, Verdict.NOT_SENT)
    assert the(book).cancel == CancelState.UNKNOWN


@pytest.mark.parametrize("status", ["NEW", "FILLED", "BEWITCHED"])
def test_a_success_that_makes_no_sense_is_unknown(book: Book, status: str) -> None:
    say(book, 3, Verdict.ACCEPTED, status)
    assert (the(book).cancel, the(book).order.ord_status) == (CancelState.UNKNOWN, "NEW")
    book.unconfirmed(KEY, "one", at(60))
    assert the(book).needs_read, "what the broker said of it is yet to be read"


def test_a_broker_that_makes_up_requests_cannot_make_a_row_grow_without_end(book: Book) -> None:
    refusal(book, 3, "C-1")
    for number in range(1_000):
        refusal(book, 4, f"made-up-{number}")
    asked = the(book).asks
    assert [(ask.intent, ask.request_id) for ask in asked][:2] == [("one", "C-1"), ("", "made-up-0")]
    assert len(asked) == 1 + MOST_STRANGERS

    refusal(book, 5, "made-up-0")
    assert the(book).asks == asked, "those that are remembered are known when they are repeated"
    book.sent(CancelSent(KEY, "two", at(6)))
    refusal(book, 7, "C-2")
    assert (the(book).intent, the(book).cancel) == ("two", CancelState.REJECTED), "ours are always taken in"


def test_neither_can_it_through_replaces_that_are_told_late(book: Book) -> None:
    former = "X"
    for generation in range(1, 21):
        heir = {**NEW, "ord_id": f"B-{generation + 1}"}
        book.apply(streamed(3, f"X-{generation}", **heir))
        for number in range(MOST_STRANGERS):
            refused = {"orig_cl_ord_id": f"X-{generation}", "ord_id": "", "ord_status": "REJECTED"}
            book.apply(streamed(3, f"made-up-{generation}-{number}", **refused))
        book.apply(streamed(4, f"X-{generation}", **heir, orig_cl_ord_id=former))
        former = f"X-{generation}"
    asked = the(book, former).asks
    assert [ask.intent for ask in asked if ask.intent] == ["one"]
    assert sum(not ask.intent for ask in asked) == MOST_STRANGERS


def test_confirmed_does_not_outlive_the_end() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    book.sent(CancelSent(KEY, "one", at(2)))
    book.apply(streamed(3, **CANCELED))
    book.apply(read(4, 5, **PART))
    assert the(book).cancel == CancelState.UNCONFIRMED
