"""No library logs anything, whoever listens: at its most talkative it writes down what a broker sends back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.pkce import SCOPES
from blotter.desk.secrets.login import LoginFile, StoredLogin
from tests.hostile.canary import CANARY, assert_nowhere
from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import ACCOUNTS, Answer, ScriptedBroker, order, orders

LOGGED = """
import asyncio, logging, sys
path = sys.argv.pop(1)
logging.basicConfig(filename=path, level=1)
logging.getLogger("httpcore").info("somebody listens")
make = asyncio.new_event_loop
def talkative():
    loop = make()
    loop.set_debug(True)
    return loop
asyncio.new_event_loop = asyncio.events.new_event_loop = talkative
from blotter.__main__ import main
sys.exit(main())
"""
"""The program under somebody who wants to hear everything that any library can say."""

ECHO = {"X-Echo": f"Bearer {CANARY}", "Set-Cookie": f"t={CANARY}"}
REFUSED = Answer(401, {"error": f"Bearer {CANARY} is bad"}, ECHO)


def logged_in(home: Path, url: str) -> dict[str, str]:
    """By a login whose token has ended, and whose refresh is refused."""
    then = datetime.now(UTC) - timedelta(hours=2)
    login = StoredLogin(url, "blotter", Token(CANARY), then, then, RefreshToken(f"r-{CANARY}"), None, frozenset(SCOPES))
    LoginFile(home / "state" / "blotter" / "logins" / "default.json").write(login)
    return {"BLOTTER_BASE_URL": url}


def with_a_token(_home: Path, url: str) -> dict[str, str]:
    return {"BLOTTER_BASE_URL": url, "BLOTTER_ACCESS_TOKEN": CANARY}


@pytest.mark.parametrize(("given", "seen"), [(with_a_token, "MSFT"), (logged_in, "LOGGED OUT")], ids=["token", "login"])
def test_nothing_is_logged(tmp_path: Path, given: Callable[[Path, str], dict[str, str]], seen: str) -> None:
    log = tmp_path / "log"
    answers = {
        "accounts": replace(ACCOUNTS, headers=ECHO),
        "list": replace(orders(order()), headers=ECHO),
        "cancel": REFUSED,
        "token": Answer(400, {"error": "invalid_grant", "error_description": CANARY}, ECHO),
    }
    with ScriptedBroker(**answers) as broker:
        environment = given(tmp_path, broker.url)
        program = (sys.executable, "-c", LOGGED, str(log))
        with PtySession(tmp_path, columns=120, environment=environment, program=program) as session:
            session.until(seen)
            session.type("q")
            assert session.exit_code() == 0
            assert_nowhere(session, tmp_path / "state" / "blotter" / "logins" / "default.json")
    assert log.read_text() == "INFO:httpcore:somebody listens\n"
