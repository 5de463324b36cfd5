"""Where a key goes: to a question, into the filter that is being typed, to what has the focus, or to a command.

Keys are taken here, in the order typed, and not by Textual's bindings: those run in the focused widget's own task, so
that of two keys that arrive together, as they do over a slow link, the second could still go where the focus was.
``/csco`` typed quickly would press ``c``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from textual.events import Key, Paste
from textual.screen import Screen

from blotter.core.book.row import Row
from blotter.core.notice import Severity
from blotter.ui.asking.filter_bar import Edit
from blotter.ui.asking.keys import typed
from blotter.ui.bottom import Bottom
from blotter.ui.commands import BY_KEY, QUIT, Actions
from blotter.ui.situation import Situation
from blotter.ui.too_small import TooSmall


class Host(Actions, Protocol):
    """The application, as far as keys go."""

    @property
    def bottom(self) -> Bottom: ...
    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def is_covered(self) -> bool:
        """Whether another screen stands above the table."""

    def tell(self, severity: Severity, text: str, row: Row | None = None) -> None: ...


class Keyboard:
    """The keys of one application. ``situation`` is what decides whether a command may act."""

    def __init__(self, host: Host, situation: Callable[[], Situation]) -> None:
        self._host = host
        self._situation = situation

    def takes(self, event: Key | Paste) -> bool:
        """Handle what is ours; ``False`` leaves it to the widget or the screen that has the keyboard."""
        host, questions = self._host, self._host.questions
        if isinstance(event, Paste):
            return self._takes_paste(event.text)
        if event.key in QUIT.keys and event.key != "q" and not questions.quitting.is_open:
            host.quit_or_close()
            return True
        if isinstance(host.screen, TooSmall):
            if not questions.press(event) and event.key == "q":
                host.quit_or_close()
            return True
        if host.is_covered:
            return False
        if questions.press(event):
            return True
        if host.bottom.messages.press(event):
            return True
        if questions.confirm.is_open:
            host.screen.set_focus(questions.confirm)
        if host.screen.focused is not None:
            return False
        self.type(event)
        return True

    def type(self, event: Key) -> None:
        """A key for the main screen: into the filter while one is typed, else a command."""
        bar = self._host.bottom.filter_bar
        edit = bar.press(event) if bar.is_open else Edit.PASSED
        if edit is Edit.PASSED:
            self._press(event)
        else:
            self._edited(edit)

    def _takes_paste(self, text: str) -> bool:
        """Text is pasted into the filter or nowhere."""
        bar = self._host.bottom.filter_bar
        if self._host.is_covered or not bar.is_open:
            return True
        self._edited(bar.paste(text))
        return True

    def _press(self, event: Key) -> None:
        command = BY_KEY.get(typed(event) or event.key)
        if command is None:
            return
        refusal = command.refusal(self._situation())
        if refusal is None:
            command.act(self._host)
        else:
            row = self._host.view.current if command.of_row else None
            self._host.tell(Severity.WARN, f"{command.words}: {refusal}", row)

    def _edited(self, edit: Edit) -> None:
        bottom = self._host.bottom
        if edit in (Edit.CHANGED, Edit.CLEARED):
            self._host.view.find(bottom.filter_bar.text)
        bottom.make_room()
