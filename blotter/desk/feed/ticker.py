"""A steady tick that notices when time went on without us.

SIGSTOP, a closed laptop lid, a paused virtual machine and an event loop that was held up all look alike from
inside: the next tick comes late. The longer of both clocks' lapses counts; a wall clock that was set looks like a
suspend and costs one needless re-read, which is the cheap side to err on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from blotter.core.clock import Clock
from blotter.core.instant import Instant

TOLERANCE = 0.05
"""Seconds by which clocks and timers may disagree before a gap counts."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick, and the one before it."""

    before: Instant
    now: Instant

    @property
    def gap(self) -> float:
        """Seconds between the two on whichever clock moved more."""
        return self.now.lapse(self.before)

    @property
    def said(self) -> str:
        """What the gap was, as far as the clocks can tell."""
        stopped = self.now.since(self.before)
        return f"stood still for {stopped:.0f} s" if stopped > self.gap / 2 else f"clock jumped by {self.gap:.0f} s"

    def jumped(self, limit: float) -> bool:
        """Whether more than ``limit`` seconds are missing."""
        return self.gap > limit + TOLERANCE


async def ticks(clock: Clock, every: float) -> AsyncIterator[Tick]:
    """Tick for ever, ``every`` seconds apart."""
    before = clock.now()
    while True:
        await asyncio.sleep(every)
        now = clock.now()
        yield Tick(before, now)
        before = now
