"""A program that is stopped and goes on, by its shell or behind its back, has its screen, its keys in the order typed,
and the terminal to give back as it found it.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import ScriptedBroker
from tests.terminal.test_ending import fill_the_line, wait_for

ENTER = b"\x1b[?1049h"
LEAVE = b"\x1b[?1049l"
ERASE = "\x15"
ROUNDS = 3

COUNTED = """
import signal, sys, threading
from pathlib import Path

def count(*_):
    names = sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("textual-"))
    Path("threads.new").write_text(" ".join(names))
    Path("threads.new").rename("threads")

signal.signal(signal.SIGUSR1, count)
from blotter.__main__ import main
sys.exit(main())
"""
"""The blotter, and on SIGUSR1 the names of the terminal's threads in a file."""


@contextmanager
def watching(home: Path) -> Iterator[PtySession]:
    """A blotter with its screen drawn, that has to end well when it is left."""
    program = (sys.executable, "-c", COUNTED)
    with ScriptedBroker() as broker, PtySession(home, environment=broker.environment, program=program) as session:
        session.until(drawn)
        yield session


def drawn(screen: str) -> bool:
    return "MSFT" in screen and "quit" in screen.splitlines()[-1]


def drawn_anew(session: PtySession, times: int = 1) -> None:
    """All of it was sent since the program took the terminal this often after its start."""

    def sent_again(_: str) -> bool:
        since = session.raw.split(ENTER)[2:]
        return len(since) >= times and b"MSFT" in since[-1] and b"quit" in since[-1]

    session.until(sent_again)


def stop(session: PtySession, number: signal.Signals = signal.SIGSTOP) -> None:
    session.signal(number)
    wait_for(lambda: is_stopped(session))


def is_stopped(session: PtySession) -> bool:
    return Path(f"/proc/{session.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def threads(session: PtySession) -> list[str]:
    told = session.home / "threads"
    told.unlink(missing_ok=True)
    session.signal(signal.SIGUSR1)
    wait_for(told.exists)
    return told.read_text().split()


def assert_well(session: PtySession) -> None:
    """One reader and one writer, keys in the order typed, and one key to leave."""
    assert threads(session) == ["textual-input", "textual-output"]

    def filter_is_open(screen: str) -> bool:
        session.type("/" + ERASE)  # keys do not count just after a standstill
        return "enter keeps" in screen

    session.until(filter_is_open)
    for key in "abcdefghijklmnop":
        session.type(key)
    session.until(" /abcdefghijklmnop ")
    session.type(ERASE + "\r")
    session.until(drawn)
    session.type("q")
    assert session.exit_code() == 0
    session.assert_restored()


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGTSTP])
def test_it_goes_on_as_before(tmp_path: Path, number: signal.Signals) -> None:
    with watching(tmp_path) as session:
        for times in range(1, ROUNDS + 1):
            stop(session, number)
            session.signal(signal.SIGCONT)
            drawn_anew(session, times)
        assert session.raw.count(LEAVE) == (ROUNDS if number == signal.SIGTSTP else 0)
        assert_well(session)


def test_a_terminal_that_others_used_meanwhile_is_taken_back(tmp_path: Path) -> None:
    with watching(tmp_path) as session:
        stop(session)
        terminal = os.open(f"/proc/{session.pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
        try:
            own = termios.tcgetattr(terminal)
            termios.tcsetattr(terminal, termios.TCSANOW, session.modes_before)
            os.write(terminal, LEAVE + b"\x1b[?25h\x1b[?7h\x1b[H[1]+  Stopped\r\n$ fg\r\n")
            session.until("[1]+  Stopped")
            session.signal(signal.SIGCONT)
            session.until(lambda screen: drawn(screen) and "Stopped" not in screen and "$ fg" not in screen)
            assert termios.tcgetattr(terminal) == own
        finally:
            os.close(terminal)
        drawn_anew(session)
        assert_well(session)


def test_a_terminal_of_another_size_is_filled(tmp_path: Path) -> None:
    with watching(tmp_path) as session:
        stop(session)
        session.resize(100, 30)
        session.signal(signal.SIGCONT)
        session.until(lambda screen: drawn(screen) and len(screen.splitlines()) == 30)
        assert_well(session)


def test_a_second_wish_to_stop_does_not_count(tmp_path: Path) -> None:
    with watching(tmp_path) as session:
        session.signal(signal.SIGTSTP)
        session.until(lambda _: b"\x1b[?2004l" in session.raw)
        stop(session, signal.SIGTSTP)
        session.signal(signal.SIGCONT)
        session.signal(signal.SIGCONT)
        drawn_anew(session)
        assert_well(session)


def test_a_wish_to_stop_that_was_taken_back_is_not_carried_out(tmp_path: Path) -> None:
    with watching(tmp_path) as session:
        session.signal(signal.SIGTSTP)
        session.until(lambda _: b"\x1b[?2004l" in session.raw)
        session.signal(signal.SIGCONT)
        drawn_anew(session)
        assert_well(session)


def test_it_goes_on_while_nobody_reads_the_terminal(tmp_path: Path) -> None:
    with watching(tmp_path) as session:
        session.stall()
        fill_the_line(session)
        stop(session)
        session.signal(signal.SIGCONT)
        session.resume()
        drawn_anew(session)
        assert_well(session)


def test_it_is_told_to_go_on_from_its_start_to_its_end(tmp_path: Path) -> None:
    with ScriptedBroker() as broker, PtySession(tmp_path, environment=broker.environment) as session:
        go_on_until(session, lambda: drawn(session.text))
        session.type("q")
        go_on_until(session, lambda: not session.runs)
        assert session.exit_code() == 0
        session.assert_restored()


def go_on_until(session: PtySession, over: Callable[[], bool]) -> None:
    def told() -> bool:
        session.signal(signal.SIGCONT)
        return over()

    wait_for(told)
