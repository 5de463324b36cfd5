"""What decides whether a key may act."""

from __future__ import annotations

from dataclasses import dataclass

from blotter.core.book.row import Row
from blotter.core.instant import Instant


@dataclass(frozen=True, slots=True)
class Situation:
    """``row`` is the cursor's order. What forbids something is a sentence that says why, empty where nothing does."""

    now: Instant
    row: Row | None = None
    read_only: str = ""
    """Why nothing may be sent for anybody."""
    failed: str = ""
    """Why the desk has stopped."""
    waits: bool = False
    """The cancel of ``row`` is sent once more when the broker's time is over."""
    barred: str = ""
    """Why nothing may be sent for the account of ``row`` now."""
    marked: int = 0
    unsent: int = 0
    """Cancels of a mass cancel under way that have not left, or would be sent once more."""
    has_result: bool = False
