"""The watch over one account: what reaches the book, and what may be believed of it.

While the list is being read for the first time under a new stream, the stream's reports are held back and replayed
after it. Later lists are compared with the book instead: what such a list changes, and the stream does not tell within
a moment, is a disagreement. The book itself arbitrates between the two by the time when a read was asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from blotter.broker.client import Client
from blotter.broker.errors import Ask, BrokerError, NoAnswer, RateLimited
from blotter.core.account import Account
from blotter.core.book import Book
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.core.report import Report
from blotter.core.row import Change, Row
from blotter.core.status import is_finished
from blotter.desk.absentees import Absentees
from blotter.desk.differences import Differences
from blotter.desk.freshness import FRESH, Evidence, phase
from blotter.desk.lister import Listing, read_list
from blotter.desk.messages import LinkPhase, LinkState
from blotter.desk.teller import Teller
from blotter.desk.timings import Timings

SLICE = 50
"""Reports applied at a time before the loop gets its turn: a cancel must not wait for a list of 10,000 orders."""

MOST_HELD = 50_000
"""Reports held back while a list is read; a stream that sends more is applied as it comes, which the book survives."""


class FeedOutput(Protocol):
    """Where the feed's news go. Called on the desk's loop; returns at once."""

    def changes(self, changes: tuple[Change, ...]) -> None:
        """Rows of the book changed."""

    def link(self, state: LinkState) -> None:
        """An account's link changed, or its ages did."""

    def notice(self, notice: Notice) -> None:
        """Something to tell the trader."""


class Watch:
    """Owns everything that is known of one account's link. Not reentrant: one list at a time, one loop."""

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
    ) -> None:
        self.account = account
        self.attempt = 0
        self.teller = Teller(account.id, clock, out.notice)
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
        self._known = Evidence()
        self._opened: Instant | None = None
        self.was_in_step = False
        self._held: list[Report] | None = None
        self._missed = Differences()
        self._doubts = Differences()
        self._doubted: Instant | None = None
        self.state = LinkState(account, LinkPhase.CONNECTING, clock.now())

    @property
    def carried(self) -> bool:
        """Whether a stream carries this account now."""
        return self._known.open

    def announce(self) -> None:
        """Say the state for the first time."""
        self._out.link(self.state)

    def opened(self, now: Instant) -> None:
        """A stream carries this account: hold its reports back until the list has been read under it."""
        self.teller.carried()
        self._release()
        self._held = []
        self._opened = now
        self._known.open = True
        self._known.synced = False
        self._known.stream_failed = False
        self.heard(now)
        self.refresh(now)

    def lost(self, now: Instant, *, void: bool = False) -> None:
        """The stream is gone. ``void`` says that lists read before ``now`` vouch for nothing either."""
        self._release()
        self._held = None
        self._opened = None
        self._known.open = False
        self._known.synced = False
        if void or self._known.lost is None:
            self._known.lost = now
        self.refresh(now)

    def no_stream(self, now: Instant) -> None:
        """A stream could not be had."""
        self._known.stream_failed = True
        self.refresh(now)

    def heard(self, now: Instant) -> bool:
        """The stream said something, whatever it was. ``True``: that ended a silence, and the list should be read."""
        self._known.heard = now
        silent = self.state.phase is LinkPhase.STALE
        if silent:
            self.refresh(now)
        return silent and self.state.phase in FRESH

    def tick(self, now: Instant) -> None:
        """Time passed: a phase may have changed by itself, and a doubt may have become a disagreement."""
        if self._doubted is not None and now.since(self._doubted) >= self._timings.grace:
            self._doubted = None
            doubts = self._doubts.take()
            if len(doubts):
                self.teller.disagreed(doubts)
        self.refresh(now)

    async def take(self, reports: Sequence[Report]) -> None:
        """Reports of the stream, an event's or a snapshot's."""
        for start in range(0, len(reports), SLICE):
            if start:
                await asyncio.sleep(0)
            part = reports[start : start + SLICE]
            if self._held is not None and len(self._held) < MOST_HELD:
                self._held.extend(part)
                continue
            for report in part:
                self._doubts.forget(report.key)
            self._apply(part)

    async def read(self) -> float:
        """Read the whole list once; gives the seconds to wait before the next time.

        Raises :class:`RateLimited`; any other failure is told and shown in the state.
        """
        try:
            async with asyncio.timeout(self._timings.list):
                listing = await read_list(self._client, self.account.id, self._clock, self._expected)
        except TimeoutError:
            patience = self._timings.list
            return self._failed(NoAnswer(Ask.ORDERS, f"the list was not complete after {patience:.0f} s"))
        except RateLimited:
            raise
        except BrokerError as error:
            return self._failed(error)
        if listing.mostly_unreadable and self._known.listed is not None:
            rows = len(listing.reports) + len(listing.unreadable)
            self.teller.mostly_unreadable(listing.unreadable, rows)
            return self._without_list()
        await self._settle(listing)
        return self._relist_every if self._known.synced else self._timings.poll

    def refresh(self, now: Instant) -> None:
        """Work out the phase; say it, and mark the rows, where it changed."""
        then, known = self.state, self._known
        new = phase(known, now, self._timings.stale)
        since = then.since if new is then.phase else now
        state = LinkState(self.account, new, since, self.attempt, known.heard, known.listed)
        if state == then:
            return
        if (new in FRESH) is not (then.phase in FRESH):
            self._mark(new in FRESH, now)
        self.state = state
        self._out.link(state)

    def _mark(self, fresh: bool, now: Instant) -> None:
        if fresh:
            self._say(self._book.fresh(self.account.id))
            return
        vouched = [moment for moment in (self._known.heard, self._known.listed) if moment is not None]
        since = max(vouched, key=lambda moment: moment.mono, default=now)
        self._say(self._book.stale(self.account.id, since))

    async def _settle(self, listing: Listing) -> None:
        """A list came. It puts the account in step if it was asked for under the stream that is open."""
        compared, opened = self._known.synced, self._opened
        self.teller.unreadable(listing.unreadable)
        reports = tuple(listing.reports.values())
        for start in range(0, len(reports), SLICE):
            self._compare(self._apply(reports[start : start + SLICE]), compared)
            await asyncio.sleep(0)
        if listing.cut_short:
            self.teller.cut_short()
        named = {report.key for report in reports}
        changes = self._book.listed(self.account.id, named, listing.requested, listing.received)
        self._say(changes)
        self._compare(changes, compared)
        await self._replay()
        self._known.listed = listing.received
        self._known.list_failed = False
        self.teller.answered()
        self._look_for_the_absent(listing)
        if opened is not None and opened is self._opened and listing.requested.mono >= opened.mono:
            self._synchronised()
        self.refresh(self._clock.now())

    def _look_for_the_absent(self, listing: Listing) -> None:
        absent = [row.key for row in self._working() if row.needs_read and row.key.cl_ord_id not in listing.reports]
        for key in self._absentees.due(absent, self._clock.now()):
            self._missing(key)

    def _synchronised(self) -> None:
        if self._known.synced:
            return
        lost, self._known.lost = self._known.lost if self.was_in_step else None, None
        self.was_in_step = True
        self._known.synced = True
        self.attempt = 0
        self._in_step(self, self._missed.take(), lost)

    def _compare(self, changes: tuple[Change, ...], compared: bool) -> None:
        if compared and changes:
            self._doubts.add(changes)
            self._doubted = self._doubted or self._clock.now()

    def _failed(self, error: BrokerError) -> float:
        self.teller.failed(error)
        refused = error.status is not None and 400 <= error.status < 500
        return max(self._without_list(), self._relist_every if refused else 0.0)

    def _without_list(self) -> float:
        self._release()
        self._known.list_failed = True
        self.refresh(self._clock.now())
        self._unread(self)
        return self._timings.poll

    async def _replay(self) -> None:
        """Apply what was held back, and what comes meanwhile behind it."""
        while self._held:
            part, self._held = self._held[:SLICE], self._held[SLICE:]
            self._apply(part)
            await asyncio.sleep(0)
        self._held = None

    def _release(self) -> None:
        """What the stream said is true whether or not a list came: apply all that was held back at once."""
        if self._held:
            self._apply(self._held)
        self._held = None

    def _apply(self, reports: Iterable[Report]) -> tuple[Change, ...]:
        changes = tuple(change for report in reports for change in self._book.apply(report))
        self._say(changes)
        return changes

    def _say(self, changes: tuple[Change, ...]) -> None:
        if not changes:
            return
        if not self._known.synced:
            self._missed.add(changes)
        self._out.changes(changes)

    def _expected(self) -> list[str]:
        """The orders that a complete list would hold."""
        return [row.key.cl_ord_id for row in self._working()]

    def _working(self) -> list[Row]:
        account = self.account.id
        return [row for row in self._book.rows() if row.key.account == account and not is_finished(row.order)]
