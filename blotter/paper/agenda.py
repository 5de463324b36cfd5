"""What the practice broker will do at a later moment."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from blotter.core.clock import Clock


class Agenda:
    """Actions by the monotonic time at which they are due. Nothing runs by itself: somebody calls ``run_due``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._entries, (self._clock.now().mono + seconds, next(self._order), action))

    def next_due(self) -> float | None:
        """When there will be something to do, ``None`` for never."""
        return self._entries[0][0] if self._entries else None

    def run_due(self) -> None:
        now = self._clock.now().mono
        while self._entries and self._entries[0][0] <= now:
            heapq.heappop(self._entries)[2]()
