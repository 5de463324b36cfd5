"""The journal's worker: records reach the disk in the order in which they were posted, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from blotter.desk.journal import Journal, JournalError
from blotter.desk.record import Record


class Scribe:
    """One thread, so that the order of posting is the order in the file, and no slow disk holds up the link.

    ``trouble`` is called in the event loop, with a sentence, when a posted record that nobody waited for was lost.
    """

    def __init__(self, journal: Journal, trouble: Callable[[str], None]) -> None:
        self._journal = journal
        self._trouble = trouble
        self._worker = ThreadPoolExecutor(1, "journal")
        self._posted: set[asyncio.Future[None]] = set()
        self._closed = False

    @property
    def run(self) -> str:
        return self._journal.run

    async def check(self) -> None:
        """See :meth:`Journal.check`."""
        await self._submit(self._journal.check)

    async def durable(self, record: Record) -> None:
        """Returns when ``record`` is on the disk, else raises :class:`JournalError`."""
        try:
            await self._submit(lambda: self._journal.write(record))
        except (TypeError, ValueError) as unwritable:
            raise JournalError(f"the journal cannot hold this record ({type(unwritable).__name__})") from unwritable

    def keep(self, record: Record) -> None:
        """Hold a record that could not be made durable until a file can be written: see :meth:`Journal.keep`."""
        self._submit(lambda: self._journal.keep(record))

    def post(self, record: Record) -> None:
        """Write ``record`` after all that was posted before, without waiting for the disk."""
        if self._closed:
            self._trouble("it came after the journal was closed")
            return
        future = self._submit(lambda: self._journal.write(record))
        self._posted.add(future)
        future.add_done_callback(self._written)

    async def close(self, reason: str) -> None:
        """Write what is posted and the end, which says why. A disk that hangs is the caller's deadline to judge."""
        self._closed = True
        try:
            if self._posted:
                await asyncio.wait(self._posted)
            await self._submit(lambda: self._journal.close(reason))
        finally:
            self._worker.shutdown(wait=False)

    def _submit(self, job: Callable[[], None]) -> asyncio.Future[None]:
        return asyncio.get_running_loop().run_in_executor(self._worker, job)

    def _written(self, future: asyncio.Future[None]) -> None:
        self._posted.discard(future)
        if future.cancelled():
            return
        match future.exception():
            case None:
                pass
            case JournalError() as lost:
                self._trouble(str(lost))
            case unforeseen:
                self._trouble(f"a record of the journal was lost ({type(unforeseen).__name__})")
