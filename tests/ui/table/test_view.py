from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.order import OrderKey
from blotter.ui.table.view import View
from tests.ui.fake_desk import START
from tests.ui.orders import ACCOUNT, a_row, changed


def key(number: int) -> OrderKey:
    return OrderKey(ACCOUNT, f"clord-{number:03}")


def shown(view: View) -> list[OrderKey]:
    """All rows shown, in order."""
    return view.keys()


def a_view(count: int = 6, height: int = 10) -> View:
    view = View()
    view.resize(height)
    view.apply([a_row(number) for number in range(count)])
    return view


def finished(row: Row, status: str = "CANCELED") -> Row:
    return changed(row, ord_status=status, leaves_qty=Decimal(0))


def successor(of: Row, number: int) -> Row:
    """The order that replaces ``of``, made just now."""
    order = replace(of.order, cl_ord_id=f"clord-{number:03}", created_at=START + timedelta(seconds=number))
    return replace(of, order=order, former=of.key)


def test_newest_first_whatever_the_order_of_arrival() -> None:
    view = View()
    view.apply([a_row(2), a_row(0)])
    view.apply([a_row(1), a_row(3)])
    assert shown(view) == [key(0), key(1), key(2), key(3)]


def test_many_at_once_stand_where_one_by_one_they_would() -> None:
    rows = [a_row((number * 37) % 200) for number in range(200)]
    at_once, one_by_one = View(), View()
    at_once.apply(rows)
    for row in rows:
        one_by_one.apply([row])
    assert shown(at_once) == shown(one_by_one) == [key(number) for number in range(200)]


def test_an_update_never_moves_a_row() -> None:
    view = a_view()
    view.apply([changed(a_row(4), created_at=START + timedelta(hours=1), cum_qty=Decimal(1))])
    assert shown(view) == [key(number) for number in range(6)]


def test_an_order_of_unknown_age_stands_where_it_was_first_heard() -> None:
    view = a_view(2)
    view.apply([a_row(9, created_at=None)])
    view.apply([a_row(9, created_at=START - timedelta(days=1))])
    assert shown(view) == [key(0), key(9), key(1)]


def test_the_cursor_starts_on_the_first_row() -> None:
    assert a_view().cursor == key(0)


def test_the_cursor_stays_with_its_order_when_others_arrive() -> None:
    view = a_view()
    view.move(2)
    view.apply([a_row(-1, cl_ord_id="newer"), a_row(-2, cl_ord_id="newest")])
    assert view.cursor == key(2)
    assert view.index == 4


def test_an_order_that_leaves_by_itself_leaves_no_cursor() -> None:
    view = a_view()
    view.move(2)
    view.find("nvda")
    view.apply([changed(a_row(2), symbol="X")])
    assert view.cursor is None
    assert view.current is None


def test_acknowledging_the_order_under_the_cursor_leaves_none_and_the_next_arrow_resumes_there() -> None:
    for step in (1, -1, 7):
        view = a_view()
        view.move(2)
        view.apply([finished(a_row(2))])
        assert view.index == 2
        assert view.acknowledge(view.window) == 1
        assert view.parked
        view.move(step)
        assert view.cursor == key(3)


def test_the_height_to_resume_at_follows_what_arrives_above() -> None:
    view = a_view()
    view.move(2)
    view.apply([finished(a_row(2))])
    view.acknowledge(view.window)
    view.apply([a_row(-1, cl_ord_id="newer")])
    view.move(1)
    assert view.cursor == key(3)


def test_the_last_row_leaving_resumes_at_the_row_above() -> None:
    view = a_view()
    view.last()
    view.apply([finished(a_row(5))])
    view.acknowledge(view.window)
    view.move(1)
    assert view.cursor == key(4)


def test_a_filter_that_hides_the_order_of_the_cursor_moves_it_to_the_first_row() -> None:
    view = a_view()
    view.find("ibm")
    assert view.cursor == key(5)


def test_a_filter_that_keeps_the_order_of_the_cursor_keeps_the_cursor() -> None:
    view = a_view()
    view.last()
    view.find("i")
    assert view.cursor == key(5)


def test_a_filter_that_shows_nothing_and_then_something_ends_on_the_first_row() -> None:
    view = a_view()
    view.move(1)
    view.find("nothing like it")
    assert view.cursor is None
    assert len(view) == 0
    view.find("")
    assert view.cursor == key(0)


def test_a_replacing_order_takes_place_and_cursor() -> None:
    view = a_view()
    view.move(3)
    view.apply([successor(a_row(3), 77)])
    assert shown(view)[3] == key(77)
    assert view.cursor == key(77)
    assert view.row(key(3)) is view.row(key(77))
    view.apply([changed(a_row(3), ord_status="REPLACED")])
    assert shown(view)[3] == key(77)
    assert len(view) == 6


def test_a_chain_of_replacements_in_one_batch_in_any_order() -> None:
    first = a_row(3)
    second, third = successor(first, 77), successor(a_row(77), 78)
    for batch in ([second, third], [third, second], [third, changed(first, ord_status="REPLACED"), second]):
        view = a_view()
        view.move(3)
        view.apply(batch)
        assert shown(view) == [key(n) for n in (0, 1, 2, 78, 4, 5)]
        assert view.cursor == key(78)


def test_a_ring_of_replacements_loses_no_order() -> None:
    view = a_view(2)
    view.apply([replace(a_row(0), former=key(1)), replace(a_row(1), former=key(0))])
    assert shown(view) == [key(0), key(1)]


def test_orders_finished_before_are_hidden_and_counted() -> None:
    view = a_view(3)
    view.apply([replace(finished(a_row(number)), finished_before=True) for number in range(3, 8)])
    assert len(view) == 3
    assert (view.counts.done, view.counts.working, view.counts.total) == (5, 3, 3)
    view.toggle_finished(view.window)
    assert len(view) == view.counts.total == 8
    view.toggle_finished(view.window)
    assert len(view) == 3


def test_an_order_that_finishes_while_shown_stays_until_acknowledged() -> None:
    view = a_view(3)
    view.apply([finished(a_row(1), "FILLED")])
    assert shown(view) == [key(0), key(1), key(2)]
    assert view.counts.done == 0
    view.acknowledge(view.window)
    assert shown(view) == [key(0), key(2)]
    assert view.counts.done == 1


def test_only_what_is_in_view_is_acknowledged() -> None:
    view = a_view(20, height=5)
    view.apply([finished(a_row(2)), finished(a_row(12))])
    assert view.acknowledge(view.window) == 1
    assert key(12) in shown(view)
    view.find("clord-012")
    assert view.acknowledge(view.window) == 1


def test_an_acknowledged_order_that_comes_back_to_life_is_shown_again() -> None:
    view = a_view(3)
    view.apply([finished(a_row(1))])
    view.acknowledge(view.window)
    view.apply([a_row(1)])
    assert shown(view) == [key(0), key(1), key(2)]
    view.apply([finished(a_row(1))])
    assert shown(view) == [key(0), key(1), key(2)]


def test_counts_speak_of_open_cancels() -> None:
    view = a_view(4)
    view.apply([replace(a_row(n), cancel=c) for n, c in enumerate((CancelState.SENT, CancelState.PENDING))])
    view.apply([replace(a_row(2), cancel=CancelState.UNKNOWN)])
    assert view.counts.codes == {"CXL>": 1, "CXL?": 1, "CXL??": 1}
    view.apply([finished(a_row(n)) for n in range(3)])
    assert view.counts.codes == {}


def test_what_is_scrolled_to_stays_when_orders_arrive_above() -> None:
    view = a_view(50, height=10)
    view.last()
    assert view.top == 40
    view.move(-20)
    top = view.window[0].key
    view.apply([a_row(-1, cl_ord_id="newer")])
    assert view.window[0].key == top


def test_a_cursor_in_view_is_not_pushed_out_of_it() -> None:
    view = a_view(10, height=10)
    view.last()
    view.apply([a_row(-number, cl_ord_id=f"newer-{number}") for number in range(1, 6)])
    assert view.cursor in [row.key for row in view.window]


def test_what_arrived_before_there_was_a_window_does_not_hide_the_cursor() -> None:
    view = View()
    view.apply([a_row(30)])
    view.apply([a_row(number) for number in range(30)])
    view.resize(10)
    assert view.cursor == key(30)
    assert key(30) in [row.key for row in view.window]


def test_pages_move_cursor_and_window() -> None:
    view = a_view(50, height=10)
    view.page(1)
    assert (view.index, view.top) == (9, 9)
    view.page(-1)
    assert (view.index, view.top) == (0, 0)
    for _ in range(9):
        view.page(1)
    assert (view.index, view.top) == (49, 40)


def test_nothing_to_move_over_is_no_error() -> None:
    view = View()
    view.move(1)
    view.page(1)
    view.first()
    view.last()
    assert view.cursor is None
    assert view.acknowledge(view.window) == 0
