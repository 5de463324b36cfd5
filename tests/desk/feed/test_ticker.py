from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blotter.core.instant import Instant
from blotter.desk.clock import SystemClock
from blotter.desk.feed.ticker import Tick, ticks

NIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def tick(mono: float, wall: float) -> Tick:
    return Tick(Instant(NIGHT, 50.0), Instant(NIGHT + timedelta(seconds=wall), 50.0 + mono))


@pytest.mark.parametrize(
    ("mono", "wall", "jumped"),
    [
        (1.0, 1.0, False),
        (3.0, 3.0, False),
        (3.02, 3.02, False),
        (3.2, 3.2, True),
        (1.0, 600.0, True),
        (600.0, 600.0, True),
        (1.0, -3600.0, True),
        (1.0, -1.5, False),
    ],
    ids=["steady", "at the limit", "timer noise", "late", "suspended", "stopped", "clock set back", "clock corrected"],
)
def test_time_that_went_on_without_us_is_noticed(mono: float, wall: float, jumped: bool) -> None:
    assert tick(mono, wall).jumped(3.0) is jumped


async def test_ticks_join_up() -> None:
    seen: list[Tick] = []
    async for one in ticks(SystemClock(), 0.01):
        seen.append(one)
        if len(seen) == 3:
            break

    assert [one.before for one in seen[1:]] == [one.now for one in seen[:-1]]
    assert all(one.gap >= 0.005 for one in seen)
