"""The lines of ``blotter orders``: aligned, never wider than the terminal, and whole in a pipe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.commands.table import lines
from blotter.core.account import Account, Accounts
from blotter.core.text import cells
from tests.desk.values import AT, order, row

ROWS = [
    row(order("A1-000439")),
    row(order("A1-" + "0" * 60 + "7", symbol="漢字" * 4, qty=order().qty * 10**9, leaves_qty=order().qty)),
    row(replace(order("\x1b[2J"), account="PAPER-78")),
]
TWO = Accounts((Account("PAPER-77"), Account("PAPER-78")))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160, 250])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    found = lines(ROWS, TWO, AT, width)
    assert len(found) == 4
    assert max(map(cells, found)) <= width
    assert all(line == line.rstrip() and line.isprintable() for line in found)


def test_ids_stay_whole_as_long_as_anything_else_can_go() -> None:
    found = lines(ROWS[:1], Accounts((Account("PAPER-77"),)), AT, 60)
    assert found[1].endswith("A1-000439")


def test_a_pipe_gets_everything() -> None:
    found = lines(ROWS, TWO, AT, None)
    assert ROWS[1].order.cl_ord_id in found[2]
    assert found[0].split() == ["acct", "sd", "symbol", "left/total", "price", "tif", "status", "age", "client", "id"]


@pytest.mark.parametrize(("width", "practice"), [(None, "PRACTICE"), (60, "PRAC.")])
def test_live_and_practice_stand_in_each_line_where_both_are_listed(width: int | None, practice: str) -> None:
    both = Accounts((Account("PAPER-77", is_sim=True), Account("PAPER-78")))
    assert [line.split()[0] for line in lines(ROWS, both, AT, width)] == ["money", practice, practice, "LIVE"]


def test_columns_are_aligned() -> None:
    found = lines(ROWS[::2], TWO, AT, None)
    assert len({line.index("NEW") for line in found[1:]}) == 1
    assert found[0].index("status") == found[1].index("NEW")


def test_nothing_is_no_line() -> None:
    assert lines([], TWO, AT, 80) == []
