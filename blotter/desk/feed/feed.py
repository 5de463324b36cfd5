"""The live feed: one stream for all accounts, one list for each, and the truth between the two.

While the stream stands, it brings every change and the lists check it; while it does not, the lists are read every few
seconds instead (``freshness`` says which phase that makes). The first list under a stream is asked for after the
subscription holds and applied before what the stream said meanwhile, so that nothing falls between the two.
"""

from __future__ import annotations

import asyncio
import random as chances
from collections.abc import Callable, Sequence

from blotter.broker.client import Client
from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.clock import Clock
from blotter.core.order import OrderKey
from blotter.desk.feed.line import Connect, Line
from blotter.desk.feed.teller import spoken
from blotter.desk.feed.ticker import Tick, ticks
from blotter.desk.feed.timings import Timings
from blotter.desk.feed.watch import FeedOutput
from blotter.desk.feed.watches import Watches

__all__ = ["Connect", "Feed", "FeedOutput"]


class Feed:
    """Keeps ``book`` true for as long as :meth:`run` runs. Lives in one event loop.

    ``client`` is entered, and left, by the caller. ``out`` is told of every change, link state and notice as it
    happens. ``missing`` is given, now and then, an unfinished order that a whole list lacked, to be looked for in the
    history. ``random`` is the jitter's.
    """

    def __init__(
        self,
        *,
        client: Client,
        connect: Connect,
        book: Book,
        accounts: Sequence[Account],
        clock: Clock,
        out: FeedOutput,
        relist_every: float = 30.0,
        random: chances.Random | None = None,
        timings: Timings | None = None,
        missing: Callable[[OrderKey], None] | None = None,
    ) -> None:
        self._clock = clock
        self._timings = timings or Timings()
        self._watches = Watches(
            accounts,
            client=client,
            book=book,
            clock=clock,
            out=out,
            timings=self._timings,
            relist_every=relist_every,
            missing=missing or _nobody_looks,
        )
        self._line = Line(
            connect,
            accounts,
            clock=clock,
            timings=self._timings,
            chance=random or chances.Random(),  # noqa: S311 - jitter, no secret
            listener=self._watches,
        )

    async def run(self) -> None:
        """For ever; ends by the cancellation of its task. An error that gets out of here is a bug."""
        self._watches.announce()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tick())
                group.create_task(self._line.run())
                for work in self._watches.work():
                    group.create_task(work)
                for rounds in self._watches.rounds.values():
                    group.create_task(rounds.run(self._timings.head_start))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors

    def relist(self) -> None:
        """Read every list now, and do not wait to retry a stream that is down, silent or was refused."""
        for rounds in self._watches.rounds.values():
            rounds.now()
        self._line.ask_again()
        if not self._line.open:
            self._line.retry()
        elif (silence := self._line.silence(self._clock.now())) >= self._timings.stale:
            self._line.cut(f"silent for {spoken(silence)}")

    async def _tick(self) -> None:
        async for tick in ticks(self._clock, self._timings.tick):
            if tick.jumped(self._timings.jump):
                self._jumped(tick)
            elif (silence := self._line.silence(tick.now)) >= self._timings.drop:
                self._line.cut(f"silent for {spoken(silence)}")
            self._watches.tick(tick.now)

    def _jumped(self, tick: Tick) -> None:
        """Told with the gap that this opens, when it is known what happened in it."""
        self._watches.jumped(tick, tick.said)
        self._line.cut(tick.said)


def _nobody_looks(key: OrderKey) -> None:
    """Without anybody to look for it, an order that is missing stays marked as one to be read."""
