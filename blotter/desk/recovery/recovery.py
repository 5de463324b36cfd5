"""Earlier runs: what they left without a last word is told first, settled by reading, and never sent again.

Their files are read by a thread of its own while the accounts are asked for. A cancel that a living blotter of the
same user has in hand is that one's to settle: here its order's row says so, as long as it lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelRequest, CancelSent, CancelState, Verdict
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.docket import Docket, Screen
from blotter.desk.cancels.look import Looker
from blotter.desk.cancels.outcome import Cause, Ending, Outcome
from blotter.desk.journal import recall
from blotter.desk.journal.archive import Archive, Findings
from blotter.desk.journal.ledger import Cancel, Entry, text
from blotter.desk.journal.scribe import Scribe
from blotter.desk.recovery.tidings import Tidings
from blotter.desk.settings import Patience
from blotter.desk.tasks import Tasks

ROWS_WITHIN = 1.0
"""Seconds that the first words wait for the orders' rows, so that they can use the tags of this run."""

_CAUSES = {
    Verdict.ACCEPTED: Cause.ACKNOWLEDGED,
    Verdict.REFUSED: Cause.REFUSED,
    Verdict.NOT_SENT: Cause.UNREACHED,
    Verdict.UNKNOWN: Cause.NO_ANSWER,
}


class Recovery:
    """Lives in the desk's loop. ``settle`` false only shows: for commands, which do not stay long enough to settle."""

    def __init__(
        self,
        archive: Archive,
        *,
        book: Book,
        docket: Docket,
        scribe: Scribe,
        clock: Clock,
        patience: Patience,
        screen: Screen,
        glasses: Callable[[str], Looker],
        tasks: Tasks,
        settle: bool,
        unlisted: Callable[[tuple[Row, ...]], None],
    ) -> None:
        """``unlisted`` is given the orders that no list has brought, whenever there are others."""
        self._archive = archive
        self._book = book
        self._docket = docket
        self._scribe = scribe
        self._clock = clock
        self._patience = patience
        self._screen = screen
        self._tidings = Tidings(book, clock, screen)
        self._glasses = glasses
        self._tasks = tasks
        self._settle = settle
        self._unlisted = unlisted
        self._told_unlisted: list[tuple[str, CancelState]] = []
        self._reader = ThreadPoolExecutor(1, "earlier runs")
        self._accounts: frozenset[str] | None = None
        self._waiting: dict[OrderKey, dict[str, Cancel]] = {}
        self._sought: set[OrderKey] = set()
        self._mine: set[str] = set()
        self._theirs: dict[str, str] = {}
        self._looked = asyncio.Event()
        self._rows = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        found = await self._look()
        self._take(found)
        self._looked.set()
        if self._settle:
            await self._tell(found)
        while True:
            await asyncio.sleep(self._patience.neighbours)
            found = await self._look()
            left = [cancel for cancel in found.open if cancel.intent in self._theirs]
            self._take(found)
            if self._settle:
                self._tidings.left(left)

    async def looked(self, seconds: float) -> None:
        """Returns when the earlier runs were read, but after so many seconds at the latest."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._looked.wait()

    def opened(self, accounts: Collection[str]) -> None:
        """These accounts are open here: cancels of others cannot be settled."""
        self._accounts = frozenset(accounts)
        self._start_seeking()

    def saw(self, rows: Iterable[Row]) -> None:
        """Rows that are new or changed: the ones waited for are taken up."""
        if not self._waiting:
            return
        for row in rows:
            for key in (row.key, row.former):
                for cancel in self._waiting.pop(key, {}).values() if key else ():
                    self._attach(cancel, row)
        self._tell_waiting()

    def close(self) -> None:
        self._reader.shutdown(wait=False, cancel_futures=True)

    async def _look(self) -> Findings:
        found = await asyncio.get_running_loop().run_in_executor(self._reader, self._archive.look)
        if self._settle and found.damaged:
            aside = await asyncio.get_running_loop().run_in_executor(
                self._reader, self._archive.quarantine, found.damaged
            )
            for sentence in aside:
                self._tidings.damaged(sentence)
        return found

    def _take(self, found: Findings) -> None:
        for cancel in (*found.open, *found.running):
            if cancel.intent in self._mine:
                continue
            row = self._book.row(self._book.current(recall.key(cancel)))
            if row is None:
                self._waiting.setdefault(recall.key(cancel), {})[cancel.intent] = cancel
            else:
                self._no_longer_waits(cancel)
                self._attach(cancel, row)
        for cancel in found.settled:
            self._no_longer_waits(cancel)
            if cancel.intent in self._theirs:
                self._hand_back(cancel)
        self._start_seeking()
        self._tell_waiting()

    def _no_longer_waits(self, cancel: Cancel) -> None:
        waiting = self._waiting.get(recall.key(cancel), {})
        waiting.pop(cancel.intent, None)
        if not waiting:
            self._waiting.pop(recall.key(cancel), None)

    def _tell_waiting(self) -> None:
        """Whoever leaves now leaves these behind. One that he was told of in an earlier run, and put away, he knows."""
        if not self._waiting:
            self._rows.set()
        if not self._settle:
            return
        now = self._clock.now()
        unlisted = tuple(
            recall.row(ours, now)
            for cancels in self._waiting.values()
            if (ours := [each for each in cancels.values() if not (each.running or each.acknowledged)])
        )
        told = [(ask.intent, ask.state) for row in unlisted for ask in row.asks]
        if told != self._told_unlisted:
            self._told_unlisted = told
            self._unlisted(unlisted)

    def _start_seeking(self) -> None:
        """Whichever is known last, the accounts or what earlier runs left, starts it."""
        if self._settle and self._accounts is not None:
            for key in self._waiting.keys() - self._sought:
                self._sought.add(key)
                self._tasks.start(self._seek(key), f"seek {key.cl_ord_id}")

    def _attach(self, cancel: Cancel, row: Row) -> None:
        if cancel.running or not self._settle:
            self._show(cancel, row)
            return
        now = self._clock.now()
        self._mine.add(cancel.intent)
        self._theirs.pop(cancel.intent, None)
        said = cancel.asked.said
        asked = recall.moment(cancel.asked.utc, now)
        request = CancelRequest(recall.order(cancel), row.tag, text(said, "shown"), pressed=asked, confirmed=asked)
        case = Case(request, cancel.intent, {}, row.key)
        self._scribe.adopt(recall.intent(cancel))
        self._docket.resume(case, asked, _moment(cancel.answer, now), _outcome(cancel))

    def _show(self, cancel: Cancel, row: Row) -> None:
        """A cancel that is not ours to settle, on its order's row."""
        verdict = recall.verdict(cancel)
        if is_finished(row.order) or self._theirs.get(cancel.intent) == verdict:
            return
        by = recall.place(cancel.runs[-1].start) if cancel.running else "a blotter that ended"
        if cancel.intent not in self._theirs:
            asked = recall.moment(cancel.asked.utc, self._clock.now())
            self._screen.rows(self._book.sent(CancelSent(row.key, cancel.intent, asked, by)))
        self._theirs[cancel.intent] = verdict
        if verdict or not cancel.running:
            self._answer(cancel, _verdict(verdict), cancel.answer)

    def _hand_back(self, cancel: Cancel) -> None:
        """Another blotter put its cancel's last word down. An end of the order comes to us from the broker."""
        del self._theirs[cancel.intent]
        outcome = cancel.outcome
        how = text(outcome.said, "outcome") if outcome else Verdict.NOT_SENT
        if how not in (Ending.CANCELED, Ending.MOOT):
            self._answer(cancel, _verdict(how), outcome)

    def _answer(self, cancel: Cancel, verdict: Verdict, entry: Entry | None) -> None:
        key, at = self._book.current(recall.key(cancel)), _moment(entry, self._clock.now())
        self._screen.rows(self._book.answered(CancelAnswered(key, cancel.intent, verdict, at)))

    async def _seek(self, key: OrderKey) -> None:
        """Look for an order that no list has brought: one that ended days ago stands in the history only."""
        cancel = next(iter(self._waiting[key].values()))
        if self._accounts is not None and key.account not in self._accounts:
            self._tidings.not_open(cancel)
            return
        created = recall.order(cancel).created_at
        waits = enumerate(chain(self._patience.reads, repeat(self._patience.slow)), 1)
        for number, wait in waits:
            await asyncio.sleep(wait)
            if key not in self._waiting:
                self._sought.discard(key)
                return
            await self._glasses(key.account).look(key, created)
            if key in self._waiting and number == len(self._patience.reads):
                self._tidings.nowhere(cancel)

    async def _tell(self, found: Findings) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ROWS_WITHIN):
                await self._rows.wait()
        self._tidings.first(found)


def _moment(entry: Entry | None, now: Instant) -> Instant:
    """Since when it is so: that run put it down in ``entry``, or nothing, and then it is so since we know of it."""
    return recall.moment(entry.utc, now) if entry else now


def _verdict(word: str) -> Verdict:
    """A journal's word for what came of a request. One of another version, or of nobody's, may mean anything."""
    return Verdict(word) if word in set(Verdict) else Verdict.UNKNOWN


def _outcome(cancel: Cancel) -> Outcome:
    verdict, why = _verdict(recall.verdict(cancel)), recall.cause(cancel)
    return Outcome(verdict, Cause(why) if why in set(Cause) else _CAUSES[verdict], intent=cancel.intent)
