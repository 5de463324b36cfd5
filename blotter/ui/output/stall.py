"""Keys that were typed at a screen that had stopped.

When a terminal stops reading (a dead SSH link, a suspended laptop), the screen's loop blocks on it, and everything
typed meanwhile arrives at once when it comes back: at rows that have moved and at questions that were never read. So
the screen keeps its own tick, and keys typed across a gap in it are thrown away.
"""

from __future__ import annotations

from blotter.core.instant import Instant

LIMIT = 3.0
"""Seconds between two ticks above which the screen was not there."""

SETTLE = 0.5
"""Seconds after a gap in which keys still do not count: a terminal delivers what it had stored a moment late."""


class Stall:
    """The screen's own sense of time. It is told of every tick and every key.

    ``closed`` is for whoever closes a question because of the gap: it is told in the same line.
    """

    def __init__(self, now: Instant) -> None:
        self.closed = False
        self._ticked = now
        self._resumed = float("-inf")
        self._said = ""
        self._dropped = 0

    def tick(self, now: Instant) -> bool:
        """The loop is alive; says whether it was away just before this."""
        before, self._ticked = self._ticked, now
        if now.lapse(before) <= LIMIT:
            return False
        self._resumed = now.mono
        stopped = now.since(before)
        self._said = (
            f"screen stood still for {stopped:.0f} s"
            if stopped > LIMIT
            else f"clock jumped by {now.lapse(before):.0f} s"
        )
        return True

    def late(self, now: Instant) -> bool:
        """A key is handled; says whether the screen was away just before this. A key is no tick."""
        return now.lapse(self._ticked) > LIMIT and self.tick(now)

    def discards(self, now: Instant, waited: float) -> bool:
        """Whether a key handled now, typed ``waited`` seconds ago, is thrown away (and counted)."""
        if now.mono - waited >= self._resumed + SETTLE:
            return False
        self._dropped += 1
        return True

    def report(self, now: Instant) -> str:
        """Once a gap is over: what to tell the trader about it, said once; empty otherwise."""
        if not self._said or now.mono < self._resumed + SETTLE:
            return ""
        keys = {0: "", 1: "1 key thrown away"}.get(self._dropped, f"{self._dropped} keys thrown away")
        became = ", ".join(filter(None, ("order kept" if self.closed else "", keys)))
        told = f"{self._said}: {became}" if became else self._said
        self._said, self._dropped, self.closed = "", 0, False
        return told
