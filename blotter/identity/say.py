"""Lines for a terminal without a screen. Whatever they quote is made visible first."""

from __future__ import annotations

import os
import sys

from blotter.broker.errors import BrokerError, sentence
from blotter.core.text import show


class Unwritable(Exception):
    """Standard output takes nothing; the message is a sentence."""


def say(text: str = "") -> None:
    """One line on standard output. A reader that went away (``| head``) is no error.

    Raises:
        Unwritable: for another reason, such as a full disk.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(f"{show(text)}\n")
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer must not fail once more when the interpreter ends.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.close(nothing)
        if not isinstance(error, BrokenPipeError):
            raise Unwritable(f"standard output cannot be written: {error.strerror}") from None


def refuse(text: str, *more: str) -> None:
    """A sentence on standard error, and ``more`` lines of ours below it."""
    sys.stderr.write("".join(f"{show(line)}\n" for line in (f"blotter: {text}", *more)))
    sys.stderr.flush()


def failed(error: BrokerError) -> None:
    """What happened and what to do, and the broker's words beside it."""
    refuse(sentence(error) + quoted(error.words))


def quoted(words: str) -> str:
    return f' The broker says: "{words}"' if words else ""
