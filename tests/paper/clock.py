"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from blotter.core.instant import Instant

START = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


class ManualClock:
    """Both clocks, moved together by ``advance``."""

    def __init__(self, start: datetime = START) -> None:
        self._now = Instant(start, 1000.0)

    def now(self) -> Instant:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now = Instant(self._now.utc + timedelta(seconds=seconds), self._now.mono + seconds)
