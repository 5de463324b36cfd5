"""The stream's news of one account on its way to the book, in the order of its arrival.

While the first list under a stream is read, its news is held back: a page says how its orders stood when it was asked
for, so what came before that is applied before the page, and what came later after it. *Subscribe, buffer, list,
replay* asks to hold all of it until the last page. That would keep a fill from the screen for as long as a list drips,
up to a minute, and a screen that knows better than it says is not true. So nothing is held for longer than
``Timings.hold``, list or no list. ``OK`` is said after the list all the same, the rows stand as stale until then, and
what a page asked for earlier brings cannot take back what was shown (:mod:`blotter.core.book.merge`). The price: an
order in doubt that was heard of before such a page came stays in doubt until the list after.

Thousands of reports can be held, and a cancel must not wait until they are applied: they go a slice at a time. What
comes meanwhile stands behind them, the next stream's news too, so that nothing overtakes anything.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, takewhile

from blotter.core.book.report import Report
from blotter.core.instant import Instant
from blotter.desk.feed.lister import SLICE

MOST_HELD = 10_000
"""Reports held back; when a stream sends more, all is applied as it comes, which the book survives."""


class Inbox:
    """``apply`` is given each slice when its turn comes."""

    def __init__(self, apply: Callable[[Sequence[Report]], None]) -> None:
        self.holding = False
        self._apply = apply
        self._waiting: deque[Report] = deque()
        self._free = 0
        """So many of the first that wait may be applied."""
        self._more = asyncio.Event()

    def hold(self) -> None:
        """Hold back what comes from now on; what came before goes its way."""
        self.let_go()
        self.holding = True

    def let_go(self, before: Instant | None = None) -> None:
        """Have applied what is held back, all of it and for good, or what came ``before`` then."""
        if before is None:
            self.holding = False
            self._free = len(self._waiting)
        else:
            held = islice(self._waiting, self._free, None)
            self._free += sum(1 for _ in takewhile(lambda report: report.received.mono <= before.mono, held))
        if self._free:
            self._more.set()

    async def put(self, reports: Iterable[Report]) -> None:
        """Take in what the stream said; returns when it is applied, or held."""
        self._waiting.extend(reports)
        if self.holding and len(self._waiting) > MOST_HELD:
            self.holding = False
        if not self.holding:
            self._free = len(self._waiting)
            await self.emptied()

    async def emptied(self) -> None:
        """Have everything applied that is not held back."""
        while self._free:
            self._next()
            if self._free:
                # Whoever waits here may be ended; the rest goes on without him.
                self._more.set()
                await asyncio.sleep(0)

    async def run(self) -> None:
        """Apply what is let go, for ever."""
        while True:
            await self._more.wait()
            self._next()
            await asyncio.sleep(0)

    def _next(self) -> None:
        part = [self._waiting.popleft() for _ in range(min(self._free, SLICE))]
        self._free -= len(part)
        if not self._free:
            self._more.clear()
        if part:
            self._apply(part)
