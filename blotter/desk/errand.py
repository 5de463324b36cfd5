"""A desk for one errand: the live session without thread and screen, in the loop of a command that cancels and goes.

Everything is the desk's own (feed, canceller, journal, settling); what is added is waiting: for the lists, so that the
desk judges each wish by a picture of its own, and for each cancel's last word.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from blotter.core.asking.mass import MassCancel
from blotter.core.book.cancel import CancelRequest, CancelState, Verdict
from blotter.core.book.row import Row
from blotter.core.book.status import OrdStatus, is_finished
from blotter.core.clock import Clock
from blotter.core.order import OrderKey
from blotter.desk.cancels.outcome import Cause, Ending, Outcome, ending
from blotter.desk.journal.archive import QUIT
from blotter.desk.journal.disk import File, Tape
from blotter.desk.live import Live
from blotter.desk.mailbox import Mailbox
from blotter.desk.messages import LinkState
from blotter.desk.settings import DeskSettings

GRACE = 3.0
"""Seconds for requests in flight when the errand is cut short."""

_IN_THE_AIR = frozenset({CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN})


@dataclass(slots=True)
class Job:
    """One order of the errand. Without a ``request`` a cancel of it is in the air already and is only waited for.

    ``outcome`` is what the attempt came to, ``row`` the order as last known, ``ending`` how it ended.
    """

    row: Row
    request: CancelRequest | None = None
    outcome: Outcome | None = None
    ending: Ending | None = None

    @property
    def key(self) -> OrderKey:
        """Under which it was asked for, whatever replaced it since."""
        return self.request.key if self.request else self.row.key

    def judge(self) -> Ending | None:
        """How it ended; ``None`` while more may come. A cancel ends once: what is said of it later changes no end."""
        if self.ending is None:
            self.ending = self._judged()
        return self.ending

    @property
    def standing(self) -> Ending:
        """How it ended, or else how it stands."""
        return self.ending or _followed(self.row) or _standing(self.row)

    def _judged(self) -> Ending | None:
        if self.request is None:
            return _followed(self.row)
        if self.outcome is None:
            return None
        if self.outcome.verdict is Verdict.NOT_SENT:
            return Ending.NOT_SENT
        return ending(self.row, self.outcome.intent)


class Errand:
    """An asynchronous context manager: enters a session, and leaves it with everything on disk.

    After :meth:`stop` nothing more is sent and nothing is waited for. ``failed`` is the unforeseen error that ended the
    session, if one did.
    """

    def __init__(self, settings: DeskSettings, clock: Clock, open_tape: Callable[[Path], Tape] = File) -> None:
        self._clock = clock
        self._mailbox = Mailbox()
        self._live = Live(replace(settings, settle_earlier=False), clock, self._mailbox, open_tape)
        self._moved = asyncio.Event()
        self._end = asyncio.Event()
        self._reason = QUIT
        self._links: dict[str, LinkState] = {}
        self._jobs: dict[OrderKey, Job] = {}
        self._rows: dict[OrderKey, Row] = {}
        self.failed: BaseException | None = None

    async def __aenter__(self) -> Self:
        self._mailbox.subscribe(self._look)
        self._session = asyncio.create_task(
            self._live.run(self._end, lambda: (self._reason, GRACE), lambda: None), name="session"
        )
        self._session.add_done_callback(self._ended)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._reason = f"command failed ({kind.__name__})"
        self._end.set()
        await asyncio.wait({self._session})
        self._look()

    def stop(self, reason: str) -> None:
        """Cut it short: send nothing new, and give what is in flight its grace."""
        if not self._end.is_set():
            self._reason = reason
            self._end.set()
            self._wake()

    async def listed(self, accounts: Iterable[str], seconds: float) -> None:
        """Returns when the desk has read the lists of ``accounts``, or their time is up."""
        names = set(accounts)
        await self._until(lambda: all(link and link.listed for link in map(self._links.get, names)), seconds)

    async def run(self, jobs: Sequence[Job], wait: float, scope: str = "") -> AsyncIterator[Job]:
        """Send what is to be sent. Yields each job with its last word, or ``wait`` seconds after its answer without.

        ``scope`` says in words which orders were meant, where there are many.
        """
        self._jobs = {job.key: job for job in jobs}
        self._match(self._rows.values())
        sent = self._send([job.request for job in jobs if job.request], scope)
        tasks = [asyncio.create_task(self._see_through(job, sent.get(job.key), wait)) for job in jobs]
        for done in asyncio.as_completed(tasks):
            yield await done

    def _send(self, requests: Sequence[CancelRequest], scope: str) -> Mapping[OrderKey, asyncio.Future[Outcome]]:
        if self._end.is_set():
            return {}
        if len(requests) < 2:
            return {request.key: self._live.cancel(request) for request in requests}
        now = self._clock.now()
        return self._live.cancel_many(MassCancel(f"{now.utc:%H%M%S}", scope, tuple(requests), now))

    async def _see_through(self, job: Job, answer: asyncio.Future[Outcome] | None, wait: float) -> Job:
        if job.request is not None:
            outcome = await self._answered(answer)
            self._look()
            if outcome.cause is Cause.DECLINED and in_the_air(job.row):
                # Another blotter of the same user was a moment faster.
                job.request = None
            else:
                job.outcome = outcome
        await self._until(job.judge, wait)
        return job

    async def _answered(self, answer: asyncio.Future[Outcome] | None) -> Outcome:
        """What the attempt came to, whatever became of the session."""
        if answer is None:
            return Outcome(Verdict.NOT_SENT, Cause.ENDING, detail="stopped before it was sent")
        either: set[asyncio.Future[Any]] = {answer, self._session}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if answer.done() and not answer.cancelled() and answer.exception() is None:
            return answer.result()
        return Outcome(Verdict.UNKNOWN, Cause.FAULT, detail="an error of this program came between")

    async def _until(self, condition: Callable[[], object], seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not condition() and not self._end.is_set():
                    await self._moved.wait()

    def _look(self) -> None:
        """Called in the session's loop, which is ours."""
        batch = self._mailbox.take()
        self._links.update((link.account.id, link) for link in batch.links)
        self._rows.update((row.key, row) for row in batch.rows)
        self._match(batch.rows)
        self._wake()

    def _match(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.former in self._jobs:
                self._jobs.setdefault(row.key, self._jobs[row.former])
            if row.key in self._jobs:
                self._jobs[row.key].row = row
                self._jobs[row.key].judge()

    def _wake(self) -> None:
        """Everybody who waits looks again."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def _ended(self, session: asyncio.Task[None]) -> None:
        self.failed = None if session.cancelled() else session.exception()
        self._end.set()
        self._wake()


def in_the_air(row: Row) -> bool:
    """Whether somebody's cancel of this order has no last word yet."""
    return row.cancel in _IN_THE_AIR or row.order.ord_status == OrdStatus.PENDING_CANCEL


def _standing(row: Row) -> Ending:
    if row.cancel is CancelState.UNCONFIRMED:
        return Ending.UNCONFIRMED
    if row.cancel is CancelState.PENDING or row.order.ord_status == OrdStatus.PENDING_CANCEL:
        return Ending.PENDING
    # The broker's word, even where nothing has read the order since; the journal says the same.
    return Ending.REFUSED if row.cancel is CancelState.REJECTED else Ending.UNKNOWN


def _followed(row: Row) -> Ending | None:
    if not is_finished(row.order):
        return None
    return Ending.CANCELED if row.order.ord_status == OrdStatus.CANCELED else Ending.MOOT
