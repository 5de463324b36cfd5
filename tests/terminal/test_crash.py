"""A fault of ours: one line, no traceback, no local variable, the terminal as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession

BROKEN = """
import sys
from blotter.ui.app import BlotterApp

def broken(self, *arguments, **named):
    canary = "canary-local"
    raise ValueError("canary-message" + canary)

setattr(BlotterApp, sys.argv.pop(1), broken)
from blotter.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("method", "keys"),
    [("relist", "r"), ("on_mount", ""), ("compose", ""), ("__init__", "")],
)
def test_an_error_of_ours_is_one_line(tmp_path: Path, method: str, keys: str) -> None:
    program = (sys.executable, "-c", BROKEN, method)
    with PtySession(tmp_path, ["--paper"], program=program) as session:
        if keys:
            session.until(" quit")
            session.type(keys)
        assert session.exit_code() == 1
        session.assert_restored()
        said = session.raw.decode()
    last = said.rstrip().splitlines()[-1]
    assert "blotter: internal error, the blotter has ended: ValueError" in last
    assert method != "__init__" or "\x1b[?1049" not in said
    for secret in ("Traceback", "canary", "╭"):
        assert secret not in said


DEAF = """
import sys
from textual.drivers.linux_driver import LinuxDriver

def broken(self):
    canary = "canary-local"
    raise RuntimeError("canary-message" + canary)

LinuxDriver.run_input_thread = broken
from blotter.__main__ import main
sys.exit(main())
"""


def test_an_error_while_the_terminal_is_read_is_one_line(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"], program=(sys.executable, "-c", DEAF)) as session:
        assert session.exit_code() == 1
        session.assert_restored()
        said = session.raw.decode()
    assert "blotter: internal error, the blotter has ended: RuntimeError" in said
    assert "canary" not in said


DEAD_DESK = """
import sys
from blotter.desk.live import Live

async def broken(self, *arguments, **named):
    raise ValueError("canary-message")

Live.run = broken
from blotter.__main__ import main
sys.exit(main())
"""


def test_a_desk_that_died_is_said_on_the_screen_and_at_the_end(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"], program=(sys.executable, "-c", DEAD_DESK)) as session:
        session.until("OFFLINE")
        session.until("the desk has stopped")
        session.type("q")
        assert session.exit_code() == 1
        session.assert_restored()
        said = session.raw.decode()
    last = said.rstrip().splitlines()[-1]
    assert "ValueError" in last
    assert last.endswith("what was sent is in the journal")
    assert "Traceback" not in said
    assert "canary" not in said
