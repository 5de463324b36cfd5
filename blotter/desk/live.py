"""What happens inside the desk's loop: everything made in it, wired together, and taken down in the right order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blotter.broker.client import Client
from blotter.broker.stream import connect
from blotter.core.asking.mass import MassCancel
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Change
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.accounts import AccountFinder
from blotter.desk.audit_trail import AuditTrail
from blotter.desk.cancels.canceller import Canceller
from blotter.desk.cancels.docket import Docket
from blotter.desk.cancels.mass import MassCanceller
from blotter.desk.cancels.outcome import Outcome
from blotter.desk.client import open_client
from blotter.desk.crowd import Crowd
from blotter.desk.exports import write_export
from blotter.desk.feed.feed import Feed
from blotter.desk.journal.archive import Archive
from blotter.desk.journal.disk import Tape
from blotter.desk.lookout import Lookout
from blotter.desk.mailbox import Mailbox
from blotter.desk.messages import LinkState, NoAccounts, Wait
from blotter.desk.recovery.recovery import Recovery
from blotter.desk.secrets.tokens import LoginTokens
from blotter.desk.settings import DeskSettings
from blotter.desk.tasks import Tasks

Ending = Callable[[], tuple[str, float]]
"""Why the session ends, and how many seconds requests in flight may take."""

EARLIER_RUNS = 0.25
"""Seconds that the lists wait for the files of earlier runs, if asking for the accounts took less than reading them."""

LEAVING = 1.0
"""Seconds to leave the stream and the lists in peace, after everything that matters is on disk."""


class Live:
    """Made in the loop. Gets what the feed and the cancels have to say, and passes it to the mailbox."""

    def __init__(
        self,
        settings: DeskSettings,
        clock: Clock,
        mailbox: Mailbox,
        open_tape: Callable[[Path], Tape],
        open_client: Callable[[DeskSettings], Client] = open_client,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._mailbox = mailbox
        self._tasks = Tasks()
        self._crowd = Crowd(mailbox.notice)
        self._book = Book()
        if isinstance(settings.token, LoginTokens):
            settings.token.tell(self.notice, mailbox.login)
        self._client = open_client(settings)
        self._trail = AuditTrail(settings, clock, open_tape, say=self._say, publish=mailbox.journal)
        self._lookout = Lookout(
            self._client,
            self._book,
            clock,
            self._tasks,
            settings.patience.gather,
            show=self.changes,
            tell=self.notice,
        )
        self._docket = Docket(
            book=self._book,
            scribe=self._trail.scribe,
            clock=clock,
            patience=settings.patience,
            screen=self,
            glasses=self._lookout.looker,
            tasks=self._tasks,
        )
        self._canceller = Canceller(
            client=self._client,
            book=self._book,
            docket=self._docket,
            scribe=self._trail.scribe,
            clock=clock,
            settings=settings,
            screen=self,
            tasks=self._tasks,
            bars=self._bars,
        )
        self._mass = MassCanceller(
            canceller=self._canceller,
            book=self._book,
            clock=clock,
            tasks=self._tasks,
            width=settings.cancel_concurrency,
            publish=mailbox.mass,
            say=self.notice,
            last_words=settings.patience.last_words,
        )
        self._recovery = Recovery(
            Archive(settings.state_dir, settings.base_url, self._trail.scribe.run),
            book=self._book,
            docket=self._docket,
            scribe=self._trail.scribe,
            clock=clock,
            patience=settings.patience,
            screen=self,
            glasses=self._lookout.looker,
            tasks=self._tasks,
            settle=settings.settle_earlier,
            unlisted=mailbox.unlisted,
        )
        self._chance = random.Random()  # noqa: S311 - it spreads retries, it keeps no secret
        self._finder = AccountFinder(
            self._client,
            settings,
            clock,
            self.notice,
            self._chance,
            lambda then: mailbox.no_accounts(NoAccounts(then)),
        )
        self._feed: Feed | None = None
        self._links: dict[str, LinkState] = {}

    async def run(self, end: asyncio.Event, ending: Ending, closed: Callable[[], None]) -> None:
        """Until ``end`` is set, or something unforeseen is raised, which comes out of here.

        ``closed`` is called when every outcome is on disk, before the network is left.
        """
        async with self._client:
            recovering = self._tasks.start(self._recovery.run(), "earlier runs")
            self._tasks.start(self._watch(), "feed")
            self._tasks.start(self._follow_tokens(), "token")
            asked = asyncio.create_task(end.wait())
            try:
                awaited: set[asyncio.Future[Any]] = {asked, self._tasks.crashed}
                await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            finally:
                asked.cancel()
                reason, grace = ending() if end.is_set() else ("desk failed", 3.0)
                recovering.cancel()
                self._recovery.close()
                await self._close(reason, grace)
                closed()
                await self._tasks.leave(LEAVING)
        if self._tasks.crashed.done():
            self._tasks.crashed.result()

    def cancel(self, request: CancelRequest) -> asyncio.Future[Outcome]:
        return self._canceller.accept(request)

    def cancel_many(self, mass: MassCancel) -> Mapping[OrderKey, asyncio.Future[Outcome]]:
        return self._mass.start(mass)

    def stop_many(self, name: str) -> None:
        self._mass.stop(name)

    def export(self, name: str, text: str) -> None:
        self._tasks.start(self._write(name, text), f"export {name}")

    def withhold(self, key: OrderKey) -> None:
        self._canceller.withhold(key)

    def acknowledge(self, intents: tuple[str, ...]) -> None:
        self._trail.acknowledge(intents)

    def relist(self) -> None:
        if self._feed is None:
            self._finder.again()
        else:
            self._feed.relist()

    def changes(self, changes: tuple[Change, ...], *, quiet: bool = False) -> None:
        """Something that the broker said: the rows, and what is worth a sentence."""
        self._mailbox.rows(change.after for change in changes)
        self._docket.saw(changes, quiet=quiet)
        # After the docket, whose last words it tells.
        self._mass.saw(changes)
        self._recovery.saw(change.after for change in changes)

    def late(self, changes: tuple[Change, ...]) -> None:
        self._docket.tell_of(changes)

    def rows(self, changes: tuple[Change, ...]) -> None:
        self._mailbox.rows(change.after for change in changes)
        self._mass.saw(changes)

    def link(self, state: LinkState) -> None:
        self._links[state.account.id] = state
        self._mailbox.link(state)

    def notice(self, notice: Notice) -> None:
        self._crowd.take(notice)

    def journal(self, trouble: str) -> None:
        self._trail.judge(trouble)

    def wait(self, wait: Wait) -> None:
        self._mailbox.wait(wait)
        self._mass.waits(wait)

    async def _watch(self) -> None:
        if not self._settings.read_only:
            await self._trail.check()
        accounts = await self._finder.find()
        self._recovery.opened([account.id for account in accounts])
        await self._recovery.looked(EARLIER_RUNS)
        self._feed = Feed(
            client=self._client,
            connect=lambda: connect(self._settings.stream_url, self._settings.token, ca_file=self._settings.ca_file),
            book=self._book,
            accounts=accounts,
            clock=self._clock,
            out=self,
            relist_every=self._settings.relist_every,
            timings=self._settings.timings,
            missing=self._lookout.missing,
        )
        await self._feed.run()

    async def _follow_tokens(self) -> None:
        """Whatever was refused with one token is asked for again with the next, a stream that was given up too."""
        while True:
            await self._settings.token.changed()
            self.relist()

    def _bars(self, account: str) -> str | None:
        """An account whose link nobody has told of yet has no order that could be canceled."""
        link = self._links.get(account)
        return link.why_not_cancel(self._clock.now()) if link else None

    async def _close(self, reason: str, grace: float) -> None:
        last = self._clock.now().mono + grace
        self._mass.close()
        await self._canceller.close(grace)
        await self._settings.token.settle(max(0.0, last - self._clock.now().mono))
        await self._docket.close()
        self._crowd.close()
        await self._trail.close(reason)

    async def _write(self, name: str, text: str) -> None:
        now = self._clock.now().utc
        try:
            path = await asyncio.to_thread(write_export, self._settings.state_dir, name, text, now)
        except OSError as trouble:
            self._say(Severity.ALERT, f"Not exported: {trouble.strerror or trouble}")
        else:
            self.notice(Notice(now, Severity.INFO, f"exported {path.name} to {path.parent}"))

    def _say(self, severity: Severity, text: str) -> None:
        self.notice(Notice(self._clock.now().utc, severity, text))
