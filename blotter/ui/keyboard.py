"""Where a key goes: to a question, into the filter that is being typed, to what has the focus, or to a command.

Keys are taken here, in the order typed, and not by Textual's bindings: those run in the focused widget's own task, so
that of two keys that arrive together, as they do over a slow link, the second could still go where the focus was.
``/csco`` typed quickly would press ``c``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.events import Key, Paste

from blotter.core.notice import Severity
from blotter.ui.commands import BY_KEY, QUIT
from blotter.ui.filter_bar import Edit
from blotter.ui.keys import typed
from blotter.ui.situation import Situation
from blotter.ui.too_small import TooSmall

if TYPE_CHECKING:
    from blotter.ui.app import BlotterApp


class Keyboard:
    """The keys of one application. ``situation`` is what decides whether a command may act."""

    def __init__(self, app: BlotterApp, situation: Callable[[], Situation]) -> None:
        self._app = app
        self._situation = situation

    def takes(self, event: Key | Paste) -> bool:
        """Handle what is ours; ``False`` leaves it to the widget or the screen that has the keyboard."""
        app = self._app
        if isinstance(event, Paste):
            if not app.filter_bar.is_open:
                return app.questions.canceling.is_open
            self._edited(app.filter_bar.paste(event.text))
            return True
        if event.key in QUIT.keys and event.key != "q" and not app.questions.quitting.is_open:
            app.quit_or_close()
            return True
        if isinstance(app.screen, TooSmall):
            if event.key == "q":
                app.quit_or_close()
            return True
        if len(app.screen_stack) > 1:
            return False
        if app.questions.press(event):
            return True
        if app.questions.confirm.is_open:
            app.screen.set_focus(app.questions.confirm)
        if app.screen.focused is not None:
            return False
        self.type(event)
        return True

    def type(self, event: Key) -> None:
        """A key for the main screen: into the filter while one is typed, else a command."""
        bar = self._app.filter_bar
        edit = bar.press(event) if bar.is_open else Edit.PASSED
        if edit is Edit.PASSED:
            self._press(event)
        else:
            self._edited(edit)

    def _press(self, event: Key) -> None:
        command = BY_KEY.get(typed(event) or event.key)
        if command is None:
            return
        refusal = command.refusal(self._situation())
        if refusal is None:
            command.act(self._app)
        else:
            self._app.tell(Severity.WARN, f"{command.words}: {refusal}", self._app.view.current)

    def _edited(self, edit: Edit) -> None:
        if edit in (Edit.CHANGED, Edit.CLEARED):
            self._app.view.find(self._app.filter_bar.text)
        self._app.bottom.make_room()
