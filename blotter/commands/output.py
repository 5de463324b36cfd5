"""Standard output and standard error of a command: safe to look at, and never the reason for a traceback.

A reader that goes away (``| head``) is no error. What cannot be written for another reason, to a full disk, is.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from blotter.core.text import show
from blotter.core.words.wrap import wrap


class Output:
    """Text of the broker reaches :meth:`data` shown, or as JSON that holds nothing but printable ASCII."""

    def __init__(self) -> None:
        self.gone = sys.stdout is None
        """Whether nobody gets any more of the data."""
        self.trouble = ""
        """Why standard output could not be written, if it was not that its reader went away."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal that knows no UTF-8 sees the rest all the same.
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # None is suppressed, too

    def data(self, text: str) -> None:
        """One line, or several, of what was asked for."""
        if self.gone:
            return
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except OSError as error:
            self.gone = True
            if not isinstance(error, BrokenPipeError):
                self.trouble = f"standard output cannot be written: {error.strerror}"
            self._divert()

    def say(self, text: str, *more: str) -> None:
        """One sentence beside the data, on standard error, and ``more`` lines of ours below it; all are made safe to
        look at, also a line end inside one.
        """
        with contextlib.suppress(OSError, AttributeError, ValueError):
            for line in (f"blotter: {text}", *more):
                sys.stderr.write(folded(show(line), _width(sys.stderr)) + "\n")
            sys.stderr.flush()

    def ask(self, text: str) -> None:
        """A question, or the lines before it: text that is safe already."""
        with contextlib.suppress(OSError, AttributeError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()

    @property
    def width(self) -> int | None:
        """Of the terminal that the data goes to; ``None`` where it goes elsewhere."""
        return _width(sys.stdout)

    def item(self, text: str) -> str:
        """One point of a question, in lines of the terminal that it is asked on."""
        first, *more = wrap(text, max((_width(sys.stderr) or 80) - 6, 20))
        return "".join([f"  {first}\n", *(f"      {line}\n" for line in more)])

    def _divert(self) -> None:
        """What is still in the buffer must not fail once more when the interpreter ends."""
        with contextlib.suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.close(nothing)


def folded(text: str, width: int | None) -> str:
    """In lines that a terminal of ``width`` cells holds, indented but for the first; whole where there is none."""
    return text if width is None else "\n  ".join(wrap(text, max(width - 2, 20)))


def _width(stream: TextIO) -> int | None:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, AttributeError):
        return None
