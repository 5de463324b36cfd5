"""The query strings of the two order lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from blotter.paper.errors import ApiError, flat, problem
from blotter.paper.new_york import midnight_before

WHOLE = re.compile(r"\d{1,19}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
INT64_MAX = 2**63 - 1
LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Paging:
    limit: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when (both inclusive) orders were created, and in which order they are wanted."""

    start: datetime
    end: datetime
    oldest_first: bool


def read_paging(query: Mapping[str, str]) -> Paging:
    """``limit`` is 1 to 500 (default 50), ``cursor`` an int64 from the last answer (default 0)."""
    limit = _whole(query.get("limit", "50"))
    if limit is None or not 1 <= limit <= 500:
        raise _bad("limit", "RANGE", "must be a whole number from 1 to 500")
    cursor = _whole(query.get("cursor") or "0")
    if cursor is None or cursor > INT64_MAX:
        raise _bad("cursor", "FORMAT", "must be 0 or the nextCursor of the page before")
    return Paging(limit, cursor)


def read_window(query: Mapping[str, str], now: datetime) -> Window:
    """``from`` is required; ``to`` is now, cut to the minute, unless it is given; they span at most 90 days."""
    if not query.get("from"):
        raise _bad("from", "REQUIRED", "must not be empty")
    start = _moment("from", query["from"])
    end = _moment("to", query["to"]) if query.get("to") else now.replace(second=0, microsecond=0)
    if query.get("to") and end < start:
        raise _bad("to", "RANGE", "must not be before from")
    if end - start > LONGEST:
        raise _bad("from", "RANGE", "must be at most 90 days before to")
    order_by = query.get("order_by") or "desc"
    if order_by not in ("asc", "desc"):
        raise _bad("order_by", "INVALID", "must be asc or desc")
    exclude_today = query.get("exclude_today") or "false"
    if exclude_today not in ("true", "false"):
        raise _bad("exclude_today", "INVALID", "must be true or false")
    if exclude_today == "true":
        end = min(end, midnight_before(now) - timedelta(microseconds=1))
    return Window(start, end, order_by == "asc")


def read_moment(text: object) -> datetime | None:
    """RFC 3339 with a zone, else ``None``. Digits beyond microseconds are cut."""
    if not isinstance(text, str) or MOMENT.fullmatch(text) is None:
        return None
    text = re.sub(r"(\.\d{6})\d+", r"\1", text.upper())
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment(name: str, text: str) -> datetime:
    moment = read_moment(text)
    if moment is None:
        raise _bad(name, "FORMAT", "must be RFC 3339 with a zone")
    return moment


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and WHOLE.fullmatch(text) else None


def _bad(name: str, code: str, description: str) -> ApiError:
    return flat(400, f"{name} {description}", [problem(code, description, name)])
