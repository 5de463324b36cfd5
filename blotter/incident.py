"""The report of a crash: enough for whoever mends it, and nothing of what the program held.

Kinds of errors and places in the code only. Local variables are orders and perhaps a secret, and the message of an
error quotes whatever it failed on: a header with its token, a record, a key that was typed. A list of known secrets to
be blotted out of a message would have to be complete; leaving all messages out is.
"""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from blotter import __version__

PACKAGE = Path(__file__).resolve().parent
PATIENCE = 1.0
"""Seconds for the disk to take a report."""

DEEPEST = 8
"""Errors behind errors that a report follows."""


@dataclass(frozen=True, slots=True)
class Incident:
    """``path`` is where the report was left; ``None`` where it could not be."""

    id: str
    path: Path | None

    def __str__(self) -> str:
        return f"incident {self.id}, {f'report in {self.path}' if self.path else 'no report could be written'}"


def record(error: BaseException, folder: Path) -> Incident:
    """Leave a report of ``error`` in ``folder``, for its owner alone.

    Never raises, and waits for the disk no longer than ``PATIENCE``: whoever calls has worse news to bring.
    """
    name = secrets.token_hex(4)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{name}.txt"
    text = "\n".join(_lines(error, name)) + "\n"
    written = threading.Event()
    writer = threading.Thread(target=_write, args=(path, text, written), name="incident", daemon=True)
    writer.start()
    writer.join(PATIENCE)
    return Incident(name, path if written.is_set() else None)


def place(error: BaseException) -> str:
    """Where in our own code it came from, as ``blotter/desk/live.py:88``; empty for an error from elsewhere."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_ours(frame)]
    return f"{_short(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""


def _write(path: Path, text: str, written: threading.Event) -> None:
    from blotter.desk.secrets.folder import private_folder

    with contextlib.suppress(OSError):
        private_folder(path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        written.set()


def _lines(error: BaseException, name: str) -> Iterator[str]:
    yield f"incident {name}, {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z, thread {threading.current_thread().name}"
    yield f"blotter {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    yield "Messages and variables are left out: they can quote orders and secrets."
    yield from _chain(error, "", DEEPEST)


def _chain(error: BaseException, how: str, left: int) -> Iterator[str]:
    """The error, innermost call last, and then those behind it."""
    yield ""
    yield f"{how}{type(error).__module__}.{type(error).__qualname__}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
    if not left:
        return
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions[:DEEPEST]:
            yield from _chain(inner, "one of: ", left - 1)
    if error.__cause__ is not None:
        yield from _chain(error.__cause__, "because of: ", left - 1)
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _chain(error.__context__, "while handling: ", left - 1)


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(PACKAGE)


def _short(filename: str) -> str:
    """The place within our code or a library, without the folders of this host."""
    path = Path(filename)
    if path.is_relative_to(PACKAGE):
        return str(path.relative_to(PACKAGE.parent))
    return "/".join(path.parts[-3:])
