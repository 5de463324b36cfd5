"""The screen: composes the widgets, brings the desk's news to them, and does what keys and commands ask. It owns no
rules.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message

from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.desk.messages import Batch, DeskFailed, DeskLink
from blotter.ui import nothing
from blotter.ui.accounts_screen import AccountsScreen
from blotter.ui.asking.confirm import Confirm
from blotter.ui.asking.leave import Leave
from blotter.ui.bottom import Bottom
from blotter.ui.header.status_strip import StatusStrip
from blotter.ui.help import HelpScreen
from blotter.ui.keyboard import Keyboard
from blotter.ui.known import Known
from blotter.ui.many.many_confirm import ManyConfirm
from blotter.ui.many.runs import Runs
from blotter.ui.order_screen import OrderScreen
from blotter.ui.outlet import Outlet
from blotter.ui.output.pump import Pump, Woke
from blotter.ui.output.quiet_app import QuietApp
from blotter.ui.output.quiet_screen import QuietScreen
from blotter.ui.output.stall import Stall
from blotter.ui.questions import Questions
from blotter.ui.result_screen import ResultScreen
from blotter.ui.situation import Situation
from blotter.ui.table.order_table import OrderTable
from blotter.ui.table.view import View
from blotter.ui.too_small import TooSmall, is_too_small

DESK_STOPPED = 1
"""Exit code after the desk had failed."""


class BlotterApp(QuietApp, inherit_bindings=False):
    """One blotter on one desk. ``frame`` is the least time, in seconds, between two frames of the desk's news."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None

    def __init__(
        self,
        desk: DeskLink,
        clock: Clock,
        *,
        practice: bool,
        styles: Path,
        read_only: bool = False,
        frame: float = 0.25,
    ) -> None:
        # Said here and not by the theme alone: what NO_COLOR does is decided before the theme is known, and would
        # otherwise turn the terminal's own two colours into black on black.
        super().__init__(css_path=sorted(styles.glob("*.tcss")), ansi_color=True)
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.view = View()
        self._desk = desk
        self._clock = clock
        self._known = Known(practice=practice, read_only=read_only)
        self._stall = Stall(clock.now())
        self._pump = Pump(self, desk, self._deliver, frame)
        self._loop_of_mine: asyncio.AbstractEventLoop | None = None
        self._leaving: int | None = None
        self.header = StatusStrip(id="header")
        self.table = OrderTable(self.view, id="orders")
        self.questions = Questions(self, desk, clock, self._known, self.view)
        self.outlet = Outlet(self, desk, self._known, self.view, self.questions.canceling.runs)
        self._keyboard = Keyboard(self, self._situation)
        self.bottom = Bottom(self.questions, id="bottom")
        self.messages, self.filter_bar = self.bottom.messages, self.bottom.filter_bar

    def get_default_screen(self) -> QuietScreen:
        return QuietScreen(id="main")

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.table
        yield self.questions.canceling.set_view
        yield self.bottom

    def on_mount(self) -> None:
        self._loop_of_mine = asyncio.get_running_loop()
        if self._leaving is not None:
            self.exit(return_code=self._leaving)
            return
        self._stall = Stall(self._clock.now())
        self.set_interval(1.0, self._tick)
        self._pump.start()

    def leave(self, code: int) -> None:
        """End with this exit code. Safe from any thread and from a signal handler, at any time."""
        self._leaving = code
        if self._loop_of_mine is not None:
            try:
                self._loop_of_mine.call_soon_threadsafe(lambda: self.exit(return_code=code))
            except RuntimeError:
                return

    def quit_or_close(self) -> None:
        """Close what is open above the table, else leave: at once, unless cancels are open."""
        if self.is_covered and not isinstance(self.screen, TooSmall):
            self.pop_screen()
        elif not self.questions.ask_to_quit():
            self._quit()

    @property
    def is_covered(self) -> bool:
        """Whether another screen stands above the table."""
        return len(self.screen_stack) > 1

    def _quit(self) -> None:
        self.exit(return_code=DESK_STOPPED if self._known.failed else 0)

    @on(Woke)
    def _woke(self) -> None:
        self._pump.woke()

    def _deliver(self, batch: Batch) -> None:
        if self._stall.late(self._clock.now()):
            self._resumed()
        if self._known.hear(batch):
            self.questions.close("the program stood still, and nothing was read since")
        if batch.login is not None and batch.login.why_not:
            self.questions.block(batch.login.why_not)
        self.view.know(self._known.accounts)
        self.view.apply(batch.rows)
        reading = [screen for screen in self.screen_stack if isinstance(screen, OrderScreen)]
        for row in batch.rows:
            for screen in reading:
                screen.follow(row)
        if batch.notices:
            self.messages.add(batch.notices)
            for screen in reading:
                screen.tell(batch.notices)
        self.questions.deliver(batch)
        if batch.failed is not None and self._known.failed is None:
            self._desk_failed(batch.failed)
        self.redraw()

    def _desk_failed(self, failed: DeskFailed) -> None:
        self._known.failed = failed
        self.view.stale(failed.at)
        self.questions.block("the desk has stopped, nothing can be sent")
        self.tell(Severity.ALERT, f"the desk has stopped, nothing can be sent: {failed.reason}")

    def _tick(self) -> None:
        now = self._clock.now()
        self.keep_painted(now.mono)
        if self._stall.tick(now):
            self._resumed()
        if told := self._stall.report(now):
            self.tell(Severity.WARN, told)
        self.redraw()

    def _resumed(self) -> None:
        """The screen was away: what was asked before that was asked of another picture."""
        if self.questions.close():
            self._stall.closed = True

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.AppBlur | events.AppFocus):
            return  # nothing here looks different in a window without focus, but all of it would be sent again
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            now = self._clock.now()
            if self._stall.late(now):
                self._resumed()
            if self._stall.discards(now, Message().time - event.time):
                return
            if self._keyboard.takes(event):
                self._pump.hurry()
                self.redraw()
                return
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """A key that a focused widget of the main screen left to us."""
        if not self.is_covered and not self.questions.confirm.is_open:
            self._keyboard.type(event)
            self.redraw()

    def _situation(self) -> Situation:
        runs, now = self.questions.canceling.runs, self._clock.now()
        return replace(
            self._known.situation(now, self.view),
            unsent=sum(runs.stoppable.values()),
            has_result=runs.progress is not None,
        )

    def open_result(self, runs: Runs) -> ResultScreen:
        sheet = ResultScreen(runs, self._known, self.view, self._clock, self.outlet.export_results)
        self.push_screen(sheet)
        return sheet

    def open_details(self) -> None:
        row = self.view.current
        if row is not None:
            account, messages = self._known.account(row), self.messages.about(row.key)
            self.push_screen(OrderScreen(row, account, self._clock, messages))

    def edit_filter(self) -> None:
        self.filter_bar.open(self.view.filter)
        self.bottom.make_room()

    def relist(self) -> None:
        self.repaint()
        if not self._desk.relist():
            self.tell(Severity.ALERT, "not asked: the desk has stopped")

    def grow_messages(self) -> None:
        self.messages.toggle()

    def acknowledge(self) -> None:
        ended = self.view.acknowledge(self.table.drawn)
        if seen := self.messages.outcomes():
            self._desk.acknowledge(seen)
        if not self.messages.acknowledge() and not ended:
            self.view.seek_ended()

    def open_accounts(self) -> None:
        self.push_screen(AccountsScreen(self._known, self._clock.now))

    def open_help(self) -> None:
        self.push_screen(HelpScreen())

    @on(Confirm.Decided)
    def _decided(self, decided: Confirm.Decided) -> None:
        self.questions.decided(decided)
        self._after_an_answer()

    @on(ManyConfirm.Decided)
    def _many_decided(self, decided: ManyConfirm.Decided) -> None:
        self.questions.canceling.decided(decided)
        self._after_an_answer()

    @on(Leave.Decided)
    def _left(self, decided: Leave.Decided) -> None:
        if self.questions.left(decided):
            self._quit()
        self._after_an_answer()

    def _after_an_answer(self) -> None:
        self._pump.hurry()
        self.redraw()

    def make_room(self) -> None:
        """Questions take the place of what stands at the bottom, a set of orders that of the table."""
        self.shadow.forget()  # what is asked must be read, whatever another program wrote there
        if self.table.display is self.questions.canceling.many.is_open:  # saying what is so already draws it anew
            self.table.display = not self.table.display
        self.bottom.make_room()

    def _show_what_is_due(self) -> None:
        """The result of many cancels comes up by itself, but never over something that is open."""
        busy = self.questions.is_open or self.filter_bar.is_open or self.messages.grown or self.is_covered
        if self.questions.canceling.runs.due and not busy:
            self.questions.canceling.show_result()
            self.make_room()

    def on_resize(self, event: events.Resize) -> None:
        self.repaint()  # of another size, or back from a suspension that took the screen away
        small = is_too_small(event.size)
        if small and not isinstance(self.screen, TooSmall):
            cover = TooSmall(self._clock)
            self.questions.shrink(cover.quitting)
            self.push_screen(cover)
        elif not small and isinstance(self.screen, TooSmall):
            self.questions.grow()
            self.pop_screen()
            while self.questions.quitting.is_open and self.is_covered:
                self.pop_screen()  # what was being read gives way to a question that must be seen

    @on(OrderTable.Resized)
    def redraw(self) -> None:
        """Bring every line of the main screen up to date; what did not change is not sent."""
        if not (self.table.is_attached and self.header.is_attached and self.bottom.is_attached):
            return  # the last tick of a program that ends can find its screen taken apart
        now = self._clock.now()
        facts = self._known.facts(now, self.view, self.messages.unread)
        self.table.draw(now, self._known.accounts, nothing.words(facts))
        self.header.tell(facts)
        self.bottom.redraw(self._known, self.view, self._situation(), now)
        self._show_what_is_due()

    def tell(self, severity: Severity, text: str, row: Row | None = None) -> None:
        """Say something of our own in the panel."""
        key, tag = (row.key, row.tag) if row is not None else (None, "")
        self.messages.add([Notice(self._clock.now().utc, severity, text, key=key, tag=tag)])
