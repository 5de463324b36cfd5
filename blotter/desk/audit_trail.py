"""The journal of this run as the trader hears of it: what is not on disk is told, each kind of trouble once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from blotter import __version__
from blotter.core.clock import Clock
from blotter.core.notice import Severity
from blotter.desk.journal.disk import Tape
from blotter.desk.journal.journal import Journal, JournalError
from blotter.desk.journal.record import Kind, Record
from blotter.desk.journal.scribe import Scribe
from blotter.desk.journal.who import whoami
from blotter.desk.journal.witness import witness_of
from blotter.desk.messages import JournalState
from blotter.desk.settings import DeskSettings

LAST_WRITES = 0.4
"""Seconds for the disk to take the journal's last records: a disk that hangs must not hold the end up."""


class AuditTrail:
    """``scribe`` writes it. ``say`` tells a sentence; ``publish`` is given the state whenever it changed."""

    def __init__(
        self,
        settings: DeskSettings,
        clock: Clock,
        open_tape: Callable[[Path], Tape],
        *,
        say: Callable[[Severity, str], None],
        publish: Callable[[JournalState], None],
    ) -> None:
        about = {"version": __version__, "base_url": settings.base_url, "read_only": settings.read_only}
        journal = Journal(settings.state_dir, clock, whoami(), about, open_tape, witness_of(settings.base_url))
        self.scribe = Scribe(journal, self._record_lost, say, self._caught_up)
        self._folder = settings.state_dir
        self._clock = clock
        self._say = say
        self._publish = publish
        self._trouble = ""
        self._lost: set[str] = set()

    async def check(self) -> None:
        """Better told now than at the first cancel, which will not be sent."""
        try:
            await self.scribe.check()
        except JournalError as trouble:
            self.judge(str(trouble))
            self._say(Severity.ALERT, f"Each cancel asks for its tag: {trouble}")

    def judge(self, trouble: str) -> None:
        """Why no cancel can be put on record; empty when one was."""
        if trouble != self._trouble:
            self._trouble = trouble
            self._publish(JournalState(trouble))

    def acknowledge(self, intents: tuple[str, ...]) -> None:
        """The trader has seen the last word on these cancels, of this run or of an earlier one."""
        self.scribe.post(Record(Kind.ACKNOWLEDGEMENT, self._clock.now(), {"intents": intents}))

    async def close(self, reason: str) -> None:
        """Have everything on disk, and ``reason`` as the last word."""
        try:
            async with asyncio.timeout(LAST_WRITES):
                await self.scribe.close(reason)
        except TimeoutError:
            text = f"The disk hangs, the journal lacks its last records: see to it, then blotter audit; {self._folder}"
            self._say(Severity.ALERT, text)

    def _record_lost(self, trouble: str) -> None:
        """Once per kind of trouble: a full disk fails every record."""
        if trouble not in self._lost:
            self._lost.add(trouble)
            text = f"The audit trail is behind, what happened is kept for it: {trouble}"
            self._say(Severity.ALERT, text)

    def _caught_up(self) -> None:
        self._lost.clear()
        self.judge("")
        self._say(Severity.INFO, "The audit trail is whole again: what was kept for it is on disk")
