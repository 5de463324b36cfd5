"""The journal's worker: records reach the disk in the order in which they were posted, off the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from blotter.core.notice import Severity
from blotter.desk.journal.journal import Journal, JournalError
from blotter.desk.journal.record import Record

SYNCED_WITHIN = 0.04
"""Seconds from a posted record to the fsync that it shares with those posted meanwhile."""

AGAIN = 1.0
"""Seconds until the disk is asked again for what it did not take: what is kept must not wait for the next cancel. The
journal itself thins these tries out.
"""


class Scribe:
    """One thread, so that the order of posting is the order in the file, and no slow disk holds up the link.

    ``trouble`` is called in the event loop, with a sentence, when records that nobody waits for are not on the disk,
    and ``caught_up`` when all of them are after all. ``remark`` gets what the journal has to say beside.
    """

    def __init__(
        self,
        journal: Journal,
        trouble: Callable[[str], None],
        remark: Callable[[Severity, str], None] = lambda *_: None,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._journal = journal
        self._trouble = trouble
        self._remark = remark
        self._caught_up = caught_up
        self._is_behind = False
        self._worker = ThreadPoolExecutor(1, "journal")
        self._posted: set[asyncio.Future[None]] = set()
        self._sync: asyncio.TimerHandle | None = None
        self._has_spare = False
        self._closed = False

    @property
    def run(self) -> str:
        return self._journal.run

    async def check(self) -> None:
        """See :meth:`Journal.check`."""
        await self._submit(self._journal.check)

    async def durable(self, *intents: Record) -> None:
        """Returns when all of ``intents`` are on the disk, by one fsync, else raises :class:`JournalError`: then none
        of them counts.
        """
        try:
            await self._submit(lambda: self._journal.intend(*intents))
        except asyncio.CancelledError:
            # Nobody waits for this disk any more. That it is done after all is heard from what is written behind it.
            self._is_behind = True
            self._synchronize_in(SYNCED_WITHIN)
            raise
        except (TypeError, ValueError) as unwritable:
            raise JournalError(f"the journal cannot hold this record ({type(unwritable).__name__})") from unwritable
        if not self._has_spare:
            self._has_spare = True
            # A thread of its own: a megabyte must not stand before the answer on a slow disk.
            threading.Thread(target=self._journal.spare.keep, name="spare", daemon=True).start()

    def keep(self, *intents: Record) -> None:
        """Hold intents that are sent without a record until a file can be written: see :meth:`Journal.keep`."""
        self._submit(lambda: self._journal.keep(*intents))

    def adopt(self, intent: Record) -> None:
        """Know an intent of an earlier run: see :meth:`Journal.adopt`."""
        self._submit(lambda: self._journal.adopt(intent))

    def post(self, record: Record) -> None:
        """Write ``record`` after all that was posted before, without waiting for the disk."""
        if self._closed:
            self._trouble("it came after the journal was closed")
            return
        self._follow(self._submit(lambda: self._journal.put(record)))
        self._synchronize_in(SYNCED_WITHIN)

    async def close(self, reason: str) -> None:
        """Write what is posted and the end, which says why. A disk that hangs is the caller's deadline to judge."""
        self._closed = True
        if self._sync is not None:
            self._sync.cancel()
        try:
            if self._posted:
                await asyncio.wait(self._posted)
            await self._submit(lambda: self._journal.close(reason))
        except JournalError as lost:
            self._trouble(str(lost))
        finally:
            self._worker.shutdown(wait=False)

    def _synchronize_in(self, seconds: float) -> None:
        if self._sync is None and not self._closed:
            self._sync = asyncio.get_running_loop().call_later(seconds, self._synchronize)

    def _synchronize(self) -> None:
        self._sync = None
        future = self._submit(self._journal.sync)
        self._follow(future)
        future.add_done_callback(self._synchronized)

    def _synchronized(self, future: asyncio.Future[None]) -> None:
        if self._is_behind and not future.cancelled() and future.exception() is None:
            self._is_behind = False
            self._caught_up()

    def _submit(self, job: Callable[[], None]) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().run_in_executor(self._worker, job)
        future.add_done_callback(lambda _: self._pass_on())
        return future

    def _follow(self, future: asyncio.Future[None]) -> None:
        self._posted.add(future)
        future.add_done_callback(self._written)

    def _pass_on(self) -> None:
        while self._journal.remarks:
            self._remark(*self._journal.remarks.pop(0))

    def _written(self, future: asyncio.Future[None]) -> None:
        self._posted.discard(future)
        if future.cancelled():
            return
        match future.exception():
            case None:
                pass
            case JournalError() as behind:
                self._is_behind = True
                self._trouble(str(behind))
                self._synchronize_in(AGAIN)
            case unforeseen:
                self._trouble(f"a record of the journal was lost ({type(unforeseen).__name__})")
