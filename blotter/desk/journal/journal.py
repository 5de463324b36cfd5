"""The journal of one run: what was asked of the broker, made durable before it is asked.

One file per run in the state folder, append-only, chained (``desk.record``). The file is made with the first
record, so that a run in which nobody cancels anything leaves none.

An intent is on the disk or it is refused, and then its cancel is not sent. Everything else is a fact, which happened
whatever the disk does: it is written at once, its fsync may wait for others, and one that no file takes is kept for
the next file that does.

A file whose write or fsync failed is never trusted again: after a failed fsync a later one can succeed with the data
gone. The next record opens a new file, whose start names the one before and which holds once more every intent
without a final outcome, and every fact that was not known to be on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blotter.core.clock import Clock
from blotter.core.notice import Severity
from blotter.desk.journal.disk import File, Tape, is_full
from blotter.desk.journal.ground import doubts
from blotter.desk.journal.record import NEEDS_INTENT, Kind, Record
from blotter.desk.journal.register import Register
from blotter.desk.journal.spare import Spare
from blotter.desk.journal.volume import Volume
from blotter.desk.journal.who import Who
from blotter.desk.journal.witness import EVERY, Witness, nobody
from blotter.desk.secrets.folder import private_folder

ROOM_USED = "the disk is full; room kept for about a hundred more cancels is in use now: free some space"

_MENDED_BY: dict[int | None, str] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some room"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "make its folder writable for you"),
    errno.EROFS: "mount its file system writable",
    errno.ENOENT: "put its folder back",
}
_OTHERWISE = "see to its folder and its disk"

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two tries to find a file for facts that no file took. An intent always tries."""


class JournalError(Exception):
    """A record could not be made durable. The message is a sentence for the screen."""


class Journal:
    """Blocking, and used by one thread at a time: the desk writes it from a worker of its own (``desk.scribe``).

    ``context`` goes into the start record: which program against which broker, never a secret. ``remarks`` collects
    sentences for the trader. ``witness`` is told where the chain stands.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        who: Who,
        context: Mapping[str, Any],
        open_tape: Callable[[Path], Tape] = File,
        witness: Witness = nobody,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._who = who
        self._context = dict(context)
        self._open_tape = open_tape
        self._witness = witness
        self._witnessed = clock.now().mono - EVERY
        begun = clock.now()
        self.run = f"{begun.utc:%Y%m%dT%H%M%S.%fZ}-{os.getpid()}-{secrets.token_hex(4)}"
        self.path: Path | None = None
        self.spare = Spare(folder)
        self.remarks: list[tuple[Severity, str]] = []
        self._volume: Volume | None = None
        self._files = 0
        self._register = Register()
        self._facts: list[Record] = []
        self._appended = 0
        self._pause = 0.0
        self._paused_until = 0.0
        self._trouble = ""

    def check(self) -> None:
        """Raises :class:`JournalError` where no journal can be kept, before anybody relies on it. Makes no file."""
        try:
            private_folder(self._folder)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as trouble:
            raise JournalError(self._sentence(trouble)) from trouble
        self.remarks += [(Severity.WARN, doubt) for doubt in doubts(self._folder)]

    def intend(self, *intents: Record) -> None:
        """Returns when all of ``intents`` are on the disk, by one fsync, else raises :class:`JournalError`: then none
        of them counts.
        """
        try:
            self._commit(intents)
        except OSError as trouble:
            if not self._make_room(trouble):
                raise JournalError(self._sentence(trouble)) from trouble
            self._intend_in_the_spare_room(intents)
        for intent in intents:
            self._register.hold(intent)

    def keep(self, *intents: Record) -> None:
        """Hold intents that are sent without a record: they are written to the next file that works, unless a disk
        that hung has written them meanwhile.
        """
        for intent in intents:
            name = str(intent.body.get("intent"))
            self._register.hold(intent)
            if self._volume is None or not self._volume.holds(name):
                self._facts.append(intent)
            self._witness(f"cancel sent without a record: intent {name} of run {self.run}")

    def adopt(self, intent: Record) -> None:
        """Know an intent of an earlier run: it is repeated here when there is something to put down about it."""
        self._register.adopt(intent)

    def put(self, record: Record) -> None:
        """Write what happened, without an fsync. Raises :class:`JournalError` where no file takes it yet.

        What is said of a cancel whose intent never became durable has nothing to stand beside and is left out, and
        so is a second final outcome.
        """
        if self._register.takes(record):
            self._facts.append(record)
            self._store(sync=False)

    def sync(self) -> None:
        """All that was put is on the disk when this returns, else :class:`JournalError` is raised."""
        if self._facts:
            self._store(sync=True)

    def close(self, reason: str) -> None:
        """Write the end and why it came, if anything was written at all. Raises :class:`JournalError` where facts are
        lost with it: nothing is left to take them.
        """
        if not self._files and not self._facts:
            return
        self._paused_until = 0.0
        self._facts.append(Record(Kind.END, self._clock.now(), {"reason": reason, **self._register.left()}))
        try:
            self._mention(self._store(sync=True))
        finally:
            self._distrust()

    def _intend_in_the_spare_room(self, intents: tuple[Record, ...]) -> None:
        try:
            self._commit(intents)
        except OSError as trouble:
            raise JournalError(self._sentence(trouble)) from trouble

    def _commit(self, intents: tuple[Record, ...]) -> None:
        try:
            volume = self._push()
            for intent in intents:
                volume.append(intent)
            self._sync(volume)
        except OSError:
            self._distrust()
            raise

    def _store(self, *, sync: bool) -> Volume:
        """A file that fails is followed by a second one: what happened cannot be answered by not letting it happen.

        Where that fails, too, the facts wait before a third is begun, for a disk that stays full would be littered.
        """
        if self._clock.now().mono < self._paused_until:
            raise JournalError(self._trouble)
        try:
            volume = self._store_here(sync=sync)
        except OSError as trouble:
            self._make_room(trouble)
            volume = self._store_in_the_next(sync=sync)
        self._pause = 0.0
        return volume

    def _store_in_the_next(self, *, sync: bool) -> Volume:
        try:
            return self._store_here(sync=sync)
        except OSError as trouble:
            self._pause = min(max(2 * self._pause, SHORTEST_PAUSE), LONGEST_PAUSE)
            self._paused_until = self._clock.now().mono + self._pause
            self._trouble = self._sentence(trouble)
            raise JournalError(self._trouble) from trouble

    def _store_here(self, *, sync: bool) -> Volume:
        try:
            volume = self._push()
            if sync:
                self._sync(volume)
            return volume
        except OSError:
            self._distrust()
            raise

    def _push(self) -> Volume:
        """Append the facts that the present file does not hold yet; returns that file."""
        volume = self._volume or self._begun()
        while self._appended < len(self._facts):
            fact = self._facts[self._appended]
            intent = str(fact.body.get("intent", ""))
            if fact.kind in NEEDS_INTENT and not volume.holds(intent):
                volume.append(self._register.again(intent))
            volume.append(fact)
            self._appended += 1
        return volume

    def _begun(self) -> Volume:
        private_folder(self._folder)
        former = self.path.name if self.path else ""
        self._files += 1
        part = f"-{self._files}" if self._files > 1 else ""
        path = self._folder / f"{self.run}{part}.jsonl"
        volume = self._volume = Volume(path, self.run, self._open_tape(path))
        self.path = path
        start = {"who": self._who, **self._context, "continues": former}
        try:
            volume.append(Record(Kind.START, self._clock.now(), start))
        except OSError:
            # Nothing stands in it that anybody could miss.
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        held = {str(fact.body.get("intent")) for fact in self._facts if fact.kind is Kind.INTENT}
        for name in self._register.open:
            if name not in held:
                volume.append(self._register.again(name))
        return volume

    def _sync(self, volume: Volume) -> None:
        volume.sync()
        for fact in self._facts[: self._appended]:
            self._register.is_durable(fact)
        del self._facts[: self._appended]
        self._appended = 0
        if self._clock.now().mono >= self._witnessed + EVERY:
            self._mention(volume)

    def _mention(self, volume: Volume) -> None:
        self._witnessed = self._clock.now().mono
        self._witness(f"journal {volume.path.name} {volume.length} records, hash {volume.digest}")

    def _make_room(self, trouble: OSError) -> bool:
        if not (is_full(trouble) and self.spare.release()):
            return False
        self.remarks.append((Severity.ALERT, ROOM_USED))
        return True

    def _distrust(self) -> None:
        self._appended = 0
        volume, self._volume = self._volume, None
        if volume is not None:
            volume.close()

    def _sentence(self, trouble: OSError) -> str:
        """What is wrong, what to do, and last the path: a panel of 80 columns shows no more than a hundred cells."""
        if trouble.strerror is None:
            return f"the journal cannot be written: {trouble}"
        mended_by = _MENDED_BY.get(trouble.errno, _OTHERWISE)
        return f"the journal cannot be written ({trouble.strerror}): {mended_by}; it is in {self._folder}"
