"""One run of the blotter: the floors wired together, and taken down again in the order that loses nothing.

The practice broker is started first; then the desk, on a thread of its own, so that the first list is on its way while
Textual is imported; then the screen, in the main thread.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import NoReturn

from blotter import crash, paths
from blotter.config import Practice, Settings
from blotter.core.text import show
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk, DeskError
from blotter.paper.child import Child, PaperError
from blotter.signals import Ending
from blotter.terminal import Terminal
from blotter.wiring import desk_settings

AS_ROOT = "blotter: running as root; a user that trades and nothing else is safer\n"


def run(chosen: Settings | Practice) -> NoReturn:
    """Open the screen, stay until it is left, and end the process. An error of ours is one line."""
    if os.geteuid() == 0:
        _say(AS_ROOT)
    terminal = Terminal()
    ending = Ending(terminal)
    ending.watch()
    try:
        code = _run(chosen, ending)
    except BaseException as error:  # noqa: BLE001 - the last frame that can keep a traceback off the terminal
        if terminal.is_changed:
            terminal.restore()
        code = _tell(error)
    ending.exit(code)


def _run(chosen: Settings | Practice, ending: Ending) -> int:
    practice = isinstance(chosen, Practice)
    clock = SystemClock()
    with ExitStack() as stack:
        settings = _start_practice(chosen, stack) if isinstance(chosen, Practice) else chosen
        desk = stack.enter_context(
            Desk(desk_settings(settings, paths.state_folder(practice=practice)), clock, told=crash.told)
        )
        ending.has_desk(desk)

        from blotter.ui.app import BlotterApp

        app = BlotterApp(desk, clock, practice=practice, styles=paths.styles(), read_only=settings.read_only)
        ending.has_screen(app.leave, app.questions.last_words)
        try:
            app.run(mouse=False)
        finally:
            ending.screen_ended()
        if app.fault is not None:
            return _tell(app.fault)
    return app.return_code or 0


def _start_practice(chosen: Practice, stack: ExitStack) -> Settings:
    _say("starting the practice broker...")
    try:
        child = stack.enter_context(Child())
    finally:
        _say("\r\x1b[K")
    return chosen.at(child.url, child.token)


def _tell(error: BaseException) -> int:
    """Say in one line what ended the run; returns its exit code."""
    if isinstance(error, KeyboardInterrupt):
        return 130
    if not isinstance(error, PaperError | DeskError):
        return crash.last_word(error)
    _say(f"blotter: {show(str(error))}\n")
    return 1


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
