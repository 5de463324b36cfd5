"""A table of cells, drawn line by line: only lines that differ from what stands on the terminal are sent.

The stock table keeps a picture of every cell and sends all that is visible when one of them changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from blotter.core.sheets.columns import GAP, MARGIN, Cell, Column, heading
from blotter.core.text import show

HEADING = 1
"""Lines above the first row."""

CURSOR, MARK, DANGER = ">", "*", "!"


@dataclass(frozen=True, slots=True)
class CellLine:
    """A line as it stands on the terminal. ``mark`` stands in the margin; the cursor's line has a bold tag, too."""

    cells: tuple[Cell, ...] = ()
    mark: str = " " * MARGIN
    cursor: bool = False
    dim: bool = False


NOTHING = CellLine()


class CellTable(Widget):
    """Shows the lines last given to :meth:`show_lines` under the heading of its columns."""

    ROLES: ClassVar[frozenset[str]] = frozenset(
        {
            *("heading", "tag", "account", "symbol", "number", "buy", "sell", "dim", "stale", "money"),
            *("status-working", "status-pending", "status-alert", "status-finished"),
            *("cursor", "finished", "words"),
        }
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"cell--{role}" for role in ROLES}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._columns: tuple[Column, ...] = ()
        self._shown: Sequence[CellLine] = ()

    def show_lines(self, lines: Sequence[CellLine]) -> None:
        """Bring the terminal up to date."""
        for y in range(max(len(lines), len(self._shown))):
            new = lines[y] if y < len(lines) else NOTHING
            old = self._shown[y] if y < len(self._shown) else NOTHING
            if new != old:
                self.refresh(Region(0, HEADING + y, self.size.width, 1))
        self._shown = lines

    def forget(self) -> None:
        """All lines are drawn anew, under other columns."""
        self._shown = ()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if y < HEADING:
            return self._strip(CellLine(heading(self._columns)), self._style("heading"))
        line = self._shown[y - HEADING] if y - HEADING < len(self._shown) else NOTHING
        return self._strip(line, self._style("finished") if line.dim else Style.null())

    def _strip(self, line: CellLine, base: Style) -> Strip:
        """Neighbours of one style become one segment, for every change of style is bytes on the wire."""
        marked = line.cursor or line.mark.strip()
        runs: list[tuple[str, Style]] = [(line.mark, base + self._style("cursor") if marked else base)]
        for text, style in self._styled(line, base):
            if style == runs[-1][1] or not text.strip():
                runs[-1] = (runs[-1][0] + text, runs[-1][1])
            else:
                runs.append((text, style))
        strip = Strip([Segment(show(text), style) for text, style in runs])
        return strip.adjust_cell_length(self.size.width, base)

    def _styled(self, line: CellLine, base: Style) -> Iterable[tuple[str, Style]]:
        for cell in line.cells:
            style = base + self._style(cell.role)
            if line.cursor and cell.role == "tag":
                style += self._style("cursor")
            yield cell.text + " " * GAP, style

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"cell--{role}", partial=True)
