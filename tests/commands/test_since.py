"""A moment as it is typed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import pytest

from blotter.commands.since import since

NOW = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("2h", NOW - timedelta(hours=2)),
        ("1d", NOW - timedelta(days=1)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T14:02", datetime(2026, 11, 22, 14, 2, tzinfo=UTC)),
        ("2026-11-22T14:02:11Z", NOW),
        ("2026-11-22T15:02:11+01:00", NOW),
    ],
)
def test_dates_times_and_how_long_ago(typed: str, meant: datetime) -> None:
    assert since(typed, NOW) == meant


@pytest.mark.parametrize("typed", ["", "yesterday", "2 h", "-1d", "1.5h", "999999w", "١d", "2026-13-01"])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        since(typed, NOW)
