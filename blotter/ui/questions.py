"""Everything that the trader can be asked, one question at a time: about one order, about many, before quitting."""

from __future__ import annotations

from typing import Protocol

from textual.events import Key
from textual.widget import Widget

from blotter.core.account import Accounts
from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.notice import Severity
from blotter.core.sheets.leaving import OpenCancels, last_words, pending, unanswered
from blotter.desk.messages import Batch, DeskLink
from blotter.ui.asking.confirm import Confirm
from blotter.ui.asking.leave import Answer, Leave
from blotter.ui.canceling import Canceling
from blotter.ui.known import Known
from blotter.ui.many.runs import Runs
from blotter.ui.result_screen import ResultScreen
from blotter.ui.table.view import View


class Host(Protocol):
    """What the application does for the questions."""

    def make_room(self) -> None:
        """Put the usual widgets away for what is open, or back."""

    def open_result(self, runs: Runs) -> ResultScreen: ...
    def tell(self, severity: Severity, text: str, row: Row | None = None) -> None: ...


class Questions:
    """Owns the widgets of the questions; the application says where they stand."""

    def __init__(self, host: Host, desk: DeskLink, clock: Clock, known: Known, view: View) -> None:
        self._host = host
        self._desk = desk
        self._clock = clock
        self._known = known
        self._view = view
        self.confirm = Confirm(clock, id="confirm")
        self._docked = Leave(clock, id="quitting")
        self.quitting = self._docked
        """Where leaving is asked about now."""
        self.canceling: Canceling = Canceling(host, desk, clock, known, view, self.ask_about)

    @property
    def widgets(self) -> tuple[Widget, ...]:
        """Those that stand in the place of the bottom lines."""
        return self.confirm, self._docked, self.canceling.prompt, self.canceling.many

    @property
    def is_open(self) -> bool:
        return self.confirm.is_open or self.quitting.is_open or self.canceling.is_open

    def press(self, event: Key) -> bool:
        """Take the key if a question stands there that needs no focus."""
        if self.quitting.is_open:
            self.quitting.press(event)
            return True
        return self.canceling.press(event)

    def ask_cancel(self) -> None:
        """``c``: the marked orders, or else the cursor's. A cancel that waits at the broker's wish is withheld."""
        row = self._view.current
        if self._view.marks:
            self.canceling.ask_marked()
        elif row is not None and self._known.wait(row):
            self._desk.withhold(row.key)
        elif row is not None:
            self.ask_about(row)

    def ask_about(self, row: Row, chosen: str = "") -> None:
        """Ask about a single order; ``chosen`` says how it was chosen, where not by the cursor."""
        account = self._known.account(row).full_name
        self.confirm.open(row, self._known.kind(row), self._clock.now(), self._known.journal, account, chosen)
        self._host.make_room()

    def ask_to_quit(self) -> bool:
        """Ask before leaving, if cancels are open; says whether it is asked. A desk that is dead answers nothing."""
        cancels = OpenCancels() if self._known.failed else self.open_cancels
        if cancels:
            self.close("you asked to quit")
            self.quitting.open(cancels)
            self._host.make_room()
        return bool(cancels)

    @property
    def open_cancels(self) -> OpenCancels:
        """What leaving would leave behind."""
        rows = unanswered(self._rows)
        accounts = Accounts(tuple(dict.fromkeys(map(self._known.account, rows))))
        return OpenCancels(rows, sum(self.canceling.runs.unsent.values()), accounts)

    @property
    def _rows(self) -> tuple[Row, ...]:
        return (*self._view.rows(), *self._known.unlisted)

    def last_words(self) -> tuple[str, ...]:
        """What the shell is told in lines, once the screen and the desk have ended."""
        unsent, were_open = self.canceling.runs.unsent, self.open_cancels.unanswered
        batch = self._desk.take()
        self._view.apply(batch.rows)
        self._known.hear(batch)
        unsent |= {progress.name: progress.queued for progress in batch.mass}
        rows = unanswered(self._rows)
        now = [row for each in were_open if (row := self._view.row(each.key))]
        answered = [row for row in now if row not in rows]
        open_still = OpenCancels(rows, sum(unsent.values()))
        return last_words(open_still, answered, batch.notices, pending=pending(self._rows))

    def shrink(self, quitting: Leave) -> None:
        """The terminal is too small for every question but the one before leaving, which goes on at ``quitting``."""
        self.close("terminal too small")
        self.quitting.move_to(quitting)
        self.quitting = quitting

    def grow(self) -> None:
        """There is room for every question again."""
        self.quitting.move_to(self._docked)
        self.quitting = self._docked

    def deliver(self, batch: Batch) -> None:
        """News from the desk."""
        for row in batch.rows:
            self.confirm.follow(row)
        self.canceling.deliver(batch)
        if self.quitting.is_open:
            self.quitting.follow(self.open_cancels)

    def block(self, reason: str) -> None:
        """Nothing can be sent any more."""
        self.confirm.block(reason)
        self.canceling.block(reason)

    def close(self, reason: str = "") -> bool:
        """Withdraw what is asked about cancels; says whether something was."""
        was_open = self.confirm.is_open or self.canceling.is_open
        self.confirm.close(reason)
        self.canceling.close(reason)
        return was_open

    def decided(self, decided: Confirm.Decided) -> None:
        """The question about one order was answered."""
        self._host.make_room()
        if decided.reason:
            self._host.tell(Severity.WARN, f"confirmation closed, order kept: {decided.reason}")
        if decided.request is None:
            return
        self._view.marks.discard(decided.request.key)
        if not self._desk.cancel(decided.request):
            row = self._view.row(decided.request.key)
            self._host.tell(Severity.ALERT, "not sent: the desk has stopped", row)

    def left(self, decided: Leave.Decided) -> bool:
        """The question before quitting was answered; says whether to leave."""
        self._host.make_room()
        if decided.answer is Answer.ANSWERED:
            self._host.tell(Severity.INFO, "every cancel has its answer; q quits")
        return decided.answer is Answer.LEAVE
