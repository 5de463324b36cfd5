"""The practice broker's own reading of the machine's clocks: it shares none of the client's code."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from blotter.core.instant import Instant


class BrokerClock:
    """UTC for time stamps, the monotonic clock for everything that is due."""

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), time.monotonic())
