"""What stays in view when the terminal is resized, whatever the sizes on the way."""

from __future__ import annotations

from tests.ui.orders import a_row
from tests.ui.table.test_view import a_view


def test_a_window_that_shrinks_and_grows_looks_as_before() -> None:
    for wild in ((1,), (3, 1, 2), (0,), (12, 5, 0, 1, 15)):
        view = a_view(50, 16)
        view.move(30)
        view.move(-7)
        assert (view.top, view.index) == (15, 23)
        for height in (*wild, 16):
            view.resize(height)
            assert not height or view.cursor in [row.key for row in view.window]
        assert view.top == 15


def test_the_row_of_the_cursor_keeps_its_height_where_it_can() -> None:
    view = a_view(50, 16)
    view.move(30)
    view.move(-7)
    view.resize(20)
    assert view.top == 15
    view.resize(10)
    assert view.top == 15
    view.resize(5)
    assert view.top == 19


def test_no_line_is_left_empty_while_rows_stand_above() -> None:
    view = a_view(50, 5)
    view.last()
    assert view.top == 45
    view.resize(30)
    assert view.top == 20
    view.resize(60)
    assert view.top == 0


def test_a_window_grown_again_makes_room_for_what_came_meanwhile() -> None:
    view = a_view(50, 16)
    view.move(30)
    view.move(-7)
    view.resize(2)
    view.apply([a_row(-number, cl_ord_id=f"newer-{number}") for number in range(1, 4)])
    view.resize(16)
    assert (view.top, view.index) == (18, 26)


def test_where_the_trader_moved_in_a_small_window_the_old_height_is_forgotten() -> None:
    view = a_view(50, 16)
    view.move(30)
    view.resize(4)
    view.move(9)
    view.resize(16)
    assert (view.top, view.index) == (34, 39)
