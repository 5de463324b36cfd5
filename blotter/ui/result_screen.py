"""What became of each order of a mass cancel, the worst first, kept up to date while it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events

from blotter.core.clock import Clock
from blotter.core.sheets.result_sheet import result_lines
from blotter.core.words.piece import Line, Piece, Role, length
from blotter.ui.header.links import age_forms, alike, link_forms
from blotter.ui.known import Known
from blotter.ui.lines.reading_screen import ReadingScreen
from blotter.ui.many.runs import Runs
from blotter.ui.table.view import View


class ResultScreen(ReadingScreen):
    """``export`` is called by ``e``."""

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "enter", "q"})
    FOOT: ClassVar[str] = "e exports   esc closes, R shows it again   arrows, PageUp, PageDown, End scroll"
    ASKED: ClassVar[str] = "a file is asked for: the messages under this sheet name it   esc closes"

    def __init__(self, runs: Runs, known: Known, view: View, clock: Clock, export: Callable[[], None]) -> None:
        super().__init__()
        self._runs = runs
        self._known = known
        self._view = view
        self._clock = clock
        self._export = export

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)  # a thousand lines, and news several times a second

    def content(self, width: int) -> Sequence[Line]:
        if self._runs.progress is None:
            return ()
        accounts = self._known.accounts
        return result_lines(
            self._runs.progress,
            tuple(self._runs.results.values()),
            self._runs.kinds(accounts),
            width,
            accounts=accounts,
            row_of=self._view.row,
            link=self._link(width),
        )

    def _link(self, width: int) -> Line:
        """What the header would say of the links, which this screen hides."""
        if self._known.failed is not None:
            return (Piece(" OFFLINE", Role.ALERT), Piece("  the desk has stopped, nothing is kept true any more"))
        links, now = self._known.links, self._clock.now()
        if not links:
            return ()
        ages = [Piece(f" {words}") for words in age_forms(links, now)[:1]] if alike(links, now) else []
        forms = [(Piece(" "), *form, *ages) for form in link_forms(links, now)]
        return next((form for form in forms if length(form) < width), forms[-1])

    def on_key(self, event: events.Key) -> None:
        if event.key == "e":
            event.stop()
            event.prevent_default()
            self._export()
            self.say(self.ASKED)
