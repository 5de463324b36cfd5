"""Time for tests of rules: moments on both clocks, in seconds after one fixed start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from blotter.core.instant import Instant

START = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)


def at(seconds: float) -> Instant:
    """The moment ``seconds`` after the start."""
    return Instant(START + timedelta(seconds=seconds), 1000.0 + seconds)


class Ticking:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> Instant:
        self._seconds += 1.0
        return at(self._seconds)
