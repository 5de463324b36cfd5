"""A case's way to the broker and back: its request, its answer, and the two cases in which it goes out once more.

A request is repeated by itself once at most, and only where it provably was not applied: after a 401, when there is
another token to send it with, and after a 429 that asks for a short wait. There is no other way for a second request
to leave without a second key press.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from blotter.broker.client import Client
from blotter.broker.errors import BrokerError
from blotter.broker.exchange import Departure
from blotter.broker.wire.cancels import CancelReply
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelRequest, CancelSent, Verdict
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Severity
from blotter.desk.cancels import sentences
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.docket import Docket, Screen
from blotter.desk.cancels.gate import no_longer
from blotter.desk.cancels.outcome import Cause, Outcome, of_error, of_reply
from blotter.desk.journal.scribe import Scribe
from blotter.desk.messages import Wait

ENDING = Outcome(Verdict.NOT_SENT, Cause.ENDING, detail=f"the blotter is ending; {sentences.UNTOUCHED}")
"""What nothing may be sent any more comes to."""


class Delivery:
    """Lives in the desk's loop."""

    def __init__(
        self,
        *,
        client: Client,
        book: Book,
        docket: Docket,
        scribe: Scribe,
        clock: Clock,
        timeout: float,
        screen: Screen,
        closing: asyncio.Event,
    ) -> None:
        """``timeout`` is one cancel's total, in seconds. Once ``closing`` is set, nothing new leaves."""
        self._client = client
        self._book = book
        self._docket = docket
        self._scribe = scribe
        self._clock = clock
        self._timeout = timeout
        self._screen = screen
        self._closing = closing

    def seconds_left(self, request: CancelRequest) -> float:
        """Of its deadline."""
        return self._timeout - self._clock.now().since(request.begun)

    async def send(self, case: Case, withheld: asyncio.Event) -> Outcome:
        """What it came to. Once ``withheld`` is set, nothing leaves a second time."""
        self._screen.rows(self._book.sent(CancelSent(case.key, case.intent, self._clock.now())))
        outcome = await self._call(case, 1)
        left = self.seconds_left(case.request)
        if outcome.cause is Cause.UNAUTHORIZED:
            again = await self._renewed(left, withheld)
        elif outcome.wait is not None and outcome.wait < left:
            again = await self._rested(case, outcome.wait, outcome.text, withheld)
        else:
            return outcome
        if withheld.is_set():
            return Outcome(Verdict.NOT_SENT, Cause.WITHHELD, detail="stopped by you before it was sent again")
        if self._closing.is_set():
            return ENDING
        if not again:
            return outcome
        if changed := no_longer(self._book, case.request):
            return Outcome(Verdict.NOT_SENT, Cause.CHANGED, detail=changed)
        return await self._call(case, 2)

    async def _renewed(self, seconds: float, withheld: asyncio.Event) -> bool:
        """Whether there is another token in time. However many cancels were refused, one refresh serves them all."""
        renewal = asyncio.create_task(self._client.renew())
        await self._pause(seconds, withheld, renewal)
        return renewal.done() and renewal.result()

    async def _rested(self, case: Case, seconds: float, text: str, withheld: asyncio.Event) -> bool:
        """Wait as the broker asked; it wants nothing else."""
        if not (withheld.is_set() or self._closing.is_set()):
            now = self._clock.now()
            until = Instant(now.utc + timedelta(seconds=seconds), now.mono + seconds)
            self._docket.tell(case, Severity.WARN, sentences.waiting(seconds), text)
            self._screen.wait(Wait(case.request.key, until))
            try:
                await self._pause(seconds, withheld)
            finally:
                self._screen.wait(Wait(case.request.key, None))
        return True

    async def _pause(self, seconds: float, withheld: asyncio.Event, *news: asyncio.Task[bool]) -> None:
        """Nothing is on the wire: wait for ``news``, and no longer once nothing may be sent again anyway."""
        tasks = {*news, *(asyncio.create_task(event.wait()) for event in (withheld, self._closing))}
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    async def _call(self, case: Case, number: int) -> Outcome:
        """One request and its answer, both on record. Being cancelled in here means that the desk's time is up."""
        self._scribe.post(case.attempted(number, self._clock.now()))
        answer: CancelReply | BrokerError | None = None
        departure = Departure()
        try:
            within = self.seconds_left(case.request)
            answer = await self._client.cancel(case.request.order, within=within, departure=departure)
            outcome = of_reply(answer)
        except BrokerError as error:
            answer, outcome = error, of_error(error)
        except asyncio.CancelledError:
            outcome = _cut_off(departure)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the request may have left
            outcome = Outcome(Verdict.UNKNOWN, Cause.FAULT, detail=f"an error of this program ({type(fault).__name__})")
        self._scribe.post(case.replied(number, answer, outcome, self._clock.now()))
        return outcome


def _cut_off(departure: Departure) -> Outcome:
    """What a call came to that the end of the blotter cut off."""
    if not departure.left:
        return ENDING
    return Outcome(Verdict.UNKNOWN, Cause.ENDING, detail="the blotter ended before the answer")
