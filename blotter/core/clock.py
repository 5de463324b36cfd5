"""Where the time comes from: an argument, so that rules and tests need no patches."""

from __future__ import annotations

from typing import Protocol

from blotter.core.instant import Instant


class Clock(Protocol):
    """Both clocks, read together. The program's own stands in ``desk.clock``; tests bring theirs."""

    def now(self) -> Instant: ...
