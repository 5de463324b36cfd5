from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from blotter.desk.clock import SystemClock


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="only Linux counts the time of a suspend")
def test_the_time_of_a_suspend_counts() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    now = SystemClock().now()
    assert before <= now.mono <= time.clock_gettime(time.CLOCK_BOOTTIME)


def test_the_wall_clock_is_utc() -> None:
    now = SystemClock().now().utc
    assert now.tzinfo is UTC
    assert datetime.now(UTC) - now < timedelta(seconds=5)
