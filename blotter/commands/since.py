"""A moment as it is typed: a date, a time, or how long ago."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"([0-9]{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def since(typed: str, now: datetime | None = None) -> datetime:
    """Aware UTC. ``2026-11-22``, ``2026-11-22T14:02`` (UTC unless it says otherwise), ``90m``, ``2h``, ``1d``."""
    try:
        if found := _AGO.fullmatch(typed):
            return (now or datetime.now(UTC)) - timedelta(**{_UNITS[found[2]]: int(found[1])})
        at = datetime.fromisoformat(typed)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"must be a date, a time, or how long ago (2026-11-22, 2026-11-22T14:02, 90m, 2h, 1d), not {typed!r}"
        ) from None
