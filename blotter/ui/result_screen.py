"""What became of each order of a mass cancel, the worst first, kept up to date while it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events

from blotter.core.account import Accounts
from blotter.core.piece import Line
from blotter.core.result_sheet import result_lines
from blotter.ui.reading_screen import ReadingScreen
from blotter.ui.runs import Runs


class ResultScreen(ReadingScreen):
    """``export`` is called by ``e``."""

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "enter", "q"})
    FOOT: ClassVar[str] = "e exports   esc closes, R shows it again   arrows, PageUp, PageDown, End scroll"
    ASKED: ClassVar[str] = "a file is asked for: the messages under this sheet name it   esc closes"

    def __init__(self, runs: Runs, accounts: Accounts, export: Callable[[], None]) -> None:
        super().__init__()
        self._runs = runs
        self._accounts = accounts
        self._export = export

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)  # a thousand lines, and news several times a second

    def content(self, width: int) -> Sequence[Line]:
        if self._runs.progress is None:
            return ()
        results = tuple(self._runs.results.values())
        return result_lines(self._runs.progress, results, self._runs.kinds(self._accounts), width)

    def on_key(self, event: events.Key) -> None:
        if event.key == "e":
            event.stop()
            event.prevent_default()
            self._export()
            self.say(self.ASKED)
