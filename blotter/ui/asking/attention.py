"""What a trader can have read of a question, and since when: the ground on which a key counts.

A key counts only after the frame that shows the question was written, and after :data:`QUIET` seconds in which nothing
else was typed. Both ends of that are taken where they are true: the frame from the moment the compositor asked for the
lines and the write returned, the key from the moment it was read from the terminal. A key typed too early starts the
quiet anew, so that neither a held key nor a paste of raw bytes ever grows into an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

QUIET = 0.4
"""Seconds of quiet, after the frame that shows the question, before a key is an answer."""

T = TypeVar("T")


class Attention(Generic[T]):
    """``drawn`` is what the next frame shows, ``seen`` what the last one that was written shows."""

    def __init__(self) -> None:
        self.drawn: T | None = None
        self.seen: T | None = None
        self._asked_for: T | None = None
        self._quiet_since: float | None = None

    def start(self) -> None:
        """Another question: nothing of it was read yet."""
        self.drawn = self.seen = self._asked_for = self._quiet_since = None

    def frame(self, schedule: Callable[[Callable[[], None]], object], now: Callable[[], float]) -> None:
        """The compositor asks for lines; what is given to ``schedule`` runs after that frame was written."""
        drawn = self.drawn
        if drawn is None or drawn is self.seen or drawn is self._asked_for:
            return
        self._asked_for = drawn
        schedule(lambda: self._written(drawn, now()))

    def too_quick(self, arrived: float) -> bool:
        """Whether a key read at ``arrived`` cannot have been an answer to what was seen."""
        return self.seen is None or self._quiet_since is None or arrived - self._quiet_since < QUIET

    def disturb(self, arrived: float) -> None:
        """A key that was no answer: the quiet starts anew."""
        if self._quiet_since is not None:
            self._quiet_since = max(self._quiet_since, arrived)

    def _written(self, drawn: T, at: float) -> None:
        if drawn is self.drawn:
            self.seen = drawn
            if self._quiet_since is None:
                self._quiet_since = at
