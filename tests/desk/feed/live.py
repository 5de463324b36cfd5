"""A feed running against a broker that misbehaves, and all that it told."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from blotter.broker.auth import Token
from blotter.broker.client import Client
from blotter.broker.http import Timeouts
from blotter.broker.stream import connect
from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.book.row import Change, Row
from blotter.core.book.status import is_finished
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.desk.clock import SystemClock
from blotter.desk.feed.feed import Feed
from blotter.desk.feed.timings import Timings
from blotter.desk.messages import LinkPhase, LinkState
from tests.desk.feed.broker import TOKEN, FeedBroker, until

NEVER = Instant(datetime.min.replace(tzinfo=UTC), 0.0)

FAST = Timings(
    ping=0.1,
    stale=0.5,
    drop=1.0,
    poll=0.1,
    head_start=0.2,
    open=3.0,
    close=0.2,
    list=3.0,
    first_retry=0.05,
    last_retry=0.2,
    settled=0.3,
    grace=0.2,
    tick=0.02,
    jump=3.0,
)


@dataclass
class Told:
    """What the feed gave out. ``shown`` is the book as a screen would have it, built from the changes alone."""

    shown: dict[OrderKey, Row] = field(default_factory=dict)
    links: list[LinkState] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    loud: list[Change] = field(default_factory=list)
    """What the desk would tell of by itself."""

    def changes(self, changes: tuple[Change, ...], *, quiet: bool = False) -> None:
        self.loud += () if quiet else changes
        for change in changes:
            if change.after.former is not None:
                self.shown.pop(change.after.former, None)
            self.shown[change.after.key] = change.after

    def late(self, changes: tuple[Change, ...]) -> None:
        self.loud += changes

    def link(self, state: LinkState) -> None:
        self.links.append(state)

    def notice(self, notice: Notice) -> None:
        self.notices.append(notice)

    def loud_ends(self) -> list[str]:
        """The ends of orders known before that the desk would tell of."""
        changed = [change for change in self.loud if change.before and is_finished(change.after.order)]
        return [change.after.order.ord_status for change in changed]

    def state(self, account: str = "ACC-1") -> LinkState:
        return next(state for state in reversed(self.links) if state.account.id == account)

    def phase(self, account: str = "ACC-1") -> LinkPhase | None:
        return next((state.phase for state in reversed(self.links) if state.account.id == account), None)

    def phases(self, account: str = "ACC-1") -> list[LinkPhase]:
        """Each phase that was entered, in order."""
        seen = [state.phase for state in self.links if state.account.id == account]
        return [phase for n, phase in enumerate(seen) if n == 0 or seen[n - 1] is not phase]

    def said(self, *parts: str) -> list[Notice]:
        """The notices that hold all of these words."""
        wanted = [part.lower() for part in parts]
        return [
            notice
            for notice in self.notices
            if all(part in f"{notice.text} {notice.broker_text}".lower() for part in wanted)
        ]

    def status(self, cl_ord_id: str, account: str = "ACC-1") -> str | None:
        row = self.shown.get(OrderKey(account, cl_ord_id))
        return row.order.ord_status if row is not None else None


@dataclass
class Live:
    feed: Feed
    book: Book
    told: Told
    task: asyncio.Task[None]
    missing: list[OrderKey]

    async def reaches(self, phase: LinkPhase, account: str = "ACC-1", within: float = 5.0) -> None:
        await until(lambda: self.told.phase(account) is phase, within, lambda: (phase, self.told.phases(account)))

    async def shows(self, cl_ord_id: str, status: str, account: str = "ACC-1", within: float = 5.0) -> None:
        await until(lambda: self.told.status(cl_ord_id, account) == status, within, lambda: (cl_ord_id, status))

    async def says(self, *parts: str, within: float = 5.0) -> Notice:
        await until(lambda: bool(self.told.said(*parts)), within, lambda: (parts, self.told.notices))
        return self.told.said(*parts)[0]

    def stale(self, account: str = "ACC-1") -> set[str]:
        """The orders that are marked stale on the screen."""
        return {key.cl_ord_id for key, row in self.told.shown.items() if key.account == account and row.stale_since}


@asynccontextmanager
async def live(
    broker: FeedBroker,
    accounts: Sequence[str] = ("ACC-1",),
    *,
    timings: Timings = FAST,
    relist_every: float = 60.0,
    clock: Clock | None = None,
    stream_url: str = "",
    answer_timeout: float = 0.5,
    book: Book | None = None,
    timeouts: Timeouts | None = None,
    token: Token | None = None,
) -> AsyncIterator[Live]:
    """Run a feed; an error in it fails the test."""
    told, book, token = Told(), book or Book(), token or Token(TOKEN)
    missing: list[OrderKey] = []
    async with Client(broker.url, token, timeouts=timeouts) as client:
        feed = Feed(
            client=client,
            connect=lambda: connect(stream_url or broker.stream_url, token, answer_timeout=answer_timeout),
            book=book,
            accounts=[Account(name) for name in accounts],
            clock=clock or SystemClock(),
            out=told,
            relist_every=relist_every,
            random=random.Random(4),
            timings=timings,
            missing=missing.append,
        )
        task = asyncio.create_task(feed.run())
        try:
            yield Live(feed, book, told, task, missing)
            if task.done():
                task.result()
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        assert {row.key: _seen(row) for row in book.rows()} == {key: _seen(row) for key, row in told.shown.items()}


def _seen(row: Row) -> Row:
    """A row without its age: being told the same again is no change."""
    return replace(row, reported=NEVER)
