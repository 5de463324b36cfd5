"""Reading one order, on an API that has no such call: walk the active list, then today's history.

Many orders of an account may want to be read at once (a burst of lost answers). They share one walk, which waits a
moment for company; whoever asks while it is under way waits for the next, because only a read that was asked for later
can settle what is in doubt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from blotter.broker.client import Client
from blotter.broker.errors import BrokerError, RateLimited
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Change
from blotter.core.book.status import is_finished
from blotter.core.clock import Clock
from blotter.core.order import OrderKey
from blotter.desk.feed.lister import PAGE, Listing, read_list
from blotter.desk.tasks import Tasks

WINDOW = timedelta(hours=24)
"""How far back the history is read at least: it is kept by the time of creation, so an older order reaches further."""

FURTHEST = timedelta(days=89)

MOST_PAGES = 40


class Sight(Enum):
    """What a look came to. ``UNREAD``: the list could not be read, so nothing was learned."""

    WORKING = auto()
    FINISHED = auto()
    ABSENT = auto()
    UNREAD = auto()


class Looker:
    """Looks at orders of one account. ``show`` is given what a read changed in the book."""

    def __init__(
        self,
        client: Client,
        book: Book,
        account: str,
        clock: Clock,
        show: Callable[[tuple[Change, ...]], None],
        tasks: Tasks,
        gather: float,
    ) -> None:
        self._client = client
        self._book = book
        self._account = account
        self._clock = clock
        self._show = show
        self._tasks = tasks
        self._gather = gather
        self._wanted: dict[OrderKey, list[asyncio.Future[Sight]]] = {}
        self._walk: asyncio.Task[None] | None = None
        self._created: dict[OrderKey, datetime] = {}
        self.pause = 0.0
        """Seconds that the broker asked to stay away, from its last answer."""

    async def look(self, key: OrderKey, created: datetime | None = None) -> Sight:
        """Read the order anew and apply what was read to the book. Never raises a broker's error.

        ``created`` says how old an order is that the book does not hold.
        """
        if created is not None:
            self._created[key] = created
        future: asyncio.Future[Sight] = asyncio.get_running_loop().create_future()
        self._wanted.setdefault(key, []).append(future)
        if self._walk is None or self._walk.done():
            self._walk = self._tasks.start(self._walk_while_wanted(), f"look {self._account}")
        return await future

    async def _walk_while_wanted(self) -> None:
        while self._wanted:
            await asyncio.sleep(self._gather)
            wanted, self._wanted = self._wanted, {}
            try:
                sights = await self._read(tuple(wanted))
            except BrokerError as error:
                self.pause = error.retry_after or 0.0 if isinstance(error, RateLimited) else 0.0
                sights = {}
            else:
                self.pause = 0.0
            for key, futures in wanted.items():
                for future in futures:
                    if not future.done():
                        future.set_result(sights.get(key, Sight.UNREAD))

    async def _read(self, keys: Iterable[OrderKey]) -> dict[OrderKey, Sight]:
        def wanted() -> list[str]:
            return [key.cl_ord_id for key in keys]

        listing = await read_list(self._client, self._account, self._clock, self._take, wanted)
        unsettled = {key for key in keys if not self._finished(key) or self._doubted(key)}
        in_history = await self._read_history(unsettled) if unsettled else set()
        known = {name for key in keys for name in (key, self._book.current(key))}
        seen = {key for key in known if key.cl_ord_id in listing.written} | in_history
        return {key: self._sight(key, seen) for key in keys}

    async def _read_history(self, keys: set[OrderKey]) -> set[OrderKey]:
        """Walk the newest history until every one of ``keys`` was met."""
        since = self._since(keys)
        cursor, cursors, met = 0, {0}, set[OrderKey]()
        for _ in range(MOST_PAGES):
            requested = self._clock.now()
            page = await self._client.history(self._account, since, cursor, PAGE)
            received = self._clock.now()
            reports = [
                Report(self._account, name, fields, Source.HISTORY, received, requested)
                for name, fields in page.orders
                if OrderKey(self._account, name) in keys
            ]
            self._apply(reports)
            met.update(report.key for report in reports)
            cursor = page.next_cursor
            if met == keys or cursor == 0 or cursor in cursors:
                break
            cursors.add(cursor)
        return met

    def _since(self, keys: set[OrderKey]) -> datetime:
        now = self._clock.now().utc
        rows = [self._book.row(self._book.current(key)) for key in keys]
        known = [row.order.created_at for row in rows if row and row.order.created_at]
        created = [
            at - timedelta(minutes=1) for at in (*known, *(self._created[key] for key in keys & set(self._created)))
        ]
        return max(min([now - WINDOW, *created]), now - FURTHEST)

    async def _take(self, _: Listing, reports: Sequence[Report]) -> None:
        self._apply(reports)

    def _apply(self, reports: Iterable[Report]) -> None:
        self._show(tuple(change for report in reports for change in self._book.apply(report)))

    def _finished(self, key: OrderKey) -> bool:
        row = self._book.row(self._book.current(key))
        return row is not None and is_finished(row.order)

    def _doubted(self, key: OrderKey) -> bool:
        """An order that ended days ago, and whose end has to be read once more, stands in the history only."""
        row = self._book.row(self._book.current(key))
        return row is not None and row.needs_read

    def _sight(self, key: OrderKey, seen: set[OrderKey]) -> Sight:
        if self._finished(key):
            return Sight.FINISHED
        return Sight.WORKING if seen & {key, self._book.current(key)} else Sight.ABSENT
