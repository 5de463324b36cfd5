"""The machine's clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from blotter.core.instant import Instant


class SystemClock:
    """UTC and the monotonic clock of this machine."""

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), time.monotonic())
