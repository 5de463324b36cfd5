"""One moment, on both clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Instant:
    """``utc`` is for people and records, ``mono`` (seconds, never set back) for ages and deadlines.

    A wall clock can jump, so no age is ever computed from ``utc``.
    """

    utc: datetime
    mono: float

    def since(self, earlier: Instant) -> float:
        """Seconds that passed between ``earlier`` and this moment."""
        return self.mono - earlier.mono

    def lapse(self, earlier: Instant) -> float:
        """Seconds that went by on whichever clock moved more.

        Where a monotonic clock stands still in a system suspend, the wall clock does not; a wall clock that was set
        looks like a suspend.
        """
        return max(self.since(earlier), abs((self.utc - earlier.utc).total_seconds()))
