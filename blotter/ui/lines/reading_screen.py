"""A full screen of lines to read, above the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from blotter.core.words.piece import Line, Piece, Role
from blotter.ui.lines.line_view import LineView
from blotter.ui.lines.reader import PASSED_ON, SCROLLS, Reader
from blotter.ui.output.quiet_screen import QuietScreen


class ReadingScreen(QuietScreen):
    """Scrolls by key, closes by one of ``CLOSE``; every other key is kept from the table beneath.

    The screen takes the keys itself: focus comes a moment after a screen does, and keys typed before it would be lost.
    """

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "q"})
    FOOT: ClassVar[str] = f"esc closes   {SCROLLS}"
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        yield Reader()
        yield LineView(classes="foot")

    def content(self, width: int) -> Sequence[Line]:
        """The lines to read, at most ``width`` cells wide."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.say(self.FOOT)

    def say(self, foot: str) -> None:
        self.query_one(".foot", LineView).put([(Piece(f" {foot}", Role.DIM),)])

    def on_resize(self) -> None:
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        if not self.is_mounted:
            return
        for reader in self.query(Reader):  # there is none any more once it was closed
            if width := reader.scrollable_content_region.width:
                reader.put(tuple(self.content(width)))

    def on_key(self, event: events.Key) -> None:
        if event.key in PASSED_ON:
            return
        event.stop()
        event.prevent_default()
        if event.key in self.CLOSE:
            self.dismiss()
        else:
            self.query_one(Reader).scroll_by_key(event.key)
