"""A fault of ours, in one line: a traceback with local variables on a terminal shows orders, and perhaps a secret."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent


def sentence(error: BaseException) -> str:
    """What kind of error, and where in our own code. Its message is left out: nobody knows what it quotes."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(HERE)]
    where = f" in {Path(frames[-1].filename).relative_to(HERE.parent)}:{frames[-1].lineno}" if frames else ""
    return f"internal error, the blotter has ended: {type(error).__name__}{where}"


def hush() -> None:
    """Keep Python's own reports of errors off the terminal: the screen is drawn there."""
    logging.lastResort = None
    logging.raiseExceptions = False
    sys.unraisablehook = lambda _unraisable: None
    threading.excepthook = lambda _arguments: None
