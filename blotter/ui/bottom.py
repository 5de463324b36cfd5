"""The lines under the table. A question takes the place of all of them, so that no row moves; a filter being typed that
of the footer; a cancel of many that is under way that of the details.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from blotter.core.instant import Instant
from blotter.ui.asking.filter_bar import FilterBar
from blotter.ui.details import DetailStrip
from blotter.ui.footer import Footer
from blotter.ui.known import Known
from blotter.ui.notifications import NotificationPanel
from blotter.ui.questions import Questions
from blotter.ui.situation import Situation
from blotter.ui.table.view import View


class Bottom(Vertical):
    """Composes them, and says which of them are to be seen."""

    def __init__(self, questions: Questions, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._questions = questions
        self._under_way = questions.canceling.running
        self.details = DetailStrip(id="details")
        self.messages = NotificationPanel(id="messages")
        self.footer = Footer(id="footer")
        self.filter_bar = FilterBar(id="filter")

    def compose(self) -> ComposeResult:
        yield self.details
        yield self._under_way
        yield self.messages
        yield self.footer
        yield self.filter_bar
        yield from self._questions.widgets

    def make_room(self) -> None:
        """Show what is to be seen now."""
        asking, running = self._questions.is_open, self._questions.canceling.is_running
        if asking:
            self.messages.collapse()
            self.filter_bar.close()
        self.details.display = not asking and not running
        self._under_way.display = not asking and running
        self.messages.display = not asking
        self.footer.display = not asking and not self.filter_bar.is_open

    def redraw(self, known: Known, view: View, situation: Situation, now: Instant) -> None:
        """Bring every line up to date; what did not change is not sent."""
        self.details.follow(view.current, known.wait(view.current), now)
        self._questions.canceling.redraw()
        if self.messages.grown:
            self.footer.put([self.messages.keys(self.footer.size.width)])
        else:
            self.footer.tell(situation, view)
