from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blotter.paper.new_york import midnight_before, offset


@pytest.mark.parametrize(
    ("moment", "midnight"),
    [
        ("2026-11-22T15:00:00", "2026-11-22T05:00:00"),
        ("2026-07-04T03:59:59", "2026-07-03T04:00:00"),
        ("2026-07-04T04:00:00", "2026-07-04T04:00:00"),
        # The day the clocks go forward (8 March) begins in winter time, the day they go back (1 November) in summer's.
        ("2026-03-08T15:00:00", "2026-03-08T05:00:00"),
        ("2026-03-09T04:30:00", "2026-03-09T04:00:00"),
        ("2026-11-01T20:00:00", "2026-11-01T04:00:00"),
        ("2026-11-02T04:30:00", "2026-11-01T04:00:00"),
    ],
)
def test_the_trading_day_begins_at_midnight_in_new_york(moment: str, midnight: str) -> None:
    assert midnight_before(_utc(moment)) == _utc(midnight)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [("2026-03-08T07:00:00", -5, -4), ("2026-11-01T06:00:00", -4, -5), ("2027-03-14T07:00:00", -5, -4)],
)
def test_the_clocks_change_at_two_in_the_morning(change: str, before: int, after: int) -> None:
    moment = _utc(change)
    assert offset(moment - timedelta(seconds=1)) == timedelta(hours=before)
    assert offset(moment) == timedelta(hours=after)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
