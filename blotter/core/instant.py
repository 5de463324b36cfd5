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
