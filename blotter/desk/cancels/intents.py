"""Intents on record, or the reason why no request may follow them.

What cannot be put on record is not sent, unless the trader has typed that it goes out all the same. The disk is tried
then, too: only where it still fails, or hangs, is the intent kept in memory, for the next file that works. A disk that
hangs may still write what it was given: the journal then holds the intent already, and keeps no second one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from blotter.core.asking.override import open_asks
from blotter.core.book.cancel import Verdict
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.desk.cancels import sentences
from blotter.desk.cancels.case import Case, declined
from blotter.desk.cancels.docket import Docket, Screen
from blotter.desk.cancels.outcome import Cause, Outcome
from blotter.desk.journal.journal import JournalError
from blotter.desk.journal.record import Record
from blotter.desk.journal.scribe import Scribe

SLICE = 50
"""So many records are made before the loop gets a turn."""

UNAUDITED_WITHIN = 1.0
"""Seconds that the disk is given for what goes out without it, too: the rest of the deadline is for the request."""

HANGS = "the journal could not be written in time: see to its disk"


class Intents:
    """Lives in the desk's loop."""

    def __init__(
        self, *, scribe: Scribe, docket: Docket, clock: Clock, screen: Screen, stopped: Callable[[], Outcome | None]
    ) -> None:
        """``stopped`` says why nothing is sent any more, whatever it is about."""
        self._scribe = scribe
        self._docket = docket
        self._clock = clock
        self._screen = screen
        self._stopped = stopped

    async def put_down(self, cases: Sequence[Case], within: float) -> Outcome | None:
        """Put the intents of ``cases`` on disk by one fsync, in ``within`` seconds. Returns why none of their requests
        may follow, or ``None``.
        """
        intents = [intent for some in _slices(cases) for intent in await self._made(some)]
        if stopped := self._stopped():
            return stopped
        unaudited = all(case.request.unaudited for case in cases)
        try:
            async with asyncio.timeout(min(within, UNAUDITED_WITHIN) if unaudited else within):
                await self._scribe.durable(*intents)
        except TimeoutError:
            trouble = HANGS
        except JournalError as error:
            trouble = str(error)
        else:
            trouble = ""
        self._screen.journal(trouble)
        if not trouble:
            return None
        if unaudited:
            self._scribe.keep(*intents)
            self._tell_unaudited(cases, trouble)
            return None
        for some in _slices(cases):
            for case in some:
                self._scribe.post(declined(case.request, trouble, self._clock.now(), case.intent))
            await asyncio.sleep(0)
        return Outcome(Verdict.NOT_SENT, Cause.JOURNAL, detail=f"{trouble}; {sentences.UNTOUCHED}")

    async def _made(self, cases: Sequence[Case]) -> list[Record]:
        """The records of some intents; what was overruled for them is posted, and so stands before them."""
        now, intents = self._clock.now(), []
        for case in cases:
            row = self._docket.row(case)
            intents.append(case.intended(row.order, now))
            if case.request.overruled:
                self._scribe.post(case.overruled(open_asks(row), now))
        await asyncio.sleep(0)
        return intents

    def _tell_unaudited(self, cases: Sequence[Case], trouble: str) -> None:
        if len(cases) == 1:
            self._docket.tell(cases[0], Severity.WARN, sentences.unaudited(trouble))
        else:
            text = f"{len(cases)} cancels: {sentences.unaudited(trouble)}"
            self._screen.notice(Notice(self._clock.now().utc, Severity.WARN, text))


def _slices(cases: Sequence[Case]) -> list[Sequence[Case]]:
    return [cases[start : start + SLICE] for start in range(0, len(cases), SLICE)]
