"""The machine's clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from blotter.core.instant import Instant

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""On Linux the monotonic clock stands still while the machine is suspended: what was heard before the lid was closed
would count as heard a moment ago. The clock since boot goes on.
"""


class SystemClock:
    """UTC and the clock of this machine that is never set back."""

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), time.clock_gettime(_CLOCK))
