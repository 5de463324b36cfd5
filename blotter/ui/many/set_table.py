"""The set of a mass cancel, in the table's place: what it is, on top, and its orders under that, riskiest first."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from blotter.core.account import Accounts
from blotter.core.asking.many import Many, Place
from blotter.core.instant import Instant
from blotter.core.sheets import many_sheet
from blotter.core.sheets.columns import Column
from blotter.ui.lines.cell_table import DANGER, HEADING, CellLine, CellTable


class SetTable(CellTable):
    """Scrolls by row, never by itself. ``read`` says that the last row was in a frame that was written. ``redraw`` is
    called when that happens, and when another size wants other columns.
    """

    def __init__(self, redraw: Callable[[], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._redraw = redraw
        self._many: Many | None = None
        self._accounts = Accounts()
        self._top = 0
        self.read = False

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    @property
    def rows_in_view(self) -> str:
        """``1-14 of 120``."""
        total = len(self._many.entries) if self._many else 0
        return f"{self._top + 1}-{min(total, self._top + self._room)} of {total}"

    def open(self, many: Many, accounts: Accounts) -> None:
        """Show another set, from its top."""
        self._many, self._accounts, self._top, self.read = many, accounts, 0, False
        self._columns = ()

    def draw(self, many: Many, now: Instant) -> None:
        """Bring the terminal up to date."""
        self._many = many
        width = self.size.width
        if not width or self._room <= 0:
            return
        if not self._columns:
            self._columns = many_sheet.columns(width, self._accounts)
            self.forget()
        self._top = max(0, min(self._top, len(many.entries) - self._room))
        lines = []
        for entry in many.entries[self._top : self._top + self._room]:
            cells = many_sheet.row_cells(entry, self._columns, now, self._accounts)
            mark = f"{DANGER} " if many_sheet.is_pointed_out(entry) else "  "
            lines.append(CellLine(cells, mark, dim=entry.place is not Place.IN))
        self.show_lines(lines)

    def scroll_by_key(self, key: str) -> bool:
        """Whether ``key`` is one that scrolls, after scrolling."""
        step = max(1, self._room - 1)
        moves = {
            **dict.fromkeys(("up", "k"), self._top - 1),
            **dict.fromkeys(("down", "j"), self._top + 1),
            "pageup": self._top - step,
            **dict.fromkeys(("pagedown", " "), self._top + step),
            **dict.fromkeys(("home", "g"), 0),
            **dict.fromkeys(("end", "G"), len(self._many.entries) if self._many else 0),
        }
        if key not in moves:
            return False
        total = len(self._many.entries) if self._many else 0
        self._top = max(0, min(moves[key], total - self._room))
        return True

    def on_resize(self) -> None:
        self._columns = ()
        self._redraw()

    def render_line(self, y: int) -> Strip:
        last = len(self._many.entries) - 1 if self._many else -1
        if not self.read and self._top + y - HEADING == last:
            self.call_later(self._reached_the_end, self._many)
        return super().render_line(y)

    def _reached_the_end(self, many: Many | None) -> None:
        """Runs after the frame that asked for the last row, for a frame is composed and written in one step."""
        if self.read:
            return
        if many is not None and self._many is not None and many.entries[0].asked.key == self._many.entries[0].asked.key:
            self.read = True
            self._redraw()

    @property
    def fits(self) -> bool:
        """Whether the whole set is on the screen at once."""
        return self._many is not None and len(self._many.entries) <= self._room

    @property
    def _room(self) -> int:
        return self.size.height - HEADING
