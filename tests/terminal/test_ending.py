"""However the blotter ends, it ends soon, gives the terminal back, and leaves no process behind."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.terminal.pty_session import DEADLINE, PtySession
from tests.terminal.scripted_broker import TOKEN, ScriptedBroker

QUIT_KEYS = {"q": "q", "ctrl+q": "\x11", "ctrl+c": "\x03"}
WITHIN = 1.0
"""Seconds that quitting may take."""

SIGNALS = {signal.SIGTERM: 143, signal.SIGHUP: 129}


@contextmanager
def answering() -> Iterator[dict[str, str]]:
    with ScriptedBroker() as broker:
        yield broker.environment


@contextmanager
def hanging() -> Iterator[dict[str, str]]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield _at(listener.getsockname()[1])


@contextmanager
def refusing() -> Iterator[dict[str, str]]:
    """A port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield _at(bound.getsockname()[1])


def _at(port: int) -> dict[str, str]:
    return {"BLOTTER_BASE_URL": f"http://127.0.0.1:{port}", "BLOTTER_ACCESS_TOKEN": TOKEN}


def drawn(screen: str) -> bool:
    """The footer is there, so the screen is."""
    return "quit" in screen.splitlines()[-1]


def practice_broker_of(parent: int) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def gone(pid: int) -> bool:
    """No such process, or one that has only its exit code left."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("key", QUIT_KEYS)
@pytest.mark.parametrize("network", [answering, hanging, refusing], ids=lambda network: network.__name__)
def test_quitting_is_quick_whatever_the_network_does(
    tmp_path: Path, network: Callable[[], AbstractContextManager[dict[str, str]]], key: str
) -> None:
    with network() as environment, PtySession(tmp_path, environment=environment) as session:
        session.until(drawn)
        session.type(QUIT_KEYS[key])
        begun = time.monotonic()
        assert session.exit_code() == 0
        assert time.monotonic() - begun < WITHIN
        session.assert_restored()
        assert not (tmp_path / "state").exists() or not list((tmp_path / "state").rglob("*.jsonl"))


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        session.until(drawn)
        child = practice_broker_of(session.pid)
        session.signal(number)
        assert session.exit_code() == SIGNALS[number]
        session.assert_restored()
        wait_for(lambda: gone(child))


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_while_nobody_reads_the_terminal(tmp_path: Path, number: signal.Signals) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        session.until(drawn)
        session.stall()
        fill_the_line(session)
        session.signal(number)
        assert session.exit_code(6) == SIGNALS[number]
        session.resume()
        session.assert_restored()


def fill_the_line(session: PtySession, key: str = "r") -> None:
    """Make it draw far more whole screens than its queue and the line hold, so that its loop is stuck in a write.

    A line that is full counts no further, so that it does not tell: a loop that is stuck does, as keys cost it nothing.
    """
    rounds_at_rest = 0
    for _ in range(60):
        before = session.processor_time()
        for _ in range(40):
            session.type(key)
            time.sleep(0.01)
        rounds_at_rest = rounds_at_rest + 1 if session.processor_time() - before <= 0.04 else 0
        if rounds_at_rest == 3 and session.unread():
            return
    raise AssertionError("still drawing")


def test_an_ignored_hangup_is_heard_again(tmp_path: Path) -> None:
    """As under ``nohup``."""
    program = ("/bin/sh", "-c", f"trap '' HUP; exec {sys.executable} -m blotter --paper")
    with PtySession(tmp_path, program=program) as session:
        session.until(drawn)
        session.signal(signal.SIGHUP)
        assert session.exit_code() == 129


def test_an_interrupt_from_outside_is_a_quit(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        session.until(drawn)
        session.signal(signal.SIGINT)
        assert session.exit_code() == 0
        session.assert_restored()


def test_a_terminal_that_vanishes_ends_it(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        session.until(drawn)
        child = practice_broker_of(session.pid)
        session.close_pty()
        assert session.exit_code(6) == 129
        wait_for(lambda: gone(child))


def test_nothing_is_left_after_a_kill(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        session.until(drawn)
        child = practice_broker_of(session.pid)
        session.signal(signal.SIGKILL)
        assert session.exit_code() == -signal.SIGKILL
        wait_for(lambda: gone(child))
