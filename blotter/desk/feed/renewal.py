"""A stream's session is authenticated again before it ends: when the broker warns, and by our own clock.

Beside the reading, never in it: a token that has to be refreshed first must not hold up the orders. What fails is tried
again while the session lasts; only a token that was refused without another to be had is left at that.
"""

from __future__ import annotations

import asyncio
import contextlib

from blotter.broker.errors import BrokerError, StreamRefused
from blotter.broker.stream import Stream

SESSION = 3900.0
"""Seconds that a session lasts where the broker does not say."""

LEAD = 420.0
"""Seconds before its end at which it is renewed unasked: a little before the broker would warn. A short session is
renewed in its last quarter.
"""

PAUSE = 10.0


class Renewal:
    """Of one stream, for as long as :meth:`run` runs."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._warned = asyncio.Event()

    def warned(self) -> None:
        """The broker wants to be shown a token again."""
        self._warned.set()

    async def run(self) -> None:
        while True:
            lasts = self._stream.expires_in or SESSION
            lead = min(LEAD, lasts / 4)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(lasts - lead):
                    await self._warned.wait()
            self._warned.clear()
            if not await self._renewed(min(PAUSE, lead / 5)):
                return

    async def _renewed(self, pause: float) -> bool:
        """A stream that has ended meanwhile ends this, too: whoever reads it stops us."""
        while True:
            try:
                await self._stream.renew()
            except StreamRefused:
                return False
            except BrokerError:
                await asyncio.sleep(pause)
            else:
                return True
