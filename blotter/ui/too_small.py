"""What stands on a terminal that is too small to be trusted with orders."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size

from blotter.core.clock import Clock
from blotter.core.sheets.leaving import leaving_in_brief
from blotter.core.words.piece import Piece, Role, cut
from blotter.ui.asking.leave import Leave
from blotter.ui.lines.line_view import LineView
from blotter.ui.output.quiet_screen import QuietScreen

WIDTH = 60
HEIGHT = 16


def is_too_small(size: Size) -> bool:
    return size.width < WIDTH or size.height < HEIGHT


class TooSmall(QuietScreen):
    """Covers everything, so that nothing half visible can be acted on. Only leaving can be asked about here."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.quitting = Leave(clock, leaving_in_brief)

    def compose(self) -> ComposeResult:
        yield self.quitting
        yield LineView(classes="size")

    def on_resize(self) -> None:
        width, height = self.size
        lines = [f"too small: {width}x{height}", f"{WIDTH}x{HEIGHT} needed"]
        self.query_one(".size", LineView).put([cut((Piece(line, Role.STRONG),), width) for line in lines])
