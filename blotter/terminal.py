"""The terminal as we found it, and how to give it back when the screen's own loop cannot.

Textual restores the terminal when its loop ends, and that loop can be stuck: its writer thread waits in ``write`` for a
terminal that nobody reads (a dead SSH link), and the loop waits for that thread. The kernel lets no second writer in
meanwhile. So :meth:`Terminal.release` first frees the writer, by putting ``/dev/null`` in place of its file and
interrupting its ``write``, whose repetition then succeeds; :meth:`Terminal.restore` drops the unread rest of a screen
that is being left anyway, and writes what ends it. A reader that comes back finds its shell, not half a table.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import threading
import time
from typing import Any

RESET = (
    "\x18\x1b\\"  # ends a sequence or a string that was cut short
    "\x1b[<u"  # the kitty keyboard protocol, before the screen it belongs to
    "\x1b[?2026l\x1b[?2048l\x1b[?2004l\x1b[?1004l"  # synchronized output, resize reports, paste marks, focus reports
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # the mouse
    "\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"  # line wrap, colours, the shell's own screen, the cursor
)

STREAMS = ("input", "output", "error output")

WRITER = "textual-output"
"""The name of the thread in which Textual writes to the terminal."""


def missing() -> str | None:
    """Why this process cannot draw a screen, as a sentence; ``None`` when it can.

    Keys are read from standard input, the screen is drawn on standard error: all three streams must be a terminal.
    """
    for number, name in enumerate(STREAMS):
        if not os.isatty(number):
            return f"standard {name} is not a terminal; the blotter needs one (over SSH: ssh -t HOST blotter)"
    if os.environ.get("TERM") == "dumb":
        return "the terminal calls itself dumb (TERM=dumb); the blotter needs one that can move its cursor"
    return None


class Terminal:
    """The terminal on the standard streams, with its modes at the time of making."""

    def __init__(self) -> None:
        self._modes: list[Any] = termios.tcgetattr(0)
        # Ignored by default, so that a handler for it changes nothing except that it interrupts a write.
        signal.signal(signal.SIGURG, lambda _number, _frame: None)

    @property
    def is_changed(self) -> bool:
        """Whether its modes are not those that were found: the screen is still up, or did not end properly."""
        try:
            return termios.tcgetattr(0) != self._modes
        except termios.error:
            return True

    def silence_if_gone(self) -> None:
        """Let nobody read a terminal that was hung up: it says at once, and for ever, that it has ended, and Textual's
        reader would ask it for ever. In its place comes a pipe that never says anything. Never blocks, never raises.
        """
        poll = select.poll()
        poll.register(0, 0)
        if poll.poll(0):
            with contextlib.suppress(OSError):
                silence, _never_written_nor_closed = os.pipe()
                os.dup2(silence, 0)
                os.close(silence)

    def release(self) -> None:
        """Let a writer that is stuck in this terminal go on, into nothing. Never blocks, never raises."""
        with contextlib.suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 2)
            os.close(nothing)
        for thread in threading.enumerate():
            if thread.name == WRITER and thread.ident is not None:
                with contextlib.suppress(OSError):
                    signal.pthread_kill(thread.ident, signal.SIGURG)

    def restore(self, patience: float = 0.3) -> None:
        """Leave the alternate screen, show the cursor, switch all reports off, set the modes back, drop typed keys.

        Waits at most ``patience`` seconds for a terminal that takes nothing, and never raises: it may be gone.
        """
        # From a background job these calls would stop the process instead of ending it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        with contextlib.suppress(OSError, termios.error):
            # Keys that were meant for the blotter must not reach the shell.
            termios.tcsetattr(0, termios.TCSANOW, self._modes)
            termios.tcflush(0, termios.TCIFLUSH)
        with contextlib.suppress(OSError, termios.error):
            descriptor = _opened_anew()
            try:
                _write(descriptor, RESET.encode(), time.monotonic() + patience)
            finally:
                os.close(descriptor)

    def say(self, text: str, patience: float = 0.3) -> None:
        """Write for the shell's user, after the screen. Waits at most ``patience`` seconds, and never raises; a
        terminal that takes nothing any more goes without.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        left, end = text.encode(), time.monotonic() + patience
        with contextlib.suppress(OSError):
            descriptor = _opened_anew()
            try:
                poll = select.poll()
                poll.register(descriptor, select.POLLOUT)
                while left and poll.poll(max(0.0, end - time.monotonic()) * 1000):
                    left = left[os.write(descriptor, left) :]
            finally:
                os.close(descriptor)


def _opened_anew() -> int:
    """A non-blocking descriptor of the terminal that shares no flags with the shell's."""
    try:
        name = os.ttyname(0)
    except OSError:  # a container that was given a terminal from outside has no name for it
        name = "/dev/tty"
    return os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)


def _write(descriptor: int, left: bytes, deadline: float) -> None:
    while left and time.monotonic() < deadline:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            termios.tcflush(descriptor, termios.TCOFLUSH)
            time.sleep(0.005)
