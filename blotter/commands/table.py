"""Orders as lines for people: the screen's columns and cells, as wide as what stands in them.

The client order id stands in every line, because ``blotter cancel`` wants it; so do LIVE and PRACTICE where both are
listed. In a pipe nothing is cut and no column is left out for want of room; in a terminal the least needed go
first, until the lines fit.
"""

from __future__ import annotations

from collections.abc import Sequence

from blotter.core.account import Accounts
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.sheets.columns import GAP, Cell, Column, heading, render_cells
from blotter.core.text import cells

_PIPED = ("acct", "sd", "symbol", "left/total", "price", "tif", "status", "age", "client id")
_ALL = ("acct", "sd", "symbol", "type", "left/total", "price", "stop", "filled", "avg", "tif", "status", "age")
_LEFT_OUT = ("broker id", "avg", "filled", "stop", "type", "age", "tif", "price")
_SQUEEZED = (("symbol", 8), ("money", 5), ("acct", 8), ("client id", 12), ("symbol", 1), ("client id", 1))
_WIDEST = {"acct": 66, "client id": 800, "broker id": 800, "symbol": 200}
_ROOM = 40
"""Cells in which any other column's text fits."""
_NUMBERS = frozenset({"left/total", "price", "stop", "filled", "avg", "age"})


def lines(rows: Sequence[Row], accounts: Accounts, now: Instant, width: int | None) -> list[str]:
    """A heading and a line for each row, without spaces at their ends; nothing where there are no rows.

    ``width`` is the terminal's, ``None`` for a pipe.
    """
    if not rows:
        return []
    names = [*_ALL, "client id", "broker id"] if width is not None else list(_PIPED)
    if len(accounts) < 2:
        names.remove("acct")
    if accounts.mixed:
        names.insert(0, "money")
    columns = [_column(name, rows, accounts, now) for name in names]
    if width is not None:
        columns = _fitted(columns, width)
    shown = tuple(columns)
    return [_line(heading(shown)), *(_line(render_cells(row, shown, now, accounts)) for row in rows)]


def _column(name: str, rows: Sequence[Row], accounts: Accounts, now: Instant) -> Column:
    """As wide as its widest text."""
    wide = (Column(name, _WIDEST.get(name, _ROOM)),)
    needed = max(cells(render_cells(row, wide, now, accounts)[0].text.strip()) for row in rows)
    return Column(name, max(needed, cells(name)), right=name in _NUMBERS)


def _fitted(columns: list[Column], width: int) -> list[Column]:
    for name in _LEFT_OUT:
        if _width(columns) > width:
            columns = [column for column in columns if column.name != name]
    for name, least in _SQUEEZED:
        over = _width(columns) - width
        columns = [
            Column(each.name, max(min(least, each.width), each.width - over), right=each.right)
            if over > 0 and each.name == name
            else each
            for each in columns
        ]
    return columns


def _width(columns: Sequence[Column]) -> int:
    return sum(column.width + GAP for column in columns) - GAP


def _line(parts: Sequence[Cell]) -> str:
    return (" " * GAP).join(part.text for part in parts).rstrip()
