"""One token through every way in which a run can fail: it is in the requests that carry it, and nowhere else.

All blotters are started at once; most of their time is waiting.
"""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.pkce import SCOPES
from blotter.desk.secrets.login import LoginFile, StoredLogin
from tests.hostile.canary import CANARY, assert_not_in_processes, assert_nowhere
from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import Answer, ScriptedBroker, order, orders

BROKEN = """
import importlib, os, sys
secret = os.environ["BLOTTER_ACCESS_TOKEN"]
module, _, path = sys.argv.pop(1).partition(":")
owner = importlib.import_module(module)
*owners, name = path.split(".")
for part in owners:
    owner = getattr(owner, part)

def broken(*arguments, **named):
    header = "Bearer " + secret
    raise ValueError(header)

setattr(owner, name, broken)
from blotter.__main__ import main
sys.exit(main())
"""
"""The program with a fault in one of its functions, which holds the token in a variable and in its message."""

ECHO = {"error": f"token {CANARY} is bad", "message": f"Bearer {CANARY}", "codes": [{"description": CANARY}]}
ENDED = "internal error"
STOPPED = "the desk has stopped"


@dataclass
class Run:
    """One way to fail: what is broken, which keys are pressed, and what is seen then."""

    seen: str
    broken: str = ""
    keys: str = ""
    code: int = 0
    token: str = CANARY
    signal: int = 0
    reports: int = 0


def echoed(status: int, **headers: str) -> Answer:
    return Answer(status, ECHO, headers)


RUNS = {
    "a crash of the screen": Run(ENDED, "blotter.ui.app:BlotterApp.redraw", code=1, reports=1),
    "a crash of a key": Run(ENDED, "blotter.ui.table.view:View.move", keys="j", code=1, reports=1),
    "a crash of the desk": Run(STOPPED, "blotter.desk.live:Live.run", code=1, reports=1),
    "a crash of the feed": Run(STOPPED, "blotter.desk.feed.watch:Watch.tick", code=1, reports=1),
    "a crash of the broker's parser": Run(STOPPED, "blotter.broker.wire.pages:read_order", code=1, reports=1),
    "a crash of the rules": Run(STOPPED, "blotter.core.book.book:Book.apply", code=1, reports=1),
    "a crash at the start": Run(ENDED, "blotter.config:live", code=1, reports=1),
    "a token with a line break": Run("visible ASCII", token=f"{CANARY}\n{CANARY}", code=2),
    "a token that is no text": Run("visible ASCII", token=f"{CANARY}\udce9", code=2),
    "SIGQUIT": Run("MSFT", signal=signal.SIGQUIT, code=131),
    "SIGSEGV": Run("MSFT", signal=signal.SIGSEGV, code=-signal.SIGSEGV),
}


ANSWERS = {
    "which is not followed": echoed(302, Location=f"http://x/?{CANARY}"),
    "what came is not HTTP": echoed(200, X=f"\x00{CANARY}"),
    "it is a page of HTML": Answer(200, f"<html>{CANARY}</html>"),
    "could not be read: order •••": orders(order("good"), order(CANARY, qty=CANARY, symbol=[CANARY])),
    "Bring a fresh token": echoed(401),
}
"""What the screen says of lists that quote the token. With one that was refused, nothing is asked any more."""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PtySession]]:
    with ExitStack() as stack:
        sessions = {}
        for name, run in RUNS.items():
            broker = stack.enter_context(ScriptedBroker())
            program = (sys.executable, "-c", BROKEN, run.broken) if run.broken else (sys.executable, "-m", "blotter")
            sessions[name] = stack.enter_context(
                PtySession(
                    tmp_path_factory.mktemp("home"),
                    columns=200,
                    environment={**broker.environment, "BLOTTER_ACCESS_TOKEN": run.token},
                    program=program,
                )
            )
        yield sessions


def says(words: str) -> Callable[[str], bool]:
    """The screen, its line breaks aside, says so."""
    return lambda screen: words in " ".join(screen.split())


@pytest.mark.parametrize("name", RUNS)
def test_the_token_is_nowhere(started: dict[str, PtySession], name: str) -> None:
    session, run = started[name], RUNS[name]
    if run.keys:
        session.until("MSFT")
        session.type(run.keys)
    session.until(says(run.seen))
    if session.runs and run.seen != ENDED:
        assert_not_in_processes(session)
        limits = Path(f"/proc/{session.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits)
        if run.signal:
            session.signal(run.signal)
        else:
            session.type("\x11")
    assert session.exit_code() == run.code
    if run.code >= 0:
        session.assert_restored()
    assert_nowhere(session)
    said = session.raw.decode()
    # Told before the screen, to those who come as far.
    comes_so_far = run.code != 2 and run.broken != "blotter.config:live"
    assert said.count("running as root") == (os.geteuid() == 0 and comes_so_far)
    assert "Traceback" not in said
    assert "╭" not in said
    reports = list((session.home / "state" / "blotter" / "crashes").glob("*"))
    assert len(reports) == run.reports
    for report in reports:
        assert stat.S_IMODE(report.stat().st_mode) == 0o600
        assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700
        assert "ValueError" in report.read_text()
        incident = report.stem.rpartition("-")[2]
        [told] = [line for line in said.replace("\r\n", "\n").split("\n") if f"incident {incident}" in line]
        assert told.count("blotter: ") == 1


def test_the_token_is_nowhere_when_the_broker_repeats_it(tmp_path: Path) -> None:
    with ScriptedBroker() as broker:
        environment = {**broker.environment, "BLOTTER_ACCESS_TOKEN": CANARY}
        with PtySession(tmp_path, columns=200, environment=environment) as session:
            session.until("MSFT")
            for seen, answer in ANSWERS.items():
                broker.list = answer
                session.type("rm")  # the history: in three lines the message may be gone before a frame shows it
                session.until(says(seen))
                session.type("m")
            assert_not_in_processes(session)
            session.type("\x11")
            assert session.exit_code() == 0
            assert_nowhere(session)
        assert f"Bearer {CANARY}" in broker.tokens


def test_a_refused_refresh_says_so_and_quotes_nothing(tmp_path: Path) -> None:
    """The login's token has ended, the broker refuses the refresh token, and repeats both in its words."""
    refresh = f"refresh-{CANARY}"
    kept = tmp_path / "state" / "blotter" / "logins" / "default.json"
    refused = Answer(400, {"error": "invalid_grant", "error_description": f"{refresh} of {CANARY} was revoked"})
    now = datetime.now(UTC)
    with ScriptedBroker(token=refused) as broker:
        login = StoredLogin(
            base_url=broker.url,
            client_id="blotter",
            access=Token(CANARY),
            given=now - timedelta(hours=2),
            ends=now - timedelta(hours=1),
            refresh=RefreshToken(refresh),
            refresh_ends=None,
            scopes=frozenset(SCOPES),
        )
        LoginFile(kept).write(login)
        with PtySession(tmp_path, columns=160, environment={"BLOTTER_BASE_URL": broker.url}) as session:
            session.until(says("refused to renew the login"))
            assert_not_in_processes(session)
            session.type("\x11")
            assert session.exit_code() == 0
            assert_nowhere(session, kept)
        assert broker.tokens == {None}
