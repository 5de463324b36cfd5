"""Driving the screen: wait for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from textual.pilot import Pilot

DEADLINE = 10.0


async def until(pilot: Pilot[None], condition: Callable[[], object], what: str = "") -> None:
    """Let the application run until ``condition`` holds.

    Raises:
        AssertionError: it did not hold within the deadline.
    """
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"did not happen: {what or condition}")
        await asyncio.sleep(0.01)
        if pilot.app._exception is not None:
            return
