"""What the soak measures of its own process: memory, and how late the desk's loop is."""

from __future__ import annotations

import gc
import os
import statistics
import time
from array import array
from collections import Counter
from contextlib import suppress
from pathlib import Path

from blotter.desk.desk import Desk

PAGE = os.sysconf("SC_PAGE_SIZE")
STATM = Path("/proc/self/statm")


def census() -> Counter[str]:
    """How many objects of each class are alive; strings and numbers are not counted."""
    gc.collect()
    return Counter(type(each).__name__ for each in gc.get_objects())


class Gauge:
    """Samples memory with the number of rows held, and asks the desk's loop for a turn, over and over."""

    def __init__(self, desk: Desk) -> None:
        self.samples: list[tuple[float, float, int]] = []
        """Seconds since the start, MB of resident memory, rows."""
        self.lags = array("d")
        self._desk = desk
        self._start = time.monotonic()
        self._asked: float | None = None

    def measure(self, rows: int) -> None:
        now = time.monotonic()
        if not self.samples or now - self._start >= self.samples[-1][0] + 1:
            self.samples.append((now - self._start, int(STATM.read_text().split()[1]) * PAGE / 1e6, rows))
        # The screen has no reason to ask how late the loop is, so there is no public way to.
        loop = self._desk._loop
        if self._asked is None and loop is not None:
            self._asked = now
            # A desk that died says so itself.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._answered)

    def growth(self, since: float) -> tuple[float, int]:
        """MB and rows gained from that share of the run to its end, each end the median of a few samples."""
        few = min(30, len(self.samples) // 8)
        first = int(len(self.samples) * since)
        early, late = self.samples[first : first + few], self.samples[-few:]
        memory = [statistics.median(sample[1] for sample in part) for part in (early, late)]
        return memory[1] - memory[0], late[-1][2] - early[0][2]

    def _answered(self) -> None:
        if self._asked is not None:
            self.lags.append(time.monotonic() - self._asked)
            self._asked = None
