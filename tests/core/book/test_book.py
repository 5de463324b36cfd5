"""The book keeps one row for each order, whatever the broker says, in whatever order, and however often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.report import Report, Source
from blotter.core.book.status import code, why_not_cancel
from blotter.core.order import OrderFields, OrderKey
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT, CANCELED, FILLED, KEY, NEW, PART, D, read, streamed, the


@pytest.fixture
def book() -> Book:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **NEW)], at(0), at(1))
    return book


def test_a_new_order_gets_a_tag_and_keeps_it(book: Book) -> None:
    book.apply(streamed(2, "Y", **NEW))
    change = book.apply(streamed(3, **PART))[0]
    assert (the(book).tag, the(book, "Y").tag, change.after.tag) == ("aa", "ab", "aa")
    assert change.before is not None
    assert change.before.order.ord_status == "NEW"


def test_an_order_beyond_what_the_book_holds_is_left_out_and_its_account_known() -> None:
    book = Book(most=1)
    book.apply(streamed(0, **NEW))
    assert book.overfull == set()
    assert book.apply(streamed(1, "Y", **NEW)) == ()
    assert book.overfull == {ACCOUNT}
    assert book.apply(streamed(2, **PART))
    assert [row.order.cl_ord_id for row in book.rows()] == ["X"]


def test_the_same_report_twice_is_no_change(book: Book) -> None:
    assert book.apply(streamed(2, **PART))
    assert book.apply(streamed(3, **PART)) == ()


def test_the_same_list_twice_is_no_change(book: Book) -> None:
    before = list(book.rows())
    assert book.replace(ACCOUNT, [read(5, 6, **NEW)], at(5), at(6)) == ()
    assert list(book.rows()) == before


def test_a_patch_changes_only_what_it_names(book: Book) -> None:
    book.apply(streamed(2, ord_status="PARTIALLY_FILLED", cum_qty=D(30), avg_price=D("9.9")))
    order = the(book).order
    assert (order.symbol, order.price, order.leaves_qty) == ("AAPL", D(10), D(70))


def test_a_patch_for_an_order_never_heard_of_waits_for_the_rest() -> None:
    book = Book()
    book.apply(streamed(1, ord_status="NEW"))
    assert why_not_cancel(the(book), at(2)) is not None
    book.apply(read(0, 2, **NEW))
    assert the(book).order.symbol == "AAPL"


def test_a_read_asked_for_before_the_last_report_cannot_take_it_back(book: Book) -> None:
    book.apply(streamed(5, **PART))
    assert book.apply(read(4, 6, **NEW)) == ()
    assert the(book).order.cum_qty == 40


@pytest.mark.parametrize("said", [{"ord_status": "PENDING_CANCEL"}, {"ord_status": "SUSPENDED"}, {"price": D(11)}])
def test_nor_what_no_quantity_gives_an_order(book: Book, said: OrderFields) -> None:
    """Without a time stamp a status or a price that came and went looks the same as one that is yet to come."""
    book.apply(streamed(5, **{**NEW, **said}))
    before = the(book).order
    assert book.apply(read(4, 6, **NEW)) == ()
    assert the(book).order == before
    book.apply(read(6, 7, **NEW))
    assert the(book).order.ord_status == "NEW"
    assert the(book).order.price == 10


def test_an_answer_to_a_cancel_outdates_a_list_that_was_on_its_way(book: Book) -> None:
    book.sent(CancelSent(KEY, "one", at(4)))
    book.answered(CancelAnswered(KEY, "one", Verdict.ACCEPTED, at(5), status="PENDING_CANCEL"))
    assert book.apply(read(4.5, 6, **NEW)) == ()
    assert code(the(book)) == "CXL?"


@pytest.mark.parametrize(
    ("streams", "reads"),
    [
        pytest.param({"ord_status": "PENDING_NEW"}, {"ord_status": "NEW"}, id="taken"),
        pytest.param({}, PART, id="traded"),
        pytest.param({}, {**NEW, "updated_at": START + timedelta(seconds=5)}, id="stamped"),
        pytest.param({}, CANCELED, id="ended"),
        pytest.param({}, {**NEW, "ord_status": "CANCELED", "leaves_qty": D(0)}, id="ended untouched"),
    ],
)
def test_a_read_asked_for_before_the_last_report_may_still_know_more(streams: OrderFields, reads: OrderFields) -> None:
    book = Book()
    book.apply(streamed(5, **{**NEW, "price": D(9), "updated_at": START, **streams}))
    book.apply(read(4, 6, **{**NEW, **reads}))
    order = the(book).order
    assert (order.ord_status, order.cum_qty, order.price) == (reads["ord_status"], reads.get("cum_qty", D(0)), D(10))


def test_a_read_asked_for_after_the_last_report_can(book: Book) -> None:
    book.apply(streamed(5, **PART))
    book.apply(read(6, 7, **NEW))
    assert (the(book).order.cum_qty, the(book).order.ord_status, the(book).needs_read) == (D(0), "NEW", False)


def test_hearing_the_same_again_still_outdates_a_read_on_its_way(book: Book) -> None:
    book.apply(streamed(5, **PART))
    book.apply(streamed(7, **PART))
    book.apply(read(6, 8, **NEW))
    assert the(book).order.cum_qty == 40


def test_less_filled_on_the_stream_is_an_old_message_and_wants_a_read(book: Book) -> None:
    book.apply(streamed(5, **PART))
    book.apply(streamed(6, **NEW))
    assert (the(book).order.cum_qty, the(book).needs_read) == (D(40), True)
    book.apply(read(7, 8, **PART))
    assert not the(book).needs_read


def test_only_a_read_asked_for_after_the_doubt_ends_it(book: Book) -> None:
    book.apply(streamed(5, **PART))
    book.apply(streamed(6, **NEW))
    book.apply(read(5.5, 8, **PART))
    assert the(book).needs_read


def test_a_read_asked_for_before_the_last_report_does_not_end_a_doubt(book: Book) -> None:
    book.doubt([KEY], at(3))
    book.apply(streamed(8, **PART))
    book.apply(read(5, 9, **CANCELED))
    assert (the(book).order.ord_status, the(book).needs_read) == ("CANCELED", True)


def test_a_read_that_is_too_old_is_no_word_on_the_order(book: Book) -> None:
    book.apply(streamed(5, **PART))
    book.sent(CancelSent(KEY, "one", at(5)))
    book.apply(read(4, 7, **NEW))
    assert the(book).reported == at(5)


def test_what_is_told_again_is_no_news(book: Book) -> None:
    book.sent(CancelSent(KEY, "one", at(3)))
    book.apply(streamed(5, **NEW))
    assert (the(book).reported, the(book).changed) == (at(5), at(1))


def test_an_old_copy_that_completes_an_order_to_a_contradiction_wants_a_read() -> None:
    book = Book()
    book.apply(streamed(1, ord_status="PARTIALLY_FILLED", cum_qty=D(40), avg_price=D(10)))
    assert not the(book).needs_read
    book.apply(read(0, 2, **PART))
    assert (the(book).order.qty, the(book).needs_read) == (D(100), True)


def test_a_read_without_an_average_leaves_none_and_asks_for_no_other(book: Book) -> None:
    book.apply(read(4, 5, ord_status="PARTIALLY_FILLED", cum_qty=D(40), leaves_qty=D(60)))
    assert (the(book).order.avg_price, the(book).needs_read) == (None, False)


def test_the_time_stamp_tells_an_old_copy_without_doubt(book: Book) -> None:
    book.apply(streamed(5, **PART, updated_at=START + timedelta(seconds=5)))
    assert book.apply(streamed(6, **NEW, updated_at=START + timedelta(seconds=1))) == ()
    assert not the(book).needs_read


def test_a_list_from_a_cache_that_lags_is_not_believed(book: Book) -> None:
    book.apply(streamed(5, **FILLED, updated_at=START + timedelta(seconds=5, microseconds=700)))
    book.apply(read(6, 7, **NEW, updated_at=START + timedelta(seconds=2)))
    assert (the(book).order.ord_status, the(book).needs_read) == ("FILLED", True)
    book.apply(read(8, 9, **PART, updated_at=START + timedelta(seconds=5)))
    assert the(book).order.ord_status == "PARTIALLY_FILLED", "cut fractions are no lag"


def test_an_unknown_status_is_kept_and_marked(book: Book) -> None:
    book.apply(streamed(5, ord_status="BEWITCHED"))
    row = the(book)
    assert (row.order.ord_status, code(row), row.needs_read) == ("BEWITCHED", "?BEWI", True)


def test_quantities_that_contradict_each_other_want_a_read(book: Book) -> None:
    book.apply(streamed(5, **{**PART, "leaves_qty": D(50)}))
    assert the(book).needs_read
    book.apply(streamed(6, **{**FILLED, "cum_qty": D(110)}))
    assert the(book).order.cum_qty == 110
    assert the(book).needs_read


def test_absence_from_a_list_proves_nothing(book: Book) -> None:
    change = book.replace(ACCOUNT, [], at(5), at(6))[0]
    assert (change.after.order.ord_status, change.after.needs_read) == ("NEW", True)
    assert book.replace(ACCOUNT, [], at(7), at(8)) == (), "told once"


def test_a_list_says_nothing_of_orders_that_came_while_it_was_read(book: Book) -> None:
    book.apply(streamed(5.5, "Y", **NEW))
    book.replace(ACCOUNT, [read(5, 6, **NEW)], at(5), at(6))
    assert not the(book, "Y").needs_read


def test_a_list_says_nothing_of_finished_orders_and_of_other_accounts(book: Book) -> None:
    book.apply(streamed(2, **FILLED))
    book.apply(Report("ACC-2", "X", NEW, Source.STREAM, at(2)))
    assert book.replace(ACCOUNT, [], at(5), at(6)) == ()
    assert list(book.absent(ACCOUNT, (), at(7))) == [[]]
    assert book.doubt([KEY], at(7)) == ()


def test_orders_finished_at_the_first_list_were_finished_before() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, "A", **FILLED), read(0, 1, "B", **NEW)], at(0), at(1))
    book.apply(streamed(2, "B", **FILLED))
    book.replace(ACCOUNT, [read(3, 4, name, **FILLED) for name in "ABC"], at(3), at(4))
    assert [the(book, name).finished_before for name in "ABC"] == [True, False, False]


@pytest.mark.parametrize(
    ("source", "before"),
    [(Source.STREAM, False), (Source.SNAPSHOT, True), (Source.LIST, True), (Source.HISTORY, True)],
)
def test_what_ends_on_the_stream_before_the_first_list_is_shown(source: Source, before: bool) -> None:
    book = Book()
    book.apply(Report(ACCOUNT, "X", FILLED, source, at(1)))
    assert the(book).finished_before is before


def test_an_order_that_comes_back_to_life_is_not_hidden() -> None:
    book = Book()
    book.replace(ACCOUNT, [read(0, 1, **CANCELED)], at(0), at(1))
    book.replace(ACCOUNT, [read(2, 3, **PART)], at(2), at(3))
    assert not the(book).finished_before


def test_history_is_from_before_whenever_it_is_read(book: Book) -> None:
    book.apply(Report(ACCOUNT, "OLD", FILLED, Source.HISTORY, at(9), requested=at(8)))
    assert the(book, "OLD").finished_before


def test_stale_rows_know_since_when_and_are_fresh_again(book: Book) -> None:
    book.apply(Report("ACC-2", "X", NEW, Source.STREAM, at(2)))
    assert [change.after.key for change in book.stale(ACCOUNT, at(5))] == [KEY]
    assert book.stale(ACCOUNT, at(6)) == ()
    book.apply(streamed(7, "LATE", **NEW))
    assert the(book).stale_since == the(book, "LATE").stale_since == at(5)
    assert len(book.fresh(ACCOUNT)) == 2
    assert the(book).stale_since is None
    assert the(book).needs_read, "nothing has been read since"


def test_a_finished_order_of_a_stale_account_is_stale_and_in_no_doubt(book: Book) -> None:
    book.apply(streamed(2, **FILLED))
    book.stale(ACCOUNT, at(5))
    assert (the(book).stale_since, the(book).doubted, the(book).needs_read) == (at(5), None, False)


def test_a_read_that_brings_nothing_new_is_no_later_word_on_the_order(book: Book) -> None:
    """A list may come from a cache, and what it repeats may be as old as the last report: a read that was on its way
    meanwhile still counts.
    """
    book.doubt([KEY], at(3))
    book.apply(read(4, 6, **NEW))
    assert (the(book).reported, the(book).changed, the(book).doubted) == (at(1), at(1), None)


def test_a_request_is_followed_by_its_name(book: Book) -> None:
    book.sent(CancelSent(KEY, "one", at(2)))
    book.answered(CancelAnswered(KEY, "one", Verdict.ACCEPTED, at(3), status="PENDING_CANCEL"))
    book.sent(CancelSent(KEY, "two", at(4)))
    assert (the(book).cancel, the(book).intent, the(book).cancel_at) == (CancelState.PENDING, "one", at(3))
    book.answered(CancelAnswered(KEY, "two", Verdict.REFUSED, at(5), text="pending already"))
    assert (the(book).cancel, code(the(book))) == (CancelState.PENDING, "CXL?")
    book.apply(streamed(6, **CANCELED))
    assert (the(book).cancel, the(book).intent) == (CancelState.CONFIRMED, "one")


def test_events_for_orders_never_heard_of_are_no_error(book: Book) -> None:
    ghost = OrderKey(ACCOUNT, "ghost")
    assert book.sent(CancelSent(ghost, "one", at(2))) == ()
    assert book.answered(CancelAnswered(ghost, "one", Verdict.UNKNOWN, at(2))) == ()
    assert book.unconfirmed(ghost, "one", at(2)) == ()
    assert book.row(ghost) is None
