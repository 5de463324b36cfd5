"""The table of orders.

Drawn line by line from the view: at each frame the rows in view are formatted and compared with what stands on the
terminal, and only lines that differ are sent. A change out of view costs nothing, whatever the number of orders. The
stock table keeps a picture of every cell and sends all that is visible when one of them changes.

The window is moved by the view and not by Textual's scrolling, whose virtual size makes every arrival of an order a
new layout of the whole screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from blotter.core.account import Accounts
from blotter.core.columns import GAP, MARGIN, Cell, Column, columns_for, heading, render_cells
from blotter.core.instant import Instant
from blotter.core.row import Row
from blotter.core.status import is_finished
from blotter.core.text import fit, show
from blotter.ui.view import View

HEADING = 1
"""Lines above the first row."""

CURSOR = ">".ljust(MARGIN)
NO_CURSOR = " " * MARGIN


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line of the table as it stands on the terminal; ``row`` and ``second`` are what its cells were made from."""

    cells: tuple[Cell, ...] = ()
    cursor: bool = False
    finished: bool = False
    row: Row | None = None
    second: int = 0

    def looks_like(self, other: _Drawn) -> bool:
        return (self.cells, self.cursor, self.finished) == (other.cells, other.cursor, other.finished)


NOTHING = _Drawn()


class OrderTable(Widget):
    """Shows the window of a :class:`View`; the cursor is a mark and a bold tag."""

    ROLES: ClassVar[frozenset[str]] = frozenset(
        {
            *("heading", "tag", "account", "symbol", "number", "buy", "sell", "dim", "stale", "money"),
            *("status-working", "status-pending", "status-alert", "status-finished"),
            *("cursor", "finished", "words"),
        }
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"cell--{role}" for role in ROLES}

    class Resized(Message):
        """The window is of another size and waits to be drawn."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = view
        self._columns: tuple[Column, ...] = ()
        self._accounts = Accounts()
        self._lines: list[_Drawn] = []

    def draw(self, now: Instant, accounts: Accounts, words: str = "") -> None:
        """Bring the terminal up to date. ``words`` stand in the place of rows where there are none."""
        width, height = self.size
        if not width or not height:
            return
        if self._accounts != accounts or not self._columns:
            self._accounts = accounts
            self._columns = columns_for(width, len(accounts), names=accounts.label_width(8), mixed=accounts.mixed)
            self._lines = []
            self.refresh()
        lines = [self._line(index, row, now) for index, row in enumerate(self._view.window)]
        if not lines:
            lines = [_Drawn((Cell(fit(words, width - MARGIN), "words"),))]
        for y in range(max(len(lines), len(self._lines))):
            new = lines[y] if y < len(lines) else NOTHING
            old = self._lines[y] if y < len(self._lines) else NOTHING
            if not new.looks_like(old):
                self.refresh(Region(0, HEADING + y, width, 1))
        self._lines = lines

    def on_resize(self) -> None:
        self._columns = ()
        self._view.resize(self.size.height - HEADING)
        self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        if y < HEADING:
            return self._strip(heading(self._columns), NO_CURSOR, self._style("heading"))
        line = self._lines[y - HEADING] if y - HEADING < len(self._lines) else NOTHING
        base = self._style("finished") if line.finished else Style.null()
        return self._strip(line.cells, CURSOR if line.cursor else NO_CURSOR, base, cursor=line.cursor)

    def _line(self, index: int, row: Row, now: Instant) -> _Drawn:
        cursor = row.key == self._view.cursor
        second = int(now.mono)
        if index < len(self._lines):
            last = self._lines[index]
            if last.row is row and last.second == second and last.cursor == cursor:
                return last
        return _Drawn(render_cells(row, self._columns, now, self._accounts), cursor, is_finished(row.order), row, second)

    def _strip(self, cells: Iterable[Cell], mark: str, base: Style, *, cursor: bool = False) -> Strip:
        """Neighbours of one style become one segment, for every change of style is bytes on the wire."""
        runs: list[tuple[str, Style]] = [(mark, base + self._style("cursor") if cursor else base)]
        for cell in cells:
            style = base + self._style(cell.role)
            if cursor and cell.role == "tag":
                style += self._style("cursor")
            if style == runs[-1][1] or not cell.text.strip():
                runs[-1] = (runs[-1][0] + cell.text + " " * GAP, runs[-1][1])
            else:
                runs.append((cell.text + " " * GAP, style))
        strip = Strip([Segment(show(text), style) for text, style in runs])
        return strip.adjust_cell_length(self.size.width, base)

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"cell--{role}", partial=True)
