"""A fault of ours, in one line: a traceback with local variables on a terminal shows orders, and perhaps a secret."""

from __future__ import annotations

import logging
import sys
import threading

from blotter import incident, paths
from blotter.core.text import show


def told(error: BaseException) -> str:
    """What kind of error, where in our own code, and where its report is. Its message is left out: nobody knows what
    it quotes. Each call is one incident with one report.
    """
    where = incident.place(error)
    return show(f"{type(error).__name__}{f' in {where}' if where else ''} ({incident.record(error, paths.crashes())})")


def last_word(error: BaseException) -> int:
    """Say that the blotter ends of ``error``; returns its exit code."""
    sys.stderr.write(f"blotter: internal error, the blotter has ended: {told(error)}\n")
    sys.stderr.flush()
    return 1


def hush() -> None:
    """Keep Python's own reports of errors off the terminal, where the screen is drawn, and silence every log.

    We write none; those of the libraries quote what a broker said, which may be the token that it was shown.
    """
    logging.disable()
    sys.unraisablehook = lambda _unraisable: None
    threading.excepthook = lambda _arguments: None
