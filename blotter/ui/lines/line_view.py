"""A widget made of lines of text with roles, drawn line by line.

The stock text widgets parse markup and redraw as a whole; here broker text is never parsed, and a line that did not
change is not sent over the wire again. Who makes a line has shown its text already, for only then its width is right;
it is shown once more where it is drawn, so that nothing has to be trusted to have done so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from blotter.core.text import show
from blotter.core.words.piece import Line, Role


class LineView(ScrollView, can_focus=False):
    """Shows the lines last ``put``. Lines are not wrapped here: who puts them knows the width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line--{role}" for role in Role}

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines; only those that differ from the last ones are drawn anew."""
        before, self._lines = self._lines, tuple(lines)
        if len(before) != len(self._lines):
            self.virtual_size = Size(0, len(self._lines))
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh_line(y)

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        line = self._lines[y] if y < len(self._lines) else ()
        base = self.rich_style
        segments = [
            Segment(show(piece.text), base + self.get_component_rich_style(f"line--{piece.role}")) for piece in line
        ]
        return Strip(segments).adjust_cell_length(self.scrollable_content_region.width, base)
