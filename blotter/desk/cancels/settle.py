"""Settling by reading: an order is read, patiently, until what is open about its cancel is not open any more.

Whatever settles it (a read, the stream) reaches the book the same way, so this file only decides when to look again
and when enough reads have shown an order working for the outcome to be called *unconfirmed*.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Protocol

from blotter.core.book.cancel import CancelState
from blotter.core.order import OrderKey
from blotter.desk.cancels.look import Sight
from blotter.desk.settings import Patience
from blotter.desk.tasks import Tasks, ended

_GIVEN_UP = (CancelState.UNKNOWN, CancelState.PENDING)
"""What reads that show the order working can settle, as far as it can be."""

_LISTED = (CancelState.PENDING, CancelState.UNCONFIRMED)
"""Nothing about these orders is in doubt: the rounds of the list tell it when one of them is missing."""

JITTER = 0.2
CLOSING = 0.1


class Glasses(Protocol):
    """What looking needs: see :class:`~blotter.desk.cancels.look.Looker`."""

    pause: float

    async def look(self, key: OrderKey) -> Sight: ...


class Settler:
    """One task per order in doubt.

    ``state`` gives the state of the cancel in question, or ``None`` when nothing is left to settle about it.
    ``still_working`` is called when so many reads in a row, after an unknown outcome or a cancel that was taken, showed
    the order working: it may move the cancel to another state, else it is called again at the next. ``unread`` is
    called, once, when so many did not bring what they were made for. Reading goes on all the same, slowly.
    """

    def __init__(
        self,
        patience: Patience,
        glasses: Callable[[str], Glasses],
        tasks: Tasks,
        *,
        state: Callable[[OrderKey, str], CancelState | None],
        still_working: Callable[[OrderKey, str], None],
        unread: Callable[[OrderKey, str], None],
        chance: random.Random,
    ) -> None:
        self._patience = patience
        self._glasses = glasses
        self._tasks = tasks
        self._state = state
        self._still_working = still_working
        self._unread = unread
        self._chance = chance
        self._watches: dict[tuple[OrderKey, str], asyncio.Task[None]] = {}

    def watch(self, key: OrderKey, intent: str) -> None:
        """Look at the order until nothing about this cancel is open. Watching twice is watching once."""
        name = (key, intent)
        if name not in self._watches:
            task = self._watches[name] = self._tasks.start(self._watch(key, intent), f"settle {intent}")
            task.add_done_callback(lambda _: self._watches.pop(name, None))

    async def close(self) -> None:
        watches = set(self._watches.values())
        for watch in watches:
            watch.cancel()
        await ended(watches, CLOSING)

    async def _watch(self, key: OrderKey, intent: str) -> None:
        glasses = self._glasses(key.account)
        waits = self._waits(self._state(key, intent))
        wait, reads, told, last = next(waits), 0, False, None
        while True:
            await asyncio.sleep(max(self._around(wait), glasses.pause))
            if self._state(key, intent) is None:
                return
            sight = await glasses.look(key)
            state = self._state(key, intent)
            if state is None:
                return
            if sight is Sight.UNREAD:
                wait = min(2 * max(wait, self._patience.reads[0]), self._patience.slow)
                continue
            wait, reads, last = next(waits), reads + 1 if (state, sight) == last else 1, (state, sight)
            if reads < self._enough(state):
                continue
            if sight is Sight.WORKING and state in _GIVEN_UP:
                self._still_working(key, intent)
            elif sight is not Sight.WORKING and state not in _LISTED and not told:
                told = True
                self._unread(key, intent)

    def _enough(self, state: CancelState) -> int:
        """So many reads in a row, in this state, show what they can show."""
        return len(self._patience.pending if state is CancelState.PENDING else self._patience.reads)

    def _waits(self, state: CancelState | None) -> Iterator[float]:
        """An order whose end is known and whose fills are not is read at once; a pending cancel gets time."""
        reads = self._patience.reads
        first = {CancelState.PENDING: self._patience.pending, CancelState.UNKNOWN: reads}.get(
            state or CancelState.NONE, (0.0, *reads)
        )
        return chain(first, repeat(self._patience.slow))

    def _around(self, wait: float) -> float:
        return wait * self._chance.uniform(1 - JITTER, 1 + JITTER)
