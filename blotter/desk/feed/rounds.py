"""When one account's list is read: again and again, sooner when asked, slower when the broker says so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from blotter.broker.errors import RateLimited

MOST_SLOWER: Final = 16.0
LONGEST_WAIT: Final = 300.0
"""Seconds: a longer ``Retry-After`` would leave the trader without a list for the rest of the session."""


class Rounds:
    """Calls ``read`` for ever. ``read`` answers how many seconds to wait before the next time.

    HTTP 429 closes the account's list for as long as the broker asks, whoever wants it sooner, and doubles the wait
    after it; each success halves it again. ``limited`` is told the error and the seconds until the next read.
    """

    def __init__(
        self, read: Callable[[], Awaitable[float]], limited: Callable[[RateLimited, float], None], hasty: float
    ) -> None:
        self._read = read
        self._limited = limited
        self._hasty = hasty
        self._due = asyncio.Event()
        self._reading: asyncio.Task[float] | None = None
        self._hurry: asyncio.TimerHandle | None = None
        self._slower = 1.0
        self._closed_until = 0.0

    async def run(self, head_start: float) -> None:
        """Start after ``head_start`` seconds, or when asked to."""
        await self._rest(head_start)
        while True:
            self._due.clear()
            self._reading = asyncio.create_task(self._once())
            try:
                await asyncio.wait({self._reading})
            finally:
                self._reading.cancel()
            if not self._reading.cancelled():
                await self._rest(self._reading.result())

    def now(self) -> None:
        """Read now; a read that is under way will do."""
        if self._reading is None or self._reading.done():
            self._due.set()

    def anew(self) -> None:
        """Read now, and give up a read that is under way: it was asked for too early to be of use."""
        self._due.set()
        if self._reading is not None:
            self._reading.cancel()

    def soon(self) -> None:
        """Read in a little while, so that whatever asks for it in a flood costs one read."""
        if self._hurry is None:
            self._hurry = asyncio.get_running_loop().call_later(self._hasty, self._hurried)

    def _hurried(self) -> None:
        self._hurry = None
        self._due.set()

    async def _once(self) -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._closed_until - loop.time()))
        try:
            wait = await self._read()
        except RateLimited as error:
            self._slower = min(2 * self._slower, MOST_SLOWER)
            wait = min(max(error.retry_after or 0.0, self._hasty * self._slower), LONGEST_WAIT)
            self._closed_until = loop.time() + wait
            self._limited(error, wait)
            return 0.0
        self._slower = max(1.0, self._slower / 2)
        return wait * self._slower

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._due.wait()
