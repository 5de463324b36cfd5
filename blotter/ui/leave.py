"""The question before quitting while cancels have no answer: docked like the confirmation, so that no row moves.

Leaving by itself when the last answer comes would take that answer off the screen with the rest: the question closes
instead, and the panel shows what was answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum, auto
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from blotter.core.clock import Clock
from blotter.core.leaving import leaving
from blotter.core.row import Row
from blotter.ui.arrival import arrival
from blotter.ui.attention import QUIET
from blotter.ui.line_view import LineView


class Answer(StrEnum):
    """How the question ended."""

    LEAVE = auto()
    STAY = auto()
    ANSWERED = auto()
    """Every cancel has its answer now."""


class Leave(LineView, can_focus=True):
    """Every question ends in exactly one :class:`Decided`."""

    STAY: ClassVar[frozenset[str]] = frozenset({"escape", "n"})
    WAIT: ClassVar[frozenset[str]] = frozenset({"w", "enter"})
    GO: ClassVar[frozenset[str]] = frozenset({"l", "ctrl+c", "ctrl+q"})

    class Decided(Message):
        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._rows: tuple[Row, ...] = ()
        self._waits = False
        self._framed = False
        self._seen_at: float | None = None
        self._before: Widget | None = None

    @property
    def is_open(self) -> bool:
        return bool(self._rows)

    def on_mount(self) -> None:
        self.display = False

    def open(self, rows: Sequence[Row]) -> None:
        """Ask about these orders, of which there is at least one."""
        self._rows, self._waits, self._framed, self._seen_at = tuple(rows), False, False, None
        self.display = True
        self._before = self.screen.focused
        self.screen.set_focus(self)
        self._redraw()

    def follow(self, rows: Sequence[Row]) -> None:
        """Those that have no answer now."""
        if not self._rows:
            return
        if not rows:
            self._end(Answer.ANSWERED)
            return
        self._rows = tuple(rows)
        self._redraw()

    def on_key(self, event: events.Key) -> None:
        if not self._rows:
            return
        event.stop()
        event.prevent_default()
        self.answer(event)

    def answer(self, event: events.Key) -> None:
        """A key while the question is open; one read before the question could be seen does not leave."""
        if event.key in self.STAY:
            self._end(Answer.STAY)
        elif event.key in self.WAIT:
            self._waits = True
            self._redraw()
        elif event.key in self.GO and self._read(arrival(event, self._clock.now()).mono):
            self._end(Answer.LEAVE)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    def on_resize(self) -> None:
        self._redraw()

    def render_line(self, y: int) -> Strip:
        if self._rows and not self._framed:
            self._framed = True
            self.call_later(self._written)
        return super().render_line(y)

    def _written(self) -> None:
        """Runs after the frame that asked for our lines, for a frame is composed and written in one step."""
        self._seen_at = self._clock.now().mono

    def _read(self, arrived: float) -> bool:
        return self._seen_at is not None and arrived - self._seen_at >= QUIET

    def _redraw(self) -> None:
        if self._rows:
            self.put(leaving(self._rows, self.screen.size.width, waits=self._waits))

    def _end(self, answer: Answer) -> None:
        self._rows = ()
        self.display = False
        self.screen.set_focus(self._before)
        self.post_message(self.Decided(answer))
