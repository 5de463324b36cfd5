"""The journal of one run: what was asked of the broker, made durable before it is asked.

One file per run in the state folder, append-only, chained (``desk.record``). The file is made with the first
record, so that a run in which nobody cancels anything leaves none.

A file whose write or fsync failed is never trusted again: after a failed fsync a later one can succeed with the data
gone. The next record opens a new file, whose start names the one before and which holds once more every intent
that had no final outcome yet. Where no file can be made the record fails, and its cancel is not sent.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blotter.core.clock import Clock
from blotter.desk.disk import File, Tape
from blotter.desk.folder import private_folder
from blotter.desk.record import GENESIS, Kind, Record, line
from blotter.desk.who import Who


class JournalError(Exception):
    """A record could not be made durable. The message is a sentence for the screen."""


class Journal:
    """Blocking, and used by one thread at a time: the desk writes it from a worker of its own (``desk.scribe``).

    ``context`` goes into the start record: which program against which broker, never a secret.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        who: Who,
        context: Mapping[str, Any],
        open_tape: Callable[[Path], Tape] = File,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._who = who
        self._context = dict(context)
        self._open_tape = open_tape
        begun = clock.now()
        self.run = f"{begun.utc:%Y%m%dT%H%M%SZ}-{os.getpid()}-{secrets.token_hex(4)}"
        self.path: Path | None = None
        self._tape: Tape | None = None
        self._files = 0
        self._seq = 0
        self._prev = GENESIS
        self._unsettled: dict[str, Record] = {}

    def check(self) -> None:
        """Raises :class:`JournalError` where no journal can be kept, before anybody relies on it. Makes no file."""
        try:
            private_folder(self._folder)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise PermissionError(f"{self._folder} cannot be written")
        except OSError as trouble:
            raise JournalError(self._sentence(trouble)) from trouble

    def write(self, record: Record) -> None:
        """Returns when ``record`` is on the disk, else raises :class:`JournalError`.

        An outcome whose intent never became durable has nothing to stand beside and is left out.
        """
        if record.kind is Kind.OUTCOME and record.body.get("intent") not in self._unsettled:
            return
        try:
            self._put(record)
        except OSError as trouble:
            if record.kind is Kind.INTENT:
                raise JournalError(self._sentence(trouble)) from trouble
            self._put_again(record)
        self._remember(record)

    def keep(self, record: Record) -> None:
        """Hold an intent that was sent without a record: the next file that works begins with it."""
        self._remember(record)

    def close(self, reason: str) -> None:
        """Write the end and why it came, if anything was written at all. Its own failure has no one left to tell."""
        if self._tape is None:
            return
        with contextlib.suppress(OSError):
            self._append(Record(Kind.END, self._clock.now(), {"reason": reason, "unsettled": sorted(self._unsettled)}))
        self._distrust()

    def _put(self, record: Record) -> None:
        try:
            if self._tape is None:
                self._begin()
            self._append(record)
        except OSError:
            self._distrust()
            raise

    def _put_again(self, record: Record) -> None:
        """What already happened gets a second file; only an intent can be answered by not letting it happen."""
        try:
            self._put(record)
        except OSError as trouble:
            raise JournalError(self._sentence(trouble)) from trouble

    def _begin(self) -> None:
        private_folder(self._folder)
        former = self.path.name if self.path else ""
        self._files += 1
        part = f"-{self._files}" if self._files > 1 else ""
        path = self._folder / f"{self.run}{part}.jsonl"
        self._tape = self._open_tape(path)
        self.path, self._seq, self._prev = path, 0, GENESIS
        start = {"who": self._who, **self._context, "continues": former}
        self._append(Record(Kind.START, self._clock.now(), start))
        for intent in self._unsettled.values():
            self._append(Record(intent.kind, intent.at, {**intent.body, "again": True}))

    def _append(self, record: Record) -> None:
        assert self._tape is not None
        data, digest = line(record, seq=self._seq, run=self.run, prev=self._prev)
        self._tape.append(data)
        self._tape.sync()
        self._seq, self._prev = self._seq + 1, digest

    def _remember(self, record: Record) -> None:
        intent = record.body.get("intent")
        if record.kind is Kind.INTENT:
            self._unsettled[str(intent)] = record
        elif record.kind is Kind.OUTCOME and record.body.get("final"):
            self._unsettled.pop(str(intent), None)

    def _distrust(self) -> None:
        tape, self._tape = self._tape, None
        if tape is not None:
            with contextlib.suppress(OSError):
                tape.close()

    def _sentence(self, trouble: OSError) -> str:
        return f"the journal in {self._folder} cannot be written: {trouble.strerror or trouble}"
