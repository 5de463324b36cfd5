"""All accounts together: the stream's news dealt out to their watches, and the gap that they share."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from blotter.broker.client import Client
from blotter.broker.errors import BrokerError, LoggedOut, StreamRefused, sentence
from blotter.broker.stream import OrderEvent, Snapshot, StreamEvent, UnreadableEvent
from blotter.broker.wire.orders import Read, Unreadable
from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.gap import Gap
from blotter.desk.feed.reach import LastWord
from blotter.desk.feed.rounds import Rounds
from blotter.desk.feed.ticker import Tick
from blotter.desk.feed.timings import Timings
from blotter.desk.feed.watch import FeedOutput, Watch


class Watches:
    """Listens to the line (a :class:`~blotter.desk.feed.line.LineListener`) for every account's watch.

    What one account's list or subscription runs into stays with that account.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        *,
        client: Client,
        book: Book,
        clock: Clock,
        out: FeedOutput,
        timings: Timings,
        relist_every: float,
        missing: Callable[[OrderKey], None],
    ) -> None:
        self.rounds: dict[str, Rounds] = {}
        self._watches: dict[str, Watch] = {}
        self._clock = clock
        self._out = out
        self._patience = timings.gap
        self._open = False
        self._heard: Instant | None = None
        self._gap: Gap | None = None
        self._told: set[str] = set()
        self._word = LastWord()
        outage: set[str] = set()
        for account in accounts:
            watch = Watch(
                account,
                client=client,
                book=book,
                clock=clock,
                out=out,
                timings=timings,
                relist_every=relist_every,
                in_step=self._in_step,
                unread=self._unread,
                missing=missing,
                outage=outage,
                word=self._word,
            )
            self._watches[account.id] = watch
            self.rounds[account.id] = Rounds(watch.read, watch.teller.limited, timings.poll)

    def work(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What is done for ever, beside the reading."""
        for watch in self._watches.values():
            yield watch.marker.run()
            yield watch.inbox.run()

    def announce(self) -> None:
        """Say every account's link state for the first time."""
        for watch in self._watches.values():
            watch.link.announce()

    def tick(self, now: Instant) -> None:
        for watch in self._watches.values():
            watch.tick(now)
        if self._gap is not None:
            for account in self._gap.late(now, self._patience):
                self._gap.unread(account, self._watches[account].account.name)
            self._close_gap()

    def jumped(self, tick: Tick, reason: str) -> None:
        """Time went on without us: nothing that was read before vouches for anything."""
        self._open_gap(tick.before, reason)
        for watch in self._watches.values():
            watch.link.stood_still(tick.before, tick.now)
        self._down(tick.now, void=True)

    def carried(self, account: str) -> None:
        self._open = True
        now = self._heard = self._clock.now()
        self._watches[account].opened(now)
        if self._gap is not None:
            self._gap.ended(now)
        self.rounds[account].anew()

    def not_carried(self, account: str, error: BrokerError) -> None:
        watch = self._watches[account]
        watch.teller.refused(error)
        # There is a stream, and no other is being opened for this account.
        watch.link.attempt = 0
        watch.link.no_stream(self._clock.now(), error)
        if self._gap is not None:
            self._gap.leave_out(account)
            self._close_gap()

    def carries(self, account: str) -> bool:
        return self._watches[account].link.open

    def opened(self) -> None:
        self._told.clear()

    async def said(self, message: StreamEvent, now: Instant) -> None:
        self._heard = self._word.at = now
        for name, watch in self._watches.items():
            if watch.link.open and watch.link.heard(now):
                self.rounds[name].now()
        match message:
            case OrderEvent():
                await self._take(message.account, [(message.cl_ord_id, message.fields)], Source.STREAM, now)
            case Snapshot():
                self._illegible(message.account, message.unreadable)
                await self._take(message.account, message.orders, Source.SNAPSHOT, now)
            case UnreadableEvent():
                self._illegible(message.account, [Unreadable(message.cl_ord_id, message.reason)])
            case _:
                pass

    def lost(self, reason: str, attempt: int) -> None:
        now = self._clock.now()
        self._open_gap(self._heard or now, reason)
        for watch in self._watches.values():
            watch.link.attempt = attempt
        self._down(now)

    def failed(self, error: BrokerError, attempt: int) -> None:
        now = self._clock.now()
        answered = error.status is not None or isinstance(error, StreamRefused)
        if answered:
            self._word.at = now
        said = sentence(error)
        if said not in self._told:
            self._told.add(said)
            severity = Severity.ALERT if isinstance(error, StreamRefused) else Severity.WARN
            self._out.notice(Notice(now.utc, severity, f"{said}{_instead(error)}", error.words))
        for watch in self._watches.values():
            # After a refused token no attempt follows by itself.
            watch.link.attempt = 0 if isinstance(error, StreamRefused) else attempt
            watch.link.no_stream(now, error if answered else None)

    async def _take(self, account: str, records: Sequence[Read], source: Source, now: Instant) -> None:
        watch = self._watches.get(account)
        if watch is None:
            return
        if not watch.link.open:
            # It comes, whatever the broker said to the subscription, or did not say.
            self.carried(account)
        await watch.take([Report(account, cl_ord_id, fields, source, now) for cl_ord_id, fields in records])

    def _illegible(self, account: str, records: Sequence[Unreadable]) -> None:
        """What could not be read may have been news: the list will tell."""
        if not records:
            return
        known = self._watches.get(account)
        for watch in [known] if known else self._watches.values():
            watch.teller.unreadable(records)
            self.rounds[watch.account.id].soon()

    def _down(self, now: Instant, *, void: bool = False) -> None:
        self._open = False
        for name, watch in self._watches.items():
            watch.lost(now, void=void)
            self.rounds[name].anew()

    def _open_gap(self, since: Instant, reason: str) -> None:
        if self._gap is None and any(watch.link.was_in_step for watch in self._watches.values()):
            self._gap = Gap(since, reason)
        if self._gap is not None:
            self._gap.wait_for(self._watches)

    def _in_step(self, watch: Watch, missed: Differences, lost: Instant | None) -> None:
        if self._gap is not None and self._gap.in_step(watch.account.id, missed):
            self._close_gap()
        elif lost is not None:
            watch.teller.caught_up(self._clock.now().since(lost), missed)

    def _unread(self, watch: Watch) -> None:
        if self._gap is not None and self._open:
            self._gap.unread(watch.account.id, watch.account.name)
            self._close_gap()

    def _close_gap(self) -> None:
        if self._gap is None or not self._gap.over:
            return
        if self._gap.read_any:
            self._out.notice(self._gap.notice(self._clock.now()))
        self._gap = None


def _instead(error: BrokerError) -> str:
    """What is done without a stream. Without a token nothing is: the error itself says what helps."""
    if isinstance(error, LoggedOut):
        return ""
    refused = isinstance(error, StreamRefused)
    return " The list is read instead." if refused else " Trying again, reading the list meanwhile."
