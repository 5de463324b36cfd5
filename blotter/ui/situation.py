"""What decides whether a key may act."""

from __future__ import annotations

from dataclasses import dataclass

from blotter.core.instant import Instant
from blotter.core.row import Row


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides whether a key may act. ``read_only`` is why nothing may be sent for anybody, empty when something
    may; ``failed`` says why the desk has stopped, empty while it has not; ``waits``
    that the cancel of ``row`` is sent once more when the broker's time is over.
    """

    now: Instant
    row: Row | None = None
    read_only: str = ""
    failed: str = ""
    waits: bool = False
    barred: str = ""
    """Why nothing may be sent for the account of ``row`` now; empty when something may."""
    marked: int = 0
    unsent: int = 0
    """Cancels of a mass cancel under way that have not left."""
    has_result: bool = False
