"""When the trading day begins: midnight in New York, computed rather than looked up.

A machine without a time zone database must run the practice broker too, and the rule since 2007 is short.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SUNDAY = 6


def midnight_before(moment: datetime) -> datetime:
    """The last midnight of New York at or before ``moment``, as UTC."""
    local = moment.astimezone(UTC) + offset(moment)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # The clocks change at two in the morning: midnight may stand on the other side of the change than the moment.
    guess = midnight - offset(moment)
    return midnight - offset(guess)


def offset(moment: datetime) -> timedelta:
    """New York's distance from UTC: daylight time from March's second to November's first Sunday, 2 a.m. both."""
    utc = moment.astimezone(UTC)
    start = _sunday(utc.year, 3, 2) + timedelta(hours=7)
    end = _sunday(utc.year, 11, 1) + timedelta(hours=6)
    return timedelta(hours=-4 if start <= utc < end else -5)


def _sunday(year: int, month: int, which: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7 + 7 * (which - 1))
