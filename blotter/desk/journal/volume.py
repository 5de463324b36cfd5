"""One file of a journal: lines that follow each other, each chained to the one before."""

from __future__ import annotations

import contextlib
from pathlib import Path

from blotter.desk.journal.disk import Tape
from blotter.desk.journal.record import GENESIS, Kind, Record, line


class Volume:
    """A file that nobody else writes. ``append`` and ``sync`` may raise ``OSError``, and then nothing more may be
    written to it. ``length`` is in lines, ``digest`` the hash of the last one.
    """

    def __init__(self, path: Path, run: str, tape: Tape) -> None:
        self.path = path
        self.length = 0
        self.digest = GENESIS
        self._run = run
        self._tape = tape
        self._intents: set[str] = set()

    def holds(self, intent: str) -> bool:
        """Whether the intent of this name stands in it, on the disk or not."""
        return intent in self._intents

    def append(self, record: Record) -> None:
        data, digest = line(record, seq=self.length, run=self._run, prev=self.digest)
        self._tape.append(data)
        self.length, self.digest = self.length + 1, digest
        if record.kind is Kind.INTENT:
            self._intents.add(str(record.body.get("intent")))

    def sync(self) -> None:
        """What was appended is on the disk when this returns."""
        self._tape.sync()

    def close(self) -> None:
        """Never raises: what was synced is on the disk, and nothing else was relied on."""
        with contextlib.suppress(OSError):
            self._tape.close()
