"""The pace of the practice market: so many updates a second, and everything else when it is due."""

from __future__ import annotations

import asyncio
from random import Random

from blotter.paper.exchange import Exchange

# What is put on the agenda meanwhile is noticed after this long at the latest.
LONGEST_SLEEP = 0.05
LARGEST_BATCH = 500


class Pacer:
    """Calls the exchange in time. A process that was stopped does not catch up: its market slept, too.

    The pauses are irregular, as in life; their generator is not the market's, so the play stays the seed's.
    """

    def __init__(self, exchange: Exchange, rate: float) -> None:
        self._exchange = exchange
        self._rate = rate
        self._rng = Random()
        self._next = self._now() + self._pause()

    async def run(self) -> None:
        while True:
            wake = self.beat()
            await asyncio.sleep(min(max(wake - self._now(), 0.0), LONGEST_SLEEP))

    def beat(self) -> float:
        """Do what is due, and say when something will be again."""
        self._exchange.agenda.run_due()
        now = self._now()
        if now - self._next > 1.0:
            self._next = now
        for _ in range(LARGEST_BATCH):
            if self._next > now:
                break
            self._exchange.step()
            self._next += self._pause()
        due = self._exchange.agenda.next_due()
        return self._next if due is None else min(self._next, due)

    def _now(self) -> float:
        return self._exchange.clock.now().mono

    def _pause(self) -> float:
        return self._rng.uniform(0.5, 1.5) / self._rate if self._rate else float("inf")
