"""Keys that were typed at a screen that had stopped.

When a terminal stops reading (a dead SSH link, a suspended laptop), the screen's loop blocks on it, and everything
typed meanwhile arrives at once when it comes back: at rows that have moved and at questions that were never read. So
the screen keeps its own tick, and keys typed across a gap in it are thrown away.
"""

from __future__ import annotations

from blotter.core.instant import Instant

LIMIT = 3.0
"""Seconds between two signs of life, above which the screen was not there."""

SETTLE = 0.5
"""Seconds after a gap in which keys still do not count: a terminal delivers what it had stored a moment late."""


class Stall:
    """The screen's own sense of time. It is told of every tick and every key."""

    def __init__(self, now: Instant) -> None:
        self._alive = now.mono
        self._resumed = float("-inf")
        self._gap = 0.0
        self._dropped = 0

    def tick(self, now: Instant) -> bool:
        """The loop is alive; says whether it was away just before this."""
        gap = now.mono - self._alive
        self._alive = now.mono
        if gap <= LIMIT:
            return False
        self._resumed = now.mono
        self._gap = gap
        return True

    def discards(self, now: Instant, waited: float) -> bool:
        """Whether a key handled now, typed ``waited`` seconds ago, is thrown away (and counted)."""
        if now.mono - waited >= self._resumed + SETTLE:
            return False
        self._dropped += 1
        return True

    def report(self, now: Instant) -> str:
        """Once a gap is over: what to tell the trader about it, said once; empty otherwise."""
        if not self._gap or now.mono < self._resumed + SETTLE:
            return ""
        keys = {0: "", 1: ": 1 key thrown away"}.get(self._dropped, f": {self._dropped} keys thrown away")
        told = f"the screen stood still for {self._gap:.0f} s{keys}"
        self._gap, self._dropped = 0.0, 0
        return told
