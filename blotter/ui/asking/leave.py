"""The question before quitting while cancels are open: docked like the confirmation, so that no row moves, and in a
word or two where the terminal is too small for anything else.

Leaving by itself when the last answer comes would take that answer off the screen with the rest: the question closes
instead, and the panel shows what was answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum, auto
from typing import ClassVar, Protocol

from textual import events
from textual.message import Message
from textual.strip import Strip

from blotter.core.clock import Clock
from blotter.core.sheets.leaving import OpenCancels, leaving
from blotter.core.words.piece import Line
from blotter.ui.asking.arrival import arrival
from blotter.ui.asking.attention import QUIET
from blotter.ui.lines.line_view import LineView


class Answer(StrEnum):
    """How the question ended."""

    LEAVE = auto()
    STAY = auto()
    ANSWERED = auto()
    """Every cancel has its answer now."""


class Form(Protocol):
    """The question in words."""

    def __call__(self, cancels: OpenCancels, width: int, *, waits: bool) -> Sequence[Line]: ...


class Leave(LineView, can_focus=False):
    """Every question ends in exactly one :class:`Decided`, unless it is moved to another place."""

    STAY: ClassVar[frozenset[str]] = frozenset({"escape", "n"})
    WAIT: ClassVar[frozenset[str]] = frozenset({"w", "enter"})
    GO: ClassVar[frozenset[str]] = frozenset({"l", "ctrl+c", "ctrl+q"})

    class Decided(Message):
        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, clock: Clock, form: Form = leaving, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._form = form
        self._cancels = OpenCancels()
        self._waits = False
        self._framed = False
        self._seen_at: float | None = None

    @property
    def is_open(self) -> bool:
        return bool(self._cancels)

    def on_mount(self) -> None:
        self.display = self.is_open

    def open(self, cancels: OpenCancels, *, waits: bool = False) -> None:
        """Ask about these, of which there is at least one. ``waits``: the trader chose that before."""
        self._cancels, self._waits, self._framed, self._seen_at = cancels, waits, False, None
        self.display = True
        self._redraw()

    def move_to(self, other: Leave) -> None:
        """Go on asking there; what was read here has to be read again."""
        if self.is_open:
            other.open(self._cancels, waits=self._waits)
            self._close()

    def follow(self, cancels: OpenCancels) -> None:
        """Those that are open now."""
        if not self._cancels:
            return
        if not cancels:
            self._end(Answer.ANSWERED)
            return
        self._cancels = cancels
        self._redraw()

    def press(self, event: events.Key) -> None:
        """A key while the question is open; one read before the question could be seen does not leave."""
        if event.key in self.STAY:
            self._end(Answer.STAY)
        elif event.key in self.WAIT:
            self._waits = True
            self._redraw()
        elif event.key in self.GO and self._read(arrival(event, self._clock.now()).mono):
            self._end(Answer.LEAVE)

    def on_resize(self) -> None:
        self._redraw()

    def render_line(self, y: int) -> Strip:
        if self._cancels and not self._framed:
            self._framed = True
            self.call_later(self._written)
        return super().render_line(y)

    def _written(self) -> None:
        """Runs after the frame that asked for our lines, for a frame is composed and written in one step."""
        self._seen_at = self._clock.now().mono

    def _read(self, arrived: float) -> bool:
        return self._seen_at is not None and arrived - self._seen_at >= QUIET

    def _redraw(self) -> None:
        if self._cancels and self.is_mounted:
            self.put(self._form(self._cancels, self.screen.size.width, waits=self._waits))

    def _end(self, answer: Answer) -> None:
        self._close()
        self.post_message(self.Decided(answer))

    def _close(self) -> None:
        self._cancels = OpenCancels()
        self.display = False
