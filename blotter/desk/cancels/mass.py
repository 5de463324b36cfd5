"""Many cancels at once: all intents on disk by one fsync, then so many requests in flight at a time and no more.

Each order keeps its own case, its own deadline from its own dispatch and its own outcome, by the same hands as a single
cancel; nothing that one of them comes to stops the others. What is not on its way yet can be stopped, by the trader or
by the end of the blotter, and is then put down as *not sent*. Where the broker asks one of them to wait, none is sent
meanwhile: so many requests in its face would only earn more refusals.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from blotter.core.asks import find
from blotter.core.book import Book
from blotter.core.cancel import CancelRequest, CancelState, Verdict
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.mass import Fate, MassCancel, MassProgress, Result, fate, progress_words
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.core.row import Change
from blotter.desk.cancels import sentences
from blotter.desk.cancels.canceller import Canceller
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.outcome import Cause, Outcome
from blotter.desk.tasks import Tasks

LAST_WORDS = 10.0
"""Seconds that pending cancels get for their last word after the last answer, before the whole is called over."""

SLICE = 10
"""So many orders are made ready before the loop gets a turn."""


@dataclass(slots=True, eq=False)
class _One:
    """One order of a run, under the key that it was asked by."""

    request: CancelRequest
    case: Case | None = None
    flying: bool = False
    outcome: Outcome | None = None
    fate: Fate = Fate.QUEUED
    answered: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(slots=True, eq=False)
class _Run:
    mass: MassCancel
    orders: dict[OrderKey, _One]
    queue: deque[_One]
    counts: Counter[Fate]
    stopped: bool = False
    over: bool = False
    intended: asyncio.Event = field(default_factory=asyncio.Event)
    """What was going to be put on disk before the first request is there, or is not going to be."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)


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
        last_words: float = LAST_WORDS,
    ) -> None:
        """``width`` is how many requests may be in flight at a time, of all runs together."""
        self._canceller = canceller
        self._book = book
        self._clock = clock
        self._tasks = tasks
        self._room = asyncio.Semaphore(width)
        self._width = width
        self._publish = publish
        self._say = say
        self._last_words = last_words
        self._runs: dict[str, _Run] = {}
        self._asked: dict[OrderKey, list[tuple[_Run, _One]]] = {}
        self._held = 0.0

    def start(self, mass: MassCancel) -> Mapping[OrderKey, asyncio.Future[Outcome]]:
        """Take a confirmed mass cancel. Returns at once; how it goes is published.

        The futures are what each attempt came to. Cancelling one cancels nothing.
        """
        orders = {request.key: _One(request) for request in mass.requests}
        run = _Run(mass, orders, deque(orders.values()), Counter({Fate.QUEUED: len(orders)}))
        self._runs[mass.name] = run
        for key, one in orders.items():
            self._asked.setdefault(key, []).append((run, one))
        self._tell(run)
        self._tasks.start(self._run(run), f"mass cancel {mass.name}")
        return {key: one.answered for key, one in orders.items()}

    def stop(self, name: str) -> None:
        """Send nothing of this one that is not on its way yet."""
        run = self._runs.get(name)
        if run is None or run.over or run.stopped:
            return
        run.stopped = True
        self._tasks.start(self._drop(run), f"stop {name}")
        for key, one in run.orders.items():
            if one.flying:
                self._canceller.withhold(key)
        self._tell(run)

    def hold(self, until: Instant) -> None:
        """The broker asked to wait: dispatch nothing before."""
        self._held = max(self._held, until.mono)

    def close(self) -> None:
        """The blotter is ending: nothing more is dispatched, and the docket puts down what was not sent as such."""
        for run in self._runs.values():
            run.stopped = True

    def saw(self, changes: tuple[Change, ...]) -> None:
        """Rows have changed: whatever brought it, it may be the last word on an order."""
        for change in changes:
            for key in {change.after.key, change.before.key if change.before else change.after.key}:
                for run, one in self._asked.get(key, ()):
                    self._judge(run, one)

    async def _run(self, run: _Run) -> None:
        await self._intend(run)
        await asyncio.gather(*(self._work(run) for _ in range(self._width)))
        await self._wait_for_last_words(run)
        run.over = True
        self._sum_up(run)
        self._tell(run)

    async def _intend(self, run: _Run) -> None:
        """One case for each order, and all their intents on disk; what cannot be one is not sent."""
        cases: list[tuple[_One, Case]] = []
        for number, one in enumerate(tuple(run.queue), 1):
            if run.stopped:
                break
            opened = self._canceller.open(one.request, run.mass.name)
            if isinstance(opened, Case):
                one.case = opened
                cases.append((one, opened))
            else:
                self._came_to(run, one, opened)
            if not number % SLICE:
                await asyncio.sleep(0)
        trouble = None if run.stopped else await self._canceller.intend([case for _, case in cases])
        if trouble is not None:
            for one, case in cases:
                self._canceller.drop(case, trouble)
                self._came_to(run, one, trouble)
        run.queue = deque(one for one in run.queue if one.outcome is None)
        run.intended.set()

    async def _work(self, run: _Run) -> None:
        while run.queue and not run.stopped:
            async with self._room:
                await self._until_free()
                if not run.queue or run.stopped:
                    return
                one = run.queue.popleft()
                assert one.case is not None
                one.flying = True
                self._judge(run, one)
                outcome = await self._canceller.dispatch(one.case)
            one.flying = False
            self._came_to(run, one, outcome)

    async def _drop(self, run: _Run) -> None:
        """After the trader's stop: each that was not sent gets its outcome, which must not come before its intent."""
        await run.intended.wait()
        outcome = Outcome(Verdict.NOT_SENT, Cause.WITHHELD, detail=f"stopped by you; {sentences.UNTOUCHED}")
        while run.queue:
            for one in [run.queue.popleft() for _ in range(min(SLICE, len(run.queue)))]:
                if one.case is not None:
                    self._canceller.drop(one.case, outcome)
                self._came_to(run, one, outcome)
            await asyncio.sleep(0)

    async def _until_free(self) -> None:
        wait = self._held - self._clock.now().mono
        if wait > 0:
            await asyncio.sleep(wait)
            await self._until_free()

    async def _wait_for_last_words(self, run: _Run) -> None:
        try:
            async with asyncio.timeout(self._last_words):
                while any(not each.settled for each, count in run.counts.items() if count):
                    run.moved.clear()
                    await run.moved.wait()
        except TimeoutError:
            return

    def _sum_up(self, run: _Run) -> None:
        """One line in the panel for all: it carries the last word on every order that has one."""
        ends = [one.case.intent for one in run.orders.values() if one.case is not None and one.fate.settled]
        severity = Severity.INFO if run.counts[Fate.CANCELED] == len(run.orders) else Severity.WARN
        text = f"Mass cancel over, {run.mass.sentence}: {progress_words(self._progress(run))}"
        self._say(Notice(self._clock.now().utc, severity, text, outcomes=tuple(ends)))

    def _came_to(self, run: _Run, one: _One, outcome: Outcome) -> None:
        one.outcome = outcome if one.case is None else replace(outcome, intent=one.case.intent)
        if not one.answered.done():
            one.answered.set_result(one.outcome)
        self._judge(run, one)

    def _judge(self, run: _Run, one: _One) -> None:
        """See what has become of an order, and tell it if it moved."""
        row = self._book.row(self._book.current(one.request.key))
        ask = find(row.asks, one.case.intent) if row and one.case else None
        verdict = one.outcome.verdict if one.outcome else None
        order = row.order if row else one.request.order
        state = ask.state if ask else CancelState.NONE
        now = fate(order, state, verdict) if one.flying or one.outcome else Fate.QUEUED
        if now is not one.fate or one.outcome is not None:
            run.counts[one.fate] -= 1
            run.counts[now] += 1
            one.fate = now
            run.moved.set()
            said = Result(
                one.request.tag, order, now, _words(now, one.outcome), self._broker_words(one, ask.text if ask else "")
            )
            self._tell(run, {one.request.key: said})

    def _broker_words(self, one: _One, said: str) -> str:
        row = self._book.row(self._book.current(one.request.key))
        at_end = row.order.text if row and one.fate.settled and one.fate is not Fate.NOT_SENT else ""
        return said or (one.outcome.text if one.outcome else "") or at_end

    def _tell(self, run: _Run, results: dict[OrderKey, Result] | None = None) -> None:
        self._publish(self._progress(run, results))

    def _progress(self, run: _Run, results: dict[OrderKey, Result] | None = None) -> MassProgress:
        counts = {each: run.counts[each] for each in Fate if run.counts[each]}
        mass = run.mass
        return MassProgress(mass.name, mass.sentence, len(run.orders), counts, results or {}, run.stopped, run.over)


def _words(now: Fate, outcome: Outcome | None) -> str:
    """Our sentence beside a fate, where its name does not say it all."""
    if outcome is None or now in (Fate.CANCELED, Fate.PENDING, Fate.SENT, Fate.QUEUED):
        return ""
    if now is Fate.NOT_SENT:
        return outcome.detail
    if now is Fate.FILLED:
        return "it filled before the cancel arrived"
    return outcome.detail
