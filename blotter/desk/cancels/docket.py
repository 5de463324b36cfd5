"""The cancels that have no last word yet: what each answer and each report means for them, until their outcome.

Whatever settles a cancel (its own answer, the stream, a read) comes through the book, and here alone is it told and put
on record as an outcome. A cancel ends once; what is open when the blotter ends is put down as open.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from blotter.core.book.asks import find
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.row import Change, Row
from blotter.core.book.status import OrdStatus, is_finished
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.cancels import notices, sentences
from blotter.desk.cancels.case import Case, reported
from blotter.desk.cancels.cases import Cases
from blotter.desk.cancels.outcome import Cause, Ending, Outcome, doubt, ending, standing
from blotter.desk.cancels.settle import Glasses, Settler
from blotter.desk.journal.scribe import Scribe
from blotter.desk.messages import Wait
from blotter.desk.settings import Patience
from blotter.desk.tasks import Tasks

_SAID_BY_BOOK = frozenset({OrdStatus.PENDING_CANCEL, OrdStatus.CANCELED})


class Screen(Protocol):
    """Where rows and sentences go."""

    def rows(self, changes: tuple[Change, ...]) -> None: ...

    def notice(self, notice: Notice) -> None: ...

    def journal(self, trouble: str) -> None: ...

    def wait(self, wait: Wait) -> None: ...


class Docket:
    """Lives in the desk's loop. :meth:`saw` must be told of every change in the book that is not of its own making."""

    def __init__(
        self,
        *,
        book: Book,
        scribe: Scribe,
        clock: Clock,
        patience: Patience,
        screen: Screen,
        glasses: Callable[[str], Glasses],
        tasks: Tasks,
    ) -> None:
        self._book = book
        self._scribe = scribe
        self._clock = clock
        self._patience = patience
        self._screen = screen
        self._settler = Settler(
            patience,
            glasses,
            tasks,
            state=self._unsettled,
            still_working=self._unconfirmed,
            unread=self._unread,
            chance=random.Random(),  # noqa: S311 - it spreads reads, it keeps no secret
        )
        self._cases = Cases()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def open(self, case: Case) -> None:
        self._cases.add(case)

    def resume(self, case: Case, asked: Instant, answered: Instant, outcome: Outcome) -> None:
        """Take up a cancel of an earlier run where its journal left it, ``outcome`` being what its last answer came to.
        It is settled by reading; nothing is sent.
        """
        case.earlier, case.answered = True, outcome
        self.open(case)
        self._screen.rows(self._book.sent(CancelSent(case.key, case.intent, asked)))
        self._screen.rows(
            self._book.answered(
                CancelAnswered(case.key, case.intent, outcome.verdict, answered, doubt=doubt(outcome.cause))
            )
        )
        self._follow_up(case, self.row(case))
        if self._unsettled(case.key, case.intent):
            self._settler.watch(case.key, case.intent)

    def row(self, case: Case) -> Row:
        """The order's row: a case is only opened on one, and a row can only move to the order that replaced it."""
        row = self._book.row(self._book.current(case.key))
        assert row is not None
        return row

    def saw(self, changes: tuple[Change, ...], *, quiet: bool = False) -> None:
        """Something else changed the book: tell what is worth telling, and end the cancels that it settled.

        ``quiet``: what is no news of a cancel of ours is told by somebody else, or by :meth:`tell_of`.
        """
        now = self._clock.now()
        for change in changes:
            row = change.after
            if change.before is not None and change.before.key != row.key:
                self._cases.follow(change.before.key, row.key)
            cases = self._cases.of(row.key)
            moved = change.before is None or change.before.order != row.order
            unread = any(case.unread for case in cases)
            notice = notices.of_change(change, now.utc, unread=unread, quiet=quiet)
            if notice and not _on_the_sheet(notice, cases):
                self._screen.notice(replace(notice, outcomes=_ended(cases, row)))
            if moved and not cases and (last := self._cases.ended(row.key)):
                # What becomes of an order after its cancel's last word belongs on record, too.
                self._scribe.post(reported(last, row.order, now))
            for case in cases:
                case.told = case.told or notice is not None
                if moved and find(row.asks, case.intent):
                    self._scribe.post(reported(case.intent, row.order, now))
                case.unread = case.unread and row.needs_read
                self._follow_up(case, row)

    def tell_of(self, changes: tuple[Change, ...]) -> None:
        """Tell of what was seen as quiet, after all."""
        now = self._clock.now()
        for change in changes:
            if notice := notices.of_change(change, now.utc, unread=False):
                self._screen.notice(notice)

    def came_to(self, case: Case, outcome: Outcome) -> None:
        """Take the verdict into the book, tell it, and see to what stays open."""
        case.answered = outcome
        row = self.row(case)
        ask = find(row.asks, case.intent)
        if ask is None:
            self._tell_attempt(case, outcome)
            self._put_down(case, row, Ending.NOT_SENT)
            return
        status = outcome.status if outcome.status in _SAID_BY_BOOK else ""
        self._screen.rows(
            self._book.answered(
                CancelAnswered(
                    case.key,
                    case.intent,
                    outcome.verdict,
                    self._clock.now(),
                    status=status,
                    text=outcome.text,
                    request_id=outcome.request_id,
                    doubt=doubt(outcome.cause),
                )
            )
        )
        row = self.row(case)
        case.unread = outcome.cause is Cause.CANCELED and row.needs_read
        if ask.state in (CancelState.CONFIRMED, CancelState.MOOT) and outcome.verdict is not Verdict.REFUSED:
            self._tell_late(case, row, outcome)
        else:
            self._tell_attempt(case, outcome)
        self._follow_up(case, row)
        if self._unsettled(case.key, case.intent):
            self._settler.watch(case.key, case.intent)

    def _follow_up(self, case: Case, row: Row) -> None:
        """End a case whose end is known; see that a pending one is told when it takes long."""
        if case.answered is None or (case.ending is not None and case.ending.final):
            return
        how = ending(row, case.intent)
        if how is not None:
            self._put_down(case, row, how)
            return
        ask = find(row.asks, case.intent)
        if ask is not None and ask.state is CancelState.UNCONFIRMED and case.ending is not Ending.UNCONFIRMED:
            # No reads gave it up: an end that had settled it was taken back.
            self._put_down(case, row, Ending.UNCONFIRMED)
            self.tell(case, Severity.ALERT, sentences.taken_back(row.order), outcomes=(case.intent,))
        if ask is not None and ask.state is CancelState.PENDING and not case.timed:
            case.timed = True
            wait = self._patience.long_pending
            self._timers[case.intent] = asyncio.get_running_loop().call_later(wait, self._still_pending, case, wait)

    def _still_pending(self, case: Case, seconds: float) -> None:
        del self._timers[case.intent]
        if self._unsettled(case.key, case.intent) is CancelState.PENDING:
            self.tell(case, Severity.WARN, sentences.still_pending(seconds))

    def _unsettled(self, key: OrderKey, intent: str) -> CancelState | None:
        """Where this cancel stands, or ``None`` when no read could add anything."""
        row = self._book.row(self._book.current(key))
        ask = find(row.asks, intent) if row else None
        if row is None or ask is None:
            return None
        return ask.state if row.needs_read or ending(row, intent) is None else None

    def _unconfirmed(self, key: OrderKey, intent: str) -> None:
        """All reads show the order working. Of a cancel that was taken this says nothing while one is pending."""
        before = self._unsettled(key, intent)
        changes = self._book.unconfirmed(key, intent, self._clock.now())
        self._screen.rows(changes)
        if changes and (case := self._case(key, intent)):
            row = self.row(case)
            self._put_down(case, row, Ending.UNCONFIRMED)
            text = sentences.unconfirmed(row.order, was_taken=before is CancelState.PENDING)
            self.tell(case, Severity.ALERT, text, outcomes=(intent,))

    def _unread(self, key: OrderKey, intent: str) -> None:
        if (case := self._case(key, intent)) and (state := self._unsettled(key, intent)):
            self.tell(case, Severity.ALERT, sentences.unread(self.row(case).order, state))

    def _case(self, key: OrderKey, intent: str) -> Case | None:
        return self._cases.find(self._book.current(key), intent)

    def _put_down(self, case: Case, row: Row, how: Ending, detail: str = "") -> None:
        """The outcome, on record. A final one ends the case."""
        case.ending = how
        if case.earlier and how.final and not case.told:
            self._scribe.post(reported(case.intent, row.order, self._clock.now()))
            text = sentences.ended_earlier(row) if is_finished(row.order) else sentences.came_to_earlier(how.value)
            self.tell(case, Severity.WARN, text, row.cancel_text, outcomes=(case.intent,))
        self._scribe.post(case.ended(how, row.order, self._clock.now(), detail))
        if how.final:
            self._cases.end(case)
            if timer := self._timers.pop(case.intent, None):
                timer.cancel()

    async def close(self) -> None:
        """Read no more, and put down what is still open."""
        await self._settler.close()
        for timer in self._timers.values():
            timer.cancel()
        for case in self._cases.leave():
            row = self.row(case)
            how = standing(row, case.intent)
            if how is not case.ending and (case.ending or not case.earlier):
                self._put_down(case, row, how, "open when the blotter ended")

    def _tell_attempt(self, case: Case, outcome: Outcome) -> None:
        if case.mass and outcome.verdict in (Verdict.ACCEPTED, Verdict.NOT_SENT):
            return  # the sheet of the mass cancel says it: a thousand lines would push the refusals out of sight
        severity = Severity.INFO if outcome.verdict is Verdict.ACCEPTED else Severity.ALERT
        if outcome.cause is Cause.CHANGED:
            severity = Severity.WARN
        last = (case.intent,) if outcome.verdict in (Verdict.REFUSED, Verdict.NOT_SENT) else ()
        self.tell(case, severity, sentences.attempted(outcome), outcome.text, outcomes=last)

    def _tell_late(self, case: Case, row: Row, outcome: Outcome) -> None:
        """The order's end was told before the answer came: only what the answer adds is."""
        if outcome.cause is Cause.CANCELED and row.order.ord_status != OrdStatus.CANCELED:
            self.tell(case, Severity.ALERT, sentences.contradicted(row.order), outcome.text)
        elif outcome.text and not case.mass:
            self.tell(case, Severity.INFO, sentences.ANSWER, outcome.text)

    def tell(
        self, case: Case, severity: Severity, text: str, broker_text: str = "", outcomes: tuple[str, ...] = ()
    ) -> None:
        at = self._clock.now().utc
        self._screen.notice(Notice(at, severity, text, broker_text, case.key, case.request.tag, outcomes))


def _ended(cases: Sequence[Case], row: Row) -> tuple[str, ...]:
    """The cancels whose last word is in this row."""
    return tuple(case.intent for case in cases if ending(row, case.intent) is not None)


def _on_the_sheet(notice: Notice, cases: Sequence[Case]) -> bool:
    """Whether it is the plain end of one of many, which the result of the mass cancel tells."""
    return notice.severity is Severity.INFO and bool(cases) and all(case.mass for case in cases)
