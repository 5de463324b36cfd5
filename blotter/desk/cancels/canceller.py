"""From the confirmed wish to the broker's answer: the one way by which cancels are sent.

Each cancel lives in a task of its own that nothing but :meth:`Canceller.close` ends, so that no failure elsewhere on
the desk cuts a request off in mid-call. The order of things is fixed: the checks, the intent on disk, the checks again,
the request, its answer on record, the book, the screen. What follows is the docket's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from blotter.broker.client import Client
from blotter.broker.wire.cancels import cancel_body
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelRequest, Verdict
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.cancels import sentences
from blotter.desk.cancels.case import Case, declined
from blotter.desk.cancels.delivery import ENDING, Delivery
from blotter.desk.cancels.docket import Docket, Screen
from blotter.desk.cancels.gate import unfit
from blotter.desk.cancels.intents import Intents
from blotter.desk.cancels.outcome import Cause, Outcome
from blotter.desk.journal.scribe import Scribe
from blotter.desk.settings import DeskSettings
from blotter.desk.tasks import Tasks, ended

LAST_RECORDS = 0.2
"""Seconds for a call that was given up at the end to put down what is known of it."""


class Canceller:
    """Lives in the desk's loop."""

    def __init__(
        self,
        *,
        client: Client,
        book: Book,
        docket: Docket,
        scribe: Scribe,
        clock: Clock,
        settings: DeskSettings,
        screen: Screen,
        tasks: Tasks,
        bars: Callable[[str], str | None],
    ) -> None:
        """``bars`` says why nothing may be sent for an account now, whatever its orders are like."""
        self._book = book
        self._docket = docket
        self._scribe = scribe
        self._clock = clock
        self._settings = settings
        self._screen = screen
        self._tasks = tasks
        self._bars = bars
        self._closing = asyncio.Event()
        self._delivery = Delivery(
            client=client,
            book=book,
            docket=docket,
            scribe=scribe,
            clock=clock,
            timeout=settings.timeout,
            screen=screen,
            closing=self._closing,
        )
        self._intents = Intents(scribe=scribe, docket=docket, clock=clock, screen=screen, stopped=self._stopped)
        self._numbers = count(1)
        self._sending: dict[OrderKey, asyncio.Task[Outcome]] = {}
        self._withheld: dict[OrderKey, asyncio.Event] = {}

    def accept(self, request: CancelRequest) -> asyncio.Future[Outcome]:
        """Take a confirmed cancel. Returns at once; whatever becomes of it is told.

        The future is for who sends many: what the attempt came to. Cancelling it cancels nothing.
        """
        case = self.open(request)
        if isinstance(case, Outcome):
            declined_at_once: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
            declined_at_once.set_result(case)
            return declined_at_once
        return self._start(case, self._run(case, self._intend))

    def open(self, request: CancelRequest, mass: str = "") -> Case | Outcome:
        """A case for a confirmed cancel, or why it may not become one. ``mass`` names the mass cancel it belongs to:
        its case needs :meth:`intend`, then :meth:`dispatch` or :meth:`drop`.
        """
        reason = self._why_not(request)
        try:
            body = cancel_body(request.order, self._settings.account_fields)
        except ValueError as trouble:
            reason, body = reason or str(trouble), {}
        if reason:
            return self._decline(request, reason, told=not mass)
        case = Case(request, f"{self._scribe.run}-{next(self._numbers)}", body, request.key, mass)
        self._docket.open(case)
        return case

    async def intend(self, cases: Sequence[Case]) -> Outcome | None:
        """Put many intents on disk by one fsync. Returns why none of the requests may follow, or ``None``."""
        return await self._intents.put_down(cases, self._settings.timeout)

    def dispatch(self, case: Case) -> asyncio.Future[Outcome]:
        """Send one of many whose intent is on disk; its deadline starts now."""
        case.request = replace(case.request, dispatched=self._clock.now())
        return self._start(case, self._run(case, self._again_fit))

    def drop(self, case: Case, outcome: Outcome) -> None:
        """Do not send one of many: ``outcome`` says why."""
        self._docket.came_to(case, outcome)

    def withhold(self, key: OrderKey) -> None:
        """Send this order's cancel no second time. What is on its way stays on its way."""
        if key in self._withheld:
            self._withheld[key].set()

    async def close(self, grace: float) -> None:
        """Send nothing new, and wait up to ``grace`` seconds for the answers to what is in flight."""
        self._closing.set()
        late = await ended(set(self._sending.values()), grace)
        for task in late:
            task.cancel()
        await ended(late, LAST_RECORDS)

    def _why_not(self, request: CancelRequest) -> str | None:
        """Why this wish may not become an intent; ``None`` when it may."""
        if self._closing.is_set():
            return f"the blotter is ending; {sentences.UNTOUCHED}"
        if self._settings.read_only:
            return "the blotter is read-only"
        if self._delivery.seconds_left(request) <= 0:
            return f"more than {self._settings.timeout:g} s went by since it was confirmed; {sentences.UNTOUCHED}"
        if request.key in self._sending:
            return "a cancel of this order is already on its way"
        return self._bars(request.key.account) or unfit(self._book, request, self._clock.now())

    def _decline(self, request: CancelRequest, reason: str, *, told: bool) -> Outcome:
        now = self._clock.now()
        if not self._closing.is_set():
            self._scribe.post(declined(request, reason, now))
        if told:
            text = sentences.not_sent(reason)
            self._screen.notice(Notice(now.utc, Severity.WARN, text, key=request.key, tag=request.tag))
        return Outcome(Verdict.NOT_SENT, Cause.DECLINED, detail=reason)

    def _start(self, case: Case, work: Coroutine[Any, Any, Outcome]) -> asyncio.Future[Outcome]:
        task = self._tasks.start(work, f"cancel {case.intent}")
        if case.request.key not in self._sending:
            self._sending[case.request.key] = task
            self._withheld[case.request.key] = asyncio.Event()
        answered = asyncio.shield(task)
        # An error of the task ends the desk; it needs no second word from a future that nobody may be waiting for.
        answered.add_done_callback(lambda future: future.cancelled() or future.exception())
        return answered

    async def _run(self, case: Case, ready: Callable[[Case], Awaitable[Outcome | None]]) -> Outcome:
        try:
            outcome = await ready(case) or await self._delivery.send(case, self._withheld[case.request.key])
        finally:
            if self._is_sending(case):
                del self._sending[case.request.key], self._withheld[case.request.key]
        self._docket.came_to(case, outcome)
        return replace(outcome, intent=case.intent)

    async def _again_fit(self, case: Case) -> Outcome | None:
        """Time went by since the intent: another cancel may be on its way, or the account barred."""
        if not self._is_sending(case):
            return self._changed("a cancel of this order is already on its way")
        return self._changed(self._bars(case.request.key.account)) or self._barred(case)

    def _is_sending(self, case: Case) -> bool:
        """Whether the task that asks is the one that may send for this order."""
        return self._sending.get(case.request.key) is asyncio.current_task()

    async def _intend(self, case: Case) -> Outcome | None:
        """Put the intent on disk. Returns why the request must not follow it, or ``None``."""
        return await self._intents.put_down([case], self._delivery.seconds_left(case.request)) or self._barred(case)

    def _barred(self, case: Case) -> Outcome | None:
        return self._stopped() or self._changed(unfit(self._book, case.request, self._clock.now()))

    def _stopped(self) -> Outcome | None:
        return ENDING if self._closing.is_set() else None

    def _changed(self, reason: str | None) -> Outcome | None:
        return Outcome(Verdict.NOT_SENT, Cause.CHANGED, detail=reason) if reason else None
