"""Leaving while the login is being renewed: the answer is worth waiting for, and nothing waits for ever."""

from __future__ import annotations

import contextlib
import fcntl
import json
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.pkce import SCOPES
from blotter.desk.secrets.login import LoginFile, StoredLogin
from tests.terminal.pty_session import PtySession

WAYS: dict[str | signal.Signals, int] = {"q": 0, signal.SIGTERM: 143, signal.SIGHUP: 129}
"""How a run is left, and the exit code."""

SOON = 8.0
"""Seconds: three are promised for what is in flight, the rest is for a loaded machine. The request alone takes ten."""

RENEWED = {"access_token": "canary-renewed", "refresh_token": "canary-rotated", "expires_in": 3600}


class Port:
    """A broker of which only the token endpoint is ever asked; ``talk`` is what it does with a request."""

    def __init__(self, listener: socket.socket, talk: Callable[[Port, socket.socket], None]) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.asked = threading.Semaphore(0)
        self.over = threading.Event()
        self.answer = threading.Event()
        self._talk = talk

    def serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            self.asked.release()
            self._talk(self, connection)


def says_nothing(port: Port, connection: socket.socket) -> None:
    port.over.wait()


def resets(port: Port, connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drips(port: Port, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    while not port.over.wait(0.2):
        connection.sendall(b" ")


def answers_when_told(port: Port, connection: socket.socket) -> None:
    port.answer.wait()
    body = json.dumps(RENEWED).encode()
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


@contextmanager
def broker(talk: Callable[[Port, socket.socket], None]) -> Iterator[Port]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = Port(listener, talk)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=port.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield port
        finally:
            port.over.set()
            port.answer.set()
            listener.shutdown(socket.SHUT_RDWR)


def logged_in(home: Path, url: str) -> LoginFile:
    """A login whose access token has ended: before anything else it is to be renewed."""
    ended = datetime.now(UTC) - timedelta(hours=1)
    file = LoginFile(home / "state" / "blotter" / "logins" / "default.json")
    given, scopes = ended - timedelta(hours=1), frozenset(SCOPES)
    refresh = RefreshToken("canary-refresh")
    file.write(StoredLogin(url, "blotter", Token("canary-access"), given, ended, refresh, None, scopes))
    return file


def started(stack: ExitStack, url: str, *homes: Path) -> list[PtySession]:
    sessions = [stack.enter_context(PtySession(home, environment={"BLOTTER_BASE_URL": url})) for home in homes]
    for session in sessions:
        session.until(lambda screen: "quit" in screen.splitlines()[-1])
    return sessions


def leave(session: PtySession, way: str | signal.Signals) -> None:
    if isinstance(way, signal.Signals):
        session.signal(way)
    else:
        session.type(way)


def refresh_token(file: LoginFile) -> str:
    stored = file.read()
    assert stored is not None
    assert stored.refresh is not None
    return stored.refresh.reveal()


def assert_nothing_left(session: PtySession, file: LoginFile, *, held: bool = False) -> None:
    """The terminal is the shell's, the login is whole, its lock is free, and no half-written file is beside them."""
    session.assert_restored()
    assert "canary" not in session.raw.decode()
    lock = file.path.with_suffix(".lock")
    assert {each.name for each in file.path.parent.iterdir()} == {file.path.name, lock.name}
    if not held:
        with lock.open() as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("talk", [says_nothing, resets, drips], ids=lambda talk: talk.__name__)
def test_a_refresh_that_hangs_holds_nobody_up(tmp_path: Path, talk: Callable[[Port, socket.socket], None]) -> None:
    with broker(talk) as port, ExitStack() as stack:
        homes = {way: tmp_path / str(way) for way in WAYS}
        files = {way: logged_in(homes[way], port.url) for way in WAYS}
        sessions = dict(zip(WAYS, started(stack, port.url, *homes.values()), strict=True))
        for _ in WAYS:
            assert port.asked.acquire(timeout=SOON)
        for way, session in sessions.items():
            leave(session, way)
        for way, session in sessions.items():
            assert session.exit_code(SOON) == WAYS[way]
            assert_nothing_left(session, files[way])
            assert refresh_token(files[way]) == "canary-refresh"


def test_a_blotter_that_hangs_with_the_logins_lock_holds_nobody_up(tmp_path: Path) -> None:
    """It has asked the broker nothing yet, so there is nothing to wait for."""
    with broker(says_nothing) as port, ExitStack() as stack:
        homes = {way: tmp_path / str(way) for way in WAYS}
        files = {way: logged_in(homes[way], port.url) for way in WAYS}
        for file in files.values():
            lock = stack.enter_context(file.path.with_suffix(".lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        sessions = dict(zip(WAYS, started(stack, port.url, *homes.values()), strict=True))
        for way, session in sessions.items():
            leave(session, way)
        for way, session in sessions.items():
            assert session.exit_code(SOON) == WAYS[way]
            assert_nothing_left(session, files[way], held=True)
        assert not port.asked.acquire(blocking=False)


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_comes_in_time_is_kept(tmp_path: Path, way: str | signal.Signals) -> None:
    """A refresh token that rotates is worth nothing once it was shown: without the answer the login would be lost."""
    with broker(answers_when_told) as port, ExitStack() as stack:
        file = logged_in(tmp_path, port.url)
        [session] = started(stack, port.url, tmp_path)
        assert port.asked.acquire(timeout=SOON)
        leave(session, way)
        # The broker takes longer than the blotter needs to end of itself, and less than it is granted.
        threading.Timer(1.5, port.answer.set).start()
        assert session.exit_code(SOON) == WAYS[way]
        assert refresh_token(file) == "canary-rotated"
        assert_nothing_left(session, file)
