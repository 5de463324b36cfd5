"""The table of orders.

Drawn from the view: at each frame the rows in view are formatted and compared with what stands on the terminal. A
change out of view costs nothing, whatever the number of orders.

The window is moved by the view and not by Textual's scrolling, whose virtual size makes every arrival of an order a
new layout of the whole screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.strip import Strip

from blotter.core.account import Accounts
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished
from blotter.core.instant import Instant
from blotter.core.sheets.columns import MARGIN, Cell, columns_for, render_cells
from blotter.core.text import fit
from blotter.ui.lines.cell_table import CURSOR, HEADING, MARK, CellLine, CellTable
from blotter.ui.table.view import View


@dataclass(frozen=True, slots=True)
class _Made:
    """A line, and what it was made from."""

    line: CellLine
    row: Row
    second: int
    mark: str


class OrderTable(CellTable):
    """Shows the window of a :class:`View`; the cursor is a mark and a bold tag."""

    class Resized(Message):
        """The window is of another size and waits to be drawn."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = view
        self._accounts = Accounts()
        self._made: list[_Made] = []
        self._asked_for: Sequence[CellLine] = ()
        self._written: Sequence[CellLine] = ()
        self.drawn: tuple[Row, ...] = ()
        """The rows in the last frame that was written: what the trader can have seen."""

    def draw(self, now: Instant, accounts: Accounts, words: str = "") -> None:
        """Bring the terminal up to date. ``words`` stand in the place of rows where there are none."""
        width, height = self.size
        if not width or not height:
            return
        if self._accounts != accounts or not self._columns:
            self._accounts = accounts
            self._columns = columns_for(width, len(accounts), names=accounts.label_width(8), mixed=accounts.mixed)
            self._made = []
            self.forget()
        self._made = [self._make(index, row, now) for index, row in enumerate(self._view.window)]
        lines = [made.line for made in self._made]
        self.show_lines(lines or [CellLine((Cell(fit(words, width - MARGIN), "words"),))])
        if lines == self._written:
            self.drawn = self._rows

    def render_line(self, y: int) -> Strip:
        if self._asked_for is not self._shown:
            self._asked_for = self._shown
            self.call_later(self._wrote, self._shown, self._rows)
        return super().render_line(y)

    def on_resize(self) -> None:
        self._columns = ()
        self._view.resize(self.size.height - HEADING)
        self.post_message(self.Resized())

    @property
    def _rows(self) -> tuple[Row, ...]:
        return tuple(made.row for made in self._made)

    def _wrote(self, lines: Sequence[CellLine], rows: tuple[Row, ...]) -> None:
        """Runs after the frame that asked for these lines, for a frame is composed and written in one step."""
        self._written, self.drawn = lines, rows

    def _make(self, index: int, row: Row, now: Instant) -> _Made:
        cursor = row.key == self._view.cursor
        mark = (CURSOR if cursor else " ") + (MARK if row.key in self._view.marks else " ")
        second = int(now.mono)
        if index < len(self._made):
            last = self._made[index]
            if last.row is row and last.second == second and last.mark == mark:
                return last
        cells = render_cells(row, self._columns, now, self._accounts)
        return _Made(CellLine(cells, mark, cursor, is_finished(row.order)), row, second, mark)
