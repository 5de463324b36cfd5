"""A token that must turn up nowhere, and where it is looked for."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.terminal.pty_session import PtySession

CANARY = "canary-8c1f04d7b2e95a63"
FORMS = (CANARY.encode(), base64.b64encode(CANARY.encode()).rstrip(b"="), CANARY.encode().hex().encode())


def processes(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    with contextlib.suppress(FileNotFoundError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from processes(int(child))


def assert_not_in_processes(session: PtySession) -> None:
    """Neither in the arguments nor in the environment of the program and its children, as the system shows them."""
    for pid in processes(session.pid):
        for name in ("cmdline", "environ"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                assert_clean(Path(f"/proc/{pid}/{name}").read_bytes(), f"{name} of {pid}")


def assert_nowhere(session: PtySession, *kept: Path) -> None:
    """Not on the terminal, and in no file of the home folder, where the journal, the reports and a core would be.

    ``kept`` are the files that are there to hold it.
    """
    assert_clean(session.raw, "the terminal")
    for path in session.home.rglob("*"):
        if path.is_file() and path not in kept:
            assert_clean(path.read_bytes(), str(path))
        assert not path.name.startswith("core"), path


def assert_clean(data: bytes, where: str) -> None:
    for form in FORMS:
        assert form not in data, where
