"""Whatever way the news takes, the book is never ahead of the broker, never goes back, and ends with the broker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.book.status import is_finished
from blotter.core.order import ZERO, OrderFields
from tests.core.histories import History, histories, lives
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT, KEY, the


def final_read(history: History, asked: float) -> Report:
    return Report(ACCOUNT, "X", history.states[-1], Source.LIST, at(asked + 1), requested=at(asked))


@given(histories())
def test_it_ends_as_the_final_list_says(history: History) -> None:
    book = Book()
    for report in history.reports:
        book.apply(report)
    last = final_read(history, history.end)
    book.replace(ACCOUNT, [last], at(history.end), last.received)
    order = the(book).order
    assert {name: getattr(order, name) for name in last.fields} == dict(last.fields)
    assert not the(book).needs_read


@given(histories())
def test_a_second_list_changes_nothing(history: History) -> None:
    book = Book()
    for report in (*history.reports, final_read(history, history.end)):
        book.apply(report)
    rows = list(book.rows())
    for asked in (history.end, history.end + 5):
        again = final_read(history, asked)
        assert book.replace(ACCOUNT, [again], at(asked), again.received) == ()
    assert list(book.rows()) == rows


@given(histories())
def test_it_never_goes_back_and_never_runs_ahead(history: History) -> None:
    book = Book()
    cum, ended = ZERO, False
    for report in history.reports:
        book.apply(report)
        order = the(book).order
        truth = history.state((report.received.utc - START).total_seconds())
        assert cum <= order.cum_qty <= truth["cum_qty"]
        assert is_finished(order) or not ended
        cum, ended = order.cum_qty, is_finished(order)


@given(lives(stamped=False), st.lists(st.integers(1, 3), min_size=13, max_size=13))
def test_without_faults_the_book_is_the_broker(states: tuple[OrderFields, ...], copies: list[int]) -> None:
    book = Book()
    for second, state in enumerate(states):
        for _ in range(copies[second]):
            book.apply(Report(ACCOUNT, "X", state, Source.STREAM, at(second)))
        order = the(book).order
        assert {name: getattr(order, name) for name in state} == dict(state)
        assert not the(book).needs_read


@given(histories(), st.data())
def test_a_patch_says_as_much_as_a_whole_record(history: History, data: st.DataObject) -> None:
    book = Book()
    for second, state in enumerate(history.states):
        patch: OrderFields = {"ord_status": state["ord_status"], "cum_qty": state["cum_qty"]}
        said = data.draw(st.sampled_from([state, patch])) if second else state
        book.apply(Report(ACCOUNT, "X", said, Source.STREAM, at(second)))
    order = the(book).order
    assert (order.ord_status, order.cum_qty, order.leaves_qty) == (
        history.states[-1]["ord_status"],
        history.states[-1]["cum_qty"],
        history.states[-1]["leaves_qty"],
    )


@given(histories())
def test_one_order_is_one_row(history: History) -> None:
    book = Book()
    for report in history.reports:
        book.apply(report)
    assert {row.key for row in book.rows()} <= {KEY}
