"""The terminal: no byte that comes from it ends the program, and it may be taken away and given back.

Textual's reader ends the application at the first byte that is no UTF-8 (a terminal in Latin-1, a meta key that sets
the eighth bit, a paste) and at a key code that names no character.

Textual takes every SIGCONT for the end of a suspension, also after a SIGSTOP, of which no program is told: it then
reads and writes with one more thread each, so that keys change places, and takes its own modes for those that it found.
And it does all this in the handler of the signal, where the lock of the queue to be written to may be held.
"""

from __future__ import annotations

import contextlib
import signal
import termios
from typing import Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize

MODES = (
    "\x1b[?1049h\x1b[?25l\x1b[?1004h"  # the alternate screen, no cursor, focus reports
    "\x1b[<u\x1b[>25u"  # the kitty keyboard protocol, once: it is a stack
    "\x1b[?2004h\x1b[?7l\x1b[?2048$p"  # paste marks, no line wrap, whether it reports its size
)
"""What Textual writes to a terminal before it draws."""


class Driver(LinuxDriver):
    """Drops what cannot be read, with all that came with it: half a paste must not be taken for keys.

    What is written while there is no screen is dropped too: nobody would take it from the queue, and it is drawn anew.
    """

    _stops = False
    """Whether a SIGTSTP waits for its turn. A SIGCONT after it revokes it, as it does in the kernel."""

    _modes: list[Any] | None = None
    """Those of the terminal while there is a screen."""

    @property
    def _is_up(self) -> bool:
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def write(self, data: str) -> None:
        if self._is_up:
            super().write(data)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        with contextlib.suppress(termios.error):
            self._modes = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self.close()
        self._must_signal_resume = False

    def _sigtstp_application(self, *_: object) -> None:
        self._stops = True
        try:
            self._loop.call_soon_threadsafe(self._suspend)
        except RuntimeError:  # the loop has ended: the terminal was given back
            signal.raise_signal(signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        self._stops = False
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._go_on)

    def _suspend(self) -> None:
        if self._stops and self._is_up:
            self.stop_application_mode()
            self._must_signal_resume = True
        if self._stops:
            self._stops = False
            signal.raise_signal(signal.SIGSTOP)

    def _go_on(self) -> None:
        if self._must_signal_resume:
            self.start_application_mode()
        elif self._is_up and self._modes is not None:
            self._take_back(self._modes)

    def _take_back(self, modes: list[Any]) -> None:
        """The screen was up all the time, but others may have had the terminal."""
        try:
            termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        except termios.error:
            return  # in the background: stopped for it by the kernel, and told when it goes on
        self.write(MODES)
        self._app.post_message(Resize.from_dimensions(self._get_terminal_size(), None))

    def run_input_thread(self) -> None:
        while True:
            try:
                super().run_input_thread()
            except (ValueError, OverflowError):
                with contextlib.suppress(termios.error):
                    termios.tcflush(self.fileno, termios.TCIFLUSH)
            else:
                return

    def _run_input_thread(self) -> None:
        """Any other error is a fault like one in a handler, with a report of where."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - the outermost frame of the thread: nobody else would hear of it
            self._app.call_later(self._app._handle_exception, error)
