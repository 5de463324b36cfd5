"""Reading the terminal: no byte that comes from it ends the program.

Textual's reader ends the application at the first byte that is no UTF-8 (a terminal in Latin-1, a meta key that sets
the eighth bit, a paste) and at a key code that names no character.
"""

from __future__ import annotations

import contextlib
import termios

from textual.drivers.linux_driver import LinuxDriver


class Driver(LinuxDriver):
    """Drops what cannot be read, with all that came with it: half a paste must not be taken for keys."""

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
