"""The watch over one account: what reaches the book, and what may be believed of it.

While the list is being read for the first time under a new stream, the stream's news waits for it (``inbox`` says how
long, and why no longer). Later lists are compared with the book instead: what such a list changes, and the stream does
not tell within a moment, is a disagreement. The book itself arbitrates between the two by the time when a read was
asked for.

News is told once. What a list brings under a standing stream is told as a disagreement, what the first list after a gap
brings is told with the gap, and so both are handed out as quiet; a cancel of ours is never quiet. What is polled while
there is no stream is told at once, as nobody knows how long that lasts; the notice of the gap sums it up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from blotter.broker.client import Client
from blotter.broker.errors import Ask, BrokerError, RateLimited
from blotter.broker.errors import Unreadable as Unfit
from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.book.report import Report
from blotter.core.book.row import Change, Row
from blotter.core.book.status import is_finished
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.desk.feed.absentees import Absentees
from blotter.desk.feed.brief import brief
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.inbox import Inbox
from blotter.desk.feed.link import Link
from blotter.desk.feed.lister import Listing, read_list
from blotter.desk.feed.marker import Marker
from blotter.desk.feed.reach import LastWord
from blotter.desk.feed.teller import Teller
from blotter.desk.feed.timings import Timings
from blotter.desk.messages import LinkState

ROWS = 1_000
"""Rows looked at before the loop gets its turn."""


class FeedOutput(Protocol):
    """Where the feed's news go. Called on the desk's loop; returns at once."""

    def changes(self, changes: tuple[Change, ...], *, quiet: bool = False) -> None:
        """Rows of the book changed. ``quiet``: the feed tells of it in a sentence of its own, or gives it to
        :meth:`late`.
        """

    def late(self, changes: tuple[Change, ...]) -> None:
        """Changes that were quiet, and of which the feed has nothing to tell after all."""

    def link(self, state: LinkState) -> None:
        """An account's link changed, or its ages did."""

    def notice(self, notice: Notice) -> None:
        """Something to tell the trader."""


class Watch:
    """Owns everything that is known of one account's orders. Not reentrant: one list at a time, one loop."""

    def __init__(
        self,
        account: Account,
        *,
        client: Client,
        book: Book,
        clock: Clock,
        out: FeedOutput,
        timings: Timings,
        relist_every: float,
        in_step: Callable[[Watch, Differences, Instant | None], None],
        unread: Callable[[Watch], None],
        missing: Callable[[OrderKey], None],
        outage: set[str],
        word: LastWord,
    ) -> None:
        self.account = account
        self.teller = Teller(account.name, clock, out.notice, outage)
        self.marker = Marker(book, account.id, self._say)
        self.link = Link(account, clock.now(), timings.stale, self.marker, out.link, word)
        self.inbox = Inbox(self._hear)
        self._client = client
        self._book = book
        self._clock = clock
        self._out = out
        self._timings = timings
        self._relist_every = relist_every
        self._in_step = in_step
        self._unread = unread
        self._missing = missing
        self._absentees = Absentees()
        self._opened: Instant | None = None
        self._missed = Differences()
        self._doubts = Differences()
        self._doubted: Instant | None = None

    def opened(self, now: Instant) -> None:
        """A stream carries this account: hold its reports back until the list has been read under it."""
        self.teller.carried()
        self.inbox.hold()
        self._opened = now
        self.link.opened(now)

    def lost(self, now: Instant, *, void: bool = False) -> None:
        """The stream is gone. ``void`` says that lists read before ``now`` vouch for nothing either."""
        self.inbox.let_go()
        self._opened = None
        self.link.lost(now, void=void)

    def tick(self, now: Instant) -> None:
        """Time passed: a phase may have changed by itself, and a doubt may have become a disagreement."""
        if self._doubted is not None and now.since(self._doubted) >= self._timings.grace:
            self._doubted = None
            doubts = self._doubts.take()
            if len(doubts):
                self.teller.disagreed(doubts)
        self.link.refresh(now)
        if self.inbox.holding and self._opened is not None and now.since(self._opened) >= self._timings.hold:
            self.inbox.let_go()

    async def take(self, reports: Sequence[Report]) -> None:
        """Reports of the stream, an event's or a snapshot's."""
        await self.inbox.put(reports)

    def _hear(self, reports: Sequence[Report]) -> None:
        """A slice of what the stream said."""
        told = [change for report in reports if (change := self._doubts.forget(report.key))]
        if told:
            self._out.late(tuple(told))
        self._apply(reports)
        if self._overfull:
            self._without_list("too many orders", self._too_many())

    async def read(self) -> float:
        """Read the whole list once; gives the seconds to wait before the next time.

        Raises :class:`RateLimited`; any other failure is told and shown in the state.
        """
        try:
            async with asyncio.timeout(self._timings.list):
                listing = await read_list(self._client, self.account.id, self._clock, self._listed, self._expected)
        except TimeoutError:
            self.teller.too_slow(self._timings.list)
            return self._without_list("list too slow")
        except RateLimited as error:
            self.link.limited(self._clock.now(), error)
            raise
        except BrokerError as error:
            self.teller.failed(error)
            refused = error.status is not None and 400 <= error.status < 500
            return max(self._without_list(brief(error), error), self._relist_every if refused else 0.0)
        if self._is_unfit(listing):
            self.teller.mostly_unreadable(listing.unreadable, listing.rows)
            return self._without_list("list unreadable")
        opened = self._opened
        await self._complete(listing)
        if self._overfull:
            return max(self._without_list("too many orders", self._too_many()), self._relist_every)
        self._settle(listing, opened)
        return self._relist_every if self.link.synced else self._timings.poll

    async def _listed(self, listing: Listing, reports: Sequence[Report]) -> None:
        """A part of a list came. Rows that are being marked are marked first: what was read later ends the doubt. So is
        applied first what the stream said before the page was asked for.
        """
        self.inbox.let_go(reports[0].requested)
        await self.inbox.emptied()
        await self.marker.done()
        if self._is_unfit(listing):
            return
        compared = self.link.synced
        quiet = compared or (self._opened is not None and self.link.was_in_step)
        self._compare(self._apply(reports, quiet=quiet), compared)

    def _is_unfit(self, listing: Listing) -> bool:
        """Whether hardly anything of it is orders, and there is an older list to keep: the first is shown as it is."""
        return listing.mostly_unreadable and self.link.listed

    @property
    def _overfull(self) -> bool:
        return self.account.id in self._book.overfull

    def _too_many(self) -> BrokerError:
        """Orders are missing here for good, so nothing may read as the whole truth any more."""
        error = Unfit(Ask.ORDERS, f"there are too many orders, more than {self._book.most:,}")
        self.teller.failed(error)
        return error

    async def _complete(self, listing: Listing) -> None:
        """A list came to its end: what it lacked is in doubt, and what was held back for it goes on from there."""
        await self.marker.done()
        compared = self.link.synced
        self.teller.unreadable(listing.unreadable)
        self.teller.cut_short(listing.cut_short)
        for absent in self._book.absent(self.account.id, listing.written.keys(), listing.requested):
            changes = self._book.doubt(absent, listing.received)
            self._say(changes)
            self._compare(changes, compared)
            await asyncio.sleep(0)
        self.inbox.let_go()
        await self.inbox.emptied()
        await self._look_for_the_absent(listing)

    def _settle(self, listing: Listing, opened: Instant | None) -> None:
        """The list is in the book. It puts the account in step if it was asked for under the stream that is open."""
        trouble = "list cut short" if listing.cut_short else ""
        self.link.read(listing.requested, listing.received, listing.unknown.most(), trouble)
        self.teller.answered()
        if opened is not None and opened is self._opened and listing.requested.mono >= opened.mono:
            self._synchronised()
        self.link.refresh(self._clock.now())

    async def _look_for_the_absent(self, listing: Listing) -> None:
        """Orders in doubt that the list did not settle, finished ones too: a late fill may be what is in doubt."""
        absent: list[OrderKey] = []
        for count, row in enumerate(self._rows(), 1):
            if row.needs_read and row.order.cl_ord_id not in listing.written:
                absent.append(row.key)
            if count % ROWS == 0:
                await asyncio.sleep(0)
        for key in self._absentees.due(absent, self._clock.now()):
            self._missing(key)

    def _synchronised(self) -> None:
        if not self.link.synced:
            lost = self.link.in_step()
            self._in_step(self, self._missed.take(), lost)

    def _compare(self, changes: tuple[Change, ...], compared: bool) -> None:
        """What a list alone has shown may be a disagreement; of a cancel of ours the desk tells itself."""
        doubtful = [change for change in changes if not change.after.asks]
        if compared and doubtful:
            self._doubts.add(doubtful)
            self._doubted = self._doubted or self._clock.now()

    def _without_list(self, reason: str, error: BrokerError | None = None) -> float:
        self.inbox.let_go()
        self.link.unread(self._clock.now(), reason, error)
        self._unread(self)
        return self._timings.poll

    def _apply(self, reports: Iterable[Report], *, quiet: bool = False) -> tuple[Change, ...]:
        changes = tuple(change for report in reports for change in self._book.apply(report))
        self._say(changes, quiet=quiet)
        return changes

    def _say(self, changes: tuple[Change, ...], *, quiet: bool = False) -> None:
        if not changes:
            return
        if not self.link.synced:
            self._missed.add(changes)
        self._out.changes(changes, quiet=quiet)

    def _expected(self) -> Iterator[str]:
        """The orders that a complete list would hold."""
        return (row.order.cl_ord_id for row in self._rows() if not is_finished(row.order))

    def _rows(self) -> Iterator[Row]:
        return (row for row in self._book.rows() if row.order.account == self.account.id)
