"""Many cancels at once: all intents on disk by one fsync, then so many requests in flight at a time and no more.

Each order keeps its own case, its own deadline from its own dispatch and its own outcome, by the same hands as a single
cancel; nothing that one of them comes to stops the others. What is not on its way yet can be stopped, by the trader or
by the end of the blotter, and is then put down as *not sent*. Where the broker asks one of them to wait, none is sent
meanwhile, and where it asks for longer than a cancel may wait, none of the rest is: so many requests in its face would
only earn more refusals.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from blotter.core.asking.mass import Fate, MassCancel, MassProgress, Result, progress_words
from blotter.core.book.book import Book
from blotter.core.book.cancel import Verdict
from blotter.core.book.row import Change
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.cancels import sentences
from blotter.desk.cancels.canceller import Canceller
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.outcome import LONGEST_WAIT, Cause, Outcome
from blotter.desk.cancels.run import One, Run
from blotter.desk.messages import Wait
from blotter.desk.tasks import Tasks

SLICE = 10
"""So many orders are made ready before the loop gets a turn."""

BREATH = 1.0
"""Seconds in which none is dispatched after one was turned away without a word on how long to wait."""


class MassCanceller:
    """Lives in the desk's loop. ``publish`` gets how far each run is; :meth:`saw` must be told of every changed row."""

    def __init__(
        self,
        *,
        canceller: Canceller,
        book: Book,
        clock: Clock,
        tasks: Tasks,
        width: int,
        publish: Callable[[MassProgress], None],
        say: Callable[[Notice], None],
        last_words: float,
    ) -> None:
        """``width`` is how many requests may be in flight at a time, of all runs together. ``last_words`` is how many
        seconds pending cancels get after the last answer, before the whole is called over.
        """
        self._canceller = canceller
        self._book = book
        self._clock = clock
        self._tasks = tasks
        self._room = asyncio.Semaphore(width)
        self._width = width
        self._publish = publish
        self._say = say
        self._last_words = last_words
        self._runs: dict[str, Run] = {}
        self._asked: dict[OrderKey, list[tuple[Run, One]]] = {}
        self._held = 0.0

    def start(self, mass: MassCancel) -> Mapping[OrderKey, asyncio.Future[Outcome]]:
        """Take a confirmed mass cancel. Returns at once; how it goes is published.

        The futures are what each attempt came to. Cancelling one cancels nothing.
        """
        run = self._runs[mass.name] = Run.of(mass)
        for key, one in run.orders.items():
            self._asked.setdefault(key, []).append((run, one))
        self._tell(run)
        self._tasks.start(self._run(run), f"mass cancel {mass.name}")
        return {key: one.answered for key, one in run.orders.items()}

    def stop(self, name: str) -> None:
        """Send nothing of this one that is not on its way yet, and nothing a second time."""
        run = self._runs.get(name)
        if run is None or run.over:
            return
        if not run.halt:
            self._halt(run, Outcome(Verdict.NOT_SENT, Cause.WITHHELD, detail=f"stopped by you; {sentences.UNTOUCHED}"))
        for key, one in run.orders.items():
            if one.flying:
                self._canceller.withhold(key)
        self._tell(run)

    def waits(self, wait: Wait) -> None:
        """The broker asked to wait: dispatch nothing before. One of a run may be sent once more then."""
        if wait.until is not None:
            self._hold(wait.until)
        for run, one in self._asked.get(self._book.current(wait.key), ()):
            if one.flying:
                run.waits(one, again=wait.until is not None)
                self._tell(run)

    def close(self) -> None:
        """The blotter is ending: nothing more is dispatched, and the docket puts down what was not sent as such."""
        outcome = Outcome(Verdict.NOT_SENT, Cause.ENDING, detail=f"the blotter is ending; {sentences.UNTOUCHED}")
        for run in self._runs.values():
            run.halt = run.halt or outcome
            for one in run.orders.values():
                if one.outcome is None and not one.flying:
                    self._came_to(run, one, outcome)

    def saw(self, changes: tuple[Change, ...]) -> None:
        """Rows have changed: whatever brought it, it may be the last word on an order."""
        for change in changes:
            key, former = change.after.key, change.before.key if change.before else change.after.key
            if former != key:
                # What replaced an order has the last word on its cancel.
                self._asked.setdefault(key, []).extend(self._asked.pop(former, ()))
            for run, one in self._asked.get(key, ()):
                self._judge(run, one)

    async def _run(self, run: Run) -> None:
        await self._intend(run)
        await asyncio.gather(*(self._work(run) for _ in range(self._width)))
        await self._wait_for_last_words(run)
        run.over = True
        self._sum_up(run, "over")
        self._tell(run)

    async def _intend(self, run: Run) -> None:
        """One case for each order, and all their intents on disk; what cannot be one is not sent."""
        cases: list[tuple[One, Case]] = []
        for number, one in enumerate(tuple(run.queue), 1):
            if run.halt:
                break
            opened = self._canceller.open(one.request, run.mass.name)
            if isinstance(opened, Case):
                one.case = opened
                cases.append((one, opened))
            else:
                self._came_to(run, one, opened)
            if not number % SLICE:
                await asyncio.sleep(0)
        run.queue = deque(one for one in run.queue if one.outcome is None)
        going = cases and not run.halt
        trouble = await self._canceller.intend([case for _, case in cases]) if going else None
        run.intended.set()
        if trouble is not None and not run.halt:
            self._alert(f"Not sent, none of {len(cases)}: {trouble.detail}")
            self._halt(run, trouble)

    async def _work(self, run: Run) -> None:
        while run.queue and not run.halt:
            async with self._room:
                await self._until_free()
                if not run.queue or run.halt:
                    return
                one = run.queue.popleft()
                assert one.case is not None
                one.flying = True
                self._judge(run, one)
                outcome = await self._canceller.dispatch(one.case)
            self._came_to(run, one, outcome)

    def _halt(self, run: Run, outcome: Outcome) -> None:
        """Send nothing more of this one; ``outcome`` says why."""
        run.halt = outcome
        self._tasks.start(self._drop(run, outcome), f"drop {run.mass.name}")

    async def _drop(self, run: Run, outcome: Outcome) -> None:
        """Each that was not sent gets its outcome, which must not come before its intent."""
        await run.intended.wait()
        for number, one in enumerate(run.orders.values(), 1):
            if one.outcome is None and not one.flying:
                if one.case is not None:
                    self._canceller.drop(one.case, outcome)
                self._came_to(run, one, outcome)
            if not number % SLICE:
                await asyncio.sleep(0)
        run.queue.clear()

    def _turned_away(self, seconds: float | None) -> None:
        """The broker gets too many requests. ``seconds`` is how long it asks to stay away, where it says."""
        wait = BREATH if seconds is None else seconds
        if wait <= LONGEST_WAIT:
            now = self._clock.now()
            self._hold(Instant(now.utc + timedelta(seconds=wait), now.mono + wait))
            return
        asks = f"the broker asks to wait {wait:g} s"
        for run in self._runs.values():
            if run.queue and not run.halt:
                self._alert(f"Too many requests: {asks}; {len(run.queue)} not sent, ask for them anew then")
                detail = f"too many requests: {asks}; {sentences.UNTOUCHED}"
                self._halt(run, Outcome(Verdict.NOT_SENT, Cause.RATE_LIMITED, detail=detail, asked=seconds))

    def _hold(self, until: Instant) -> None:
        self._held = max(self._held, until.mono)

    async def _until_free(self) -> None:
        wait = self._held - self._clock.now().mono
        if wait > 0:
            await asyncio.sleep(wait)
            await self._until_free()

    async def _wait_for_last_words(self, run: Run) -> None:
        try:
            async with asyncio.timeout(self._last_words):
                while run.open:
                    run.moved.clear()
                    await run.moved.wait()
        except TimeoutError:
            return

    def _sum_up(self, run: Run, state: str) -> None:
        """One line in the panel for all: it carries the last word on every order that has one."""
        run.told = not run.open
        ends = [one.case.intent for key, one in run.orders.items() if one.case is not None and key not in run.open]
        severity = Severity.INFO if run.counts[Fate.CANCELED] == len(run.orders) else Severity.WARN
        text = f"Mass cancel {state}, {run.mass.sentence}: {progress_words(run.progress())}"
        self._say(Notice(self._clock.now().utc, severity, text, outcomes=tuple(ends)))

    def _alert(self, text: str) -> None:
        self._say(Notice(self._clock.now().utc, Severity.ALERT, text))

    def _came_to(self, run: Run, one: One, outcome: Outcome) -> None:
        one.outcome = outcome if one.case is None else replace(outcome, intent=one.case.intent)
        if not one.answered.done():
            one.answered.set_result(one.outcome)
        if outcome.cause is Cause.RATE_LIMITED and one.flying:
            self._turned_away(outcome.asked)
        one.flying = False
        self._judge(run, one)

    def _judge(self, run: Run, one: One) -> None:
        """See what has become of an order, and tell it if it moved."""
        row = self._book.row(self._book.current(one.request.key))
        fate = one.judge(row)
        if fate is not one.fate or one.outcome is not None:
            run.move(one, fate)
            self._tell(run, {one.request.key: one.result(row)})
            if run.over and not run.open and not run.told:
                self._sum_up(run, "settled")

    def _tell(self, run: Run, results: dict[OrderKey, Result] | None = None) -> None:
        self._publish(run.progress(results))
