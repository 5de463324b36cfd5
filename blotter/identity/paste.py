"""One line from the terminal that is not shown: an address, a code, a secret.

Not ``getpass``: in its mode a terminal takes 4,095 characters and no more, and some redirect addresses are longer. What
is pasted beyond the line is thrown away, or the shell would run it.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

MOST = 16 * 1024

_ERASE, _KILL, _END = "\x7f\x08", "\x15", "\x04"


def read_hidden(prompt: str) -> str:
    """The line, without its end. From standard input as it is where that is no terminal."""
    if not sys.stdin.isatty():
        _put(prompt)
        line = sys.stdin.readline(MOST)
    else:
        with _quiet(sys.stdin.fileno()) as fd:
            # Only now: what is typed from here on is not shown.
            _put(prompt)
            line = _line(fd)
    _put("\n")
    return line.strip()


def _put(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _line(fd: int) -> str:
    """What was typed up to enter, with the corrections that everybody's fingers know."""
    typed: list[str] = []
    while len(typed) < MOST:
        piece = os.read(fd, 4096)
        for character in piece.decode("utf-8", "replace"):
            if character in "\r\n":
                return "".join(typed)
            if character in _ERASE:
                del typed[-1:]
            elif character == _KILL:
                typed.clear()
            elif character == _END and not typed:
                return ""
            else:
                typed.append(character)
        if not piece:
            break
    return "".join(typed)


@contextmanager
def _quiet(fd: int) -> Iterator[int]:
    """No echo, no line length, no stopping in between; undone however the block ends, a signal included."""
    before = termios.tcgetattr(fd)
    quiet = termios.tcgetattr(fd)
    quiet[3] &= ~(termios.ECHO | termios.ECHONL | termios.ICANON)
    quiet[6][termios.VMIN], quiet[6][termios.VTIME] = 1, 0
    quiet[6][termios.VSUSP] = bytes([os.fpathconf(fd, "PC_VDISABLE")])
    handlers = {number: signal.signal(number, _leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        termios.tcsetattr(fd, termios.TCSAFLUSH, quiet)
        yield fd
    finally:
        termios.tcsetattr(fd, termios.TCSAFLUSH, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
