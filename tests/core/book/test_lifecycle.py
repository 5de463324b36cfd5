"""The reducer is total and idempotent: any event at any time, once or twice, and the row still makes sense."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from blotter.core.book.cancel import CancelState
from blotter.core.book.lifecycle import Event, born, reduce
from blotter.core.book.merge import odd
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, code, why_not_cancel, words
from blotter.core.instant import Instant
from tests.core.events import EVENTS, reports
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT, NEW, D, read, streamed


def told(row: Row) -> Row:
    return Row(**{name: getattr(row, name) for name in Row.__slots__} | {"reported": at(0)})


@given(reports(), st.lists(EVENTS, max_size=12))
def test_any_events_in_any_order_leave_a_row_that_makes_sense(first: Report, events: list[Event]) -> None:
    row = born(first, "aa")
    for event in events:
        row = reduce(row, event)
        finished = row.order.ord_status in FINISHED
        assert not finished or row.order.leaves_qty == 0
        assert finished or row.cancel != CancelState.CONFIRMED
        assert row.needs_read or row.order.cum_qty <= row.order.qty or not row.order.qty
        assert code(row)
        assert words(row)
        allowed = why_not_cancel(row, at(30)) is None
        assert not (
            allowed and (finished or row.cancel in (CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN))
        )


@given(reports(), st.lists(EVENTS, max_size=8), EVENTS)
def test_an_event_twice_is_an_event_once(first: Report, events: list[Event], last: Event) -> None:
    row = born(first, "aa")
    for event in events:
        row = reduce(row, event)
    once = reduce(row, last)
    assert told(reduce(once, last)) == told(once)


def test_an_older_copy_that_leaves_blank_what_is_blank_brings_no_new_doubt() -> None:
    """Not even of an order whose quantities contradict each other: it says nothing that is not known."""
    copy = read(0, 1, ord_status="NEW", symbol="", qty=D(1), cum_qty=D(0), leaves_qty=D(0))
    once = reduce(reduce(born(streamed(0), "aa"), streamed(2)), copy)
    assert once.doubted == at(1)
    assert reduce(once, copy) is once


@given(reports(), st.lists(EVENTS, max_size=8))
def test_a_later_read_is_the_truth(first: Report, events: list[Event]) -> None:
    row = born(first, "aa")
    for event in events:
        row = reduce(row, event)
    row = reduce(row, read(21, 22, **NEW, updated_at=START + timedelta(seconds=21)))
    assert {name: getattr(row.order, name) for name in NEW} == dict(NEW)
    assert not odd(row.order)


@given(reports(), st.lists(EVENTS, max_size=8), st.sampled_from(sorted(FINISHED)))
def test_an_end_settles_every_open_request(first: Report, events: list[Event], end: str) -> None:
    row = born(first, "aa")
    for event in events:
        row = reduce(row, event)
    row = reduce(row, read(21, 22, **{**NEW, "ord_status": end, "updated_at": START + timedelta(seconds=21)}))
    assert not any(ask.state in (CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN) for ask in row.asks)


def trade(seconds: float, exec_id: str, cum: int, qty: int, px: str, exec_type: str = "TRADE", ref: str = "") -> Report:
    return Report(
        ACCOUNT, "X", {"ord_status": "PARTIALLY_FILLED", "cum_qty": D(cum)}, Source.STREAM, at(seconds),
        exec_id=exec_id, exec_type=exec_type, exec_ref_id=ref, last_qty=D(qty), last_px=D(px),
    )  # fmt: skip


def after(*events: Event) -> Row:
    row = born(streamed(0, **NEW), "aa")
    for event in events:
        row = reduce(row, event)
    return row


def test_single_trades_make_the_average() -> None:
    row = after(trade(1, "e1", 20, 20, "10"), trade(2, "e2", 50, 30, "11"))
    assert (row.order.avg_price, row.order.leaves_qty, row.needs_read) == (D("10.6"), D(50), False)


def test_a_trade_twice_counts_once() -> None:
    row = after(trade(1, "e1", 20, 20, "10"), trade(2, "e1", 20, 20, "10"))
    assert (row.order.cum_qty, row.order.avg_price, len(row.executions)) == (D(20), D(10), 1)


def test_a_missing_trade_leaves_no_average_rather_than_a_wrong_one() -> None:
    row = after(trade(1, "e2", 50, 30, "11"))
    assert (row.order.cum_qty, row.order.avg_price, row.needs_read) == (D(50), None, True)
    assert reduce(row, trade(2, "e3", 60, 10, "12")).order.avg_price is None


def test_a_bust_takes_back_quantity_and_value() -> None:
    row = after(
        trade(1, "e1", 20, 20, "10"), trade(2, "e2", 50, 30, "11"), trade(3, "e3", 30, 20, "10", "TRADE_CANCEL", "e1")
    )
    assert (row.order.cum_qty, row.order.avg_price, row.needs_read) == (D(30), D(11), False)


def test_a_correction_changes_the_trade_it_names() -> None:
    row = after(trade(1, "e1", 20, 20, "10"), trade(2, "e2", 20, 20, "12", "TRADE_CORRECT", "e1"))
    assert (row.order.cum_qty, row.order.avg_price) == (D(20), D(12))


def test_a_correction_may_take_quantity_back() -> None:
    row = after(trade(1, "e1", 20, 20, "10"), trade(2, "e2", 15, 15, "12", "TRADE_CORRECT", "e1"))
    assert (row.order.cum_qty, row.order.avg_price, row.needs_read) == (D(15), D(12), False)


def test_a_bust_of_a_trade_that_was_not_heard_of_says_itself_what_goes() -> None:
    row = after(
        trade(1, "e1", 20, 20, "10"), trade(2, "e2", 50, 30, "11"), trade(3, "e3", 30, 20, "10", "TRADE_CANCEL", "e9")
    )
    assert (row.order.cum_qty, row.order.avg_price, row.needs_read) == (D(30), D(11), False)


def test_a_correction_of_a_trade_that_was_not_heard_of_leaves_no_average() -> None:
    row = after(trade(1, "e1", 20, 20, "10"), trade(2, "e2", 20, 20, "12", "TRADE_CORRECT", "e9"))
    assert (row.order.avg_price, row.needs_read) == (None, True)


def test_the_news_of_a_read_is_dated_by_the_broker() -> None:
    row = born(read(0, 100, **NEW, updated_at=START + timedelta(seconds=40)), "aa")
    assert row.changed == Instant(START + timedelta(seconds=40), at(40).mono)


def test_a_stamp_from_the_future_is_now() -> None:
    row = born(read(0, 100, **NEW, updated_at=START + timedelta(hours=1)), "aa")
    assert row.changed == at(100)
