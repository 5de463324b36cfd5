"""Cancels of many orders on the screen: from the key to the choice, the question, the progress and the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.events import Key

from blotter.core.asking.many import Bars, why_kept
from blotter.core.asking.mass import MassCancel
from blotter.core.asking.scope import Scope, Selection, marked, select
from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.notice import Severity
from blotter.core.order import OrderKey
from blotter.desk.messages import Batch, DeskLink
from blotter.ui.known import Known
from blotter.ui.many.many_confirm import ManyConfirm, SetView
from blotter.ui.many.running import Running
from blotter.ui.many.runs import Runs
from blotter.ui.many.scope_prompt import ScopePrompt
from blotter.ui.result_screen import ResultScreen
from blotter.ui.table.view import View

GONE = "the desk has stopped"


class Host(Protocol):
    """What the application does for it."""

    def make_room(self) -> None:
        """Put the usual widgets away for what is open, or back."""

    def open_result(self, runs: Runs) -> ResultScreen: ...
    def tell(self, severity: Severity, text: str, row: Row | None = None) -> None: ...


class Canceling:
    """Owns the widgets of everything that is about many orders; the application says where they stand."""

    def __init__(
        self,
        host: Host,
        desk: DeskLink,
        clock: Clock,
        known: Known,
        view: View,
        ask_about: Callable[[Row, str], None],
    ) -> None:
        """``ask_about`` asks about a single order, and says how it was chosen."""
        self._host = host
        self._ask_about = ask_about
        self._desk = desk
        self._clock = clock
        self._known = known
        self._view = view
        self.runs = Runs()
        self.prompt = ScopePrompt(self._chosen, id="scopes")
        self.set_view = SetView(id="set")
        self.many = ManyConfirm(clock, self.set_view, id="many")
        self.running = Running(id="running")
        self._sheet: ResultScreen | None = None
        self._pressed: Instant | None = None
        self._marked: dict[str, set[OrderKey]] = {}
        """The marks that a mass cancel took off, by its name, until it is known that any of it was sent."""

    @property
    def is_open(self) -> bool:
        """Whether a choice or a question stands there."""
        return self.prompt.is_open or self.many.is_open

    @property
    def is_running(self) -> bool:
        """Whether a mass cancel is under way, or over and not read about."""
        return self.runs.running or self.runs.due

    def press(self, event: Key) -> bool:
        """Take the key if something of this is open."""
        if self.prompt.is_open:
            self.prompt.press(event)
        elif self.many.is_open:
            self.many.press(event)
        else:
            return False
        return True

    def choose(self) -> None:
        """``K``: ask which orders are meant."""
        self._pressed = self._clock.now()
        self.prompt.open(lambda: self._view.sight, self._kept)
        self._host.make_room()

    def ask_marked(self) -> None:
        """``c`` while there are marks, which win over the cursor."""
        self._pressed = self._clock.now()
        self._ask("cancel", marked(self._view.marks, self._view.sight))

    def deliver(self, batch: Batch) -> None:
        """News from the desk."""
        if batch.rows:
            self.many.follow(batch.rows)
        for progress in batch.mass:
            if progress.over and (marked := self._marked.pop(progress.name, None)) and not progress.sent:
                # Nothing left: what was chosen one by one need not be chosen again.
                self._view.marks |= {key for key in marked if self._view.row(key)}
        was_running = self.runs.running
        if self.runs.hear(batch.mass) and was_running and not self.runs.running and self._sheet is not None:
            self.runs.shown = self._sheet.is_current
            self._sheet.redraw()

    def block(self, reason: str) -> None:
        self.many.block(reason)

    def close(self, reason: str = "") -> bool:
        """Withdraw whatever is open; says whether something was."""
        was_open = self.is_open
        self.prompt.close()
        self.many.close(reason)
        if was_open:
            self._host.make_room()
        return was_open

    def decided(self, decided: ManyConfirm.Decided) -> None:
        """The question was answered."""
        self._host.make_room()
        if decided.reason:
            self._host.tell(Severity.WARN, f"question closed, all orders kept: {decided.reason}")
        if decided.mass is not None:
            self._send(decided.mass)

    def stop(self) -> None:
        """``x``: send nothing that is not on its way, whichever mass cancel it is of."""
        if not all(self._desk.stop_many(name) for name in self.runs.stoppable):
            self._host.tell(Severity.ALERT, f"not stopped: {GONE}")

    def show_result(self) -> None:
        """The sheet of the newest mass cancel."""
        if self.runs.progress is None:
            return
        self.runs.shown = self.runs.shown or not self.runs.running
        self._sheet = self._host.open_result(self.runs)

    def redraw(self) -> None:
        self.running.tell(self.runs, self._known.accounts)

    def _chosen(self, scope: Scope | None) -> None:
        self._host.make_room()
        if scope is not None:
            self._ask(f"K {scope.value}", select(scope, self._view.sight))

    def _ask(self, words: str, selection: Selection) -> None:
        """One order is asked about as such; of many, one at least must be such that it can be canceled."""
        if selection.refusal:
            self._host.tell(Severity.WARN, f"{words}: {selection.refusal}")
        elif len(selection.rows) == 1:
            self._ask_about(selection.rows[0], selection.sentence)
        else:
            pressed = self._pressed or self._clock.now()
            bars = self._bars(self._clock.now())
            self.many.open(selection, self._known.accounts, pressed, bars, self._known.journal)
            if self.many.many is not None and self.many.many.blocked:
                why = self.many.many.blocked
                self.many.close()
                self._host.tell(Severity.WARN, f"{words}: {selection.sentence}: {why}")
            self._host.make_room()

    def _bars(self, now: Instant) -> Bars:
        return lambda row: self._known.barred(row, now) or None

    def _kept(self, rows: Sequence[Row]) -> set[OrderKey]:
        """Those of ``rows`` that cannot be canceled now."""
        now = self._clock.now()
        bars = self._bars(now)
        return {row.key for row in rows if why_kept(row, now, bars)}

    def _send(self, mass: MassCancel) -> None:
        if not self._desk.cancel_many(mass):
            self._host.tell(Severity.ALERT, f"not sent, none of {len(mass.requests)}: {GONE}")
            return
        self._marked[mass.name] = self._view.marks & {request.key for request in mass.requests}
        self._view.marks -= self._marked[mass.name]
        self.runs.begin(mass)
        self._host.make_room()
