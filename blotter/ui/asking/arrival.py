"""When a key was read from the terminal, which on a stalled link is long before the program gets to it."""

from __future__ import annotations

from datetime import timedelta

from textual.events import Key
from textual.message import Message

from blotter.core.instant import Instant


def arrival(event: Key, now: Instant) -> Instant:
    """Earlier than ``now`` by what the key waited for the program."""
    waited = max(0.0, Message().time - event.time)
    return Instant(now.utc - timedelta(seconds=waited), now.mono - waited)
