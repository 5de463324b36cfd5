"""A login that loses the right to cancel while it is used, and gets it back, as a trader sees it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.desk.secrets.login import LoginFile, StoredLogin
from blotter.paper.settings import PaperSettings
from tests.identity.browser import at_the_broker, log_in
from tests.identity.home import Home
from tests.paper.serving import Serving, serving
from tests.terminal.pty_session import PtySession

LACKS = "the login lacks order:execution; log in again: blotter login"
NARROW = frozenset(SCOPES) - {EXECUTION}


@pytest.fixture
def broker() -> Iterator[Serving]:
    """One of its own: the newest login is the one that is meant."""
    with serving(PaperSettings(orders=6, rate=0, accounts=1)) as running:
        yield running


@pytest.fixture
def file(home: Home) -> LoginFile:
    return LoginFile(home.logins / "default.json")


def sees(session: PtySession, *texts: str) -> None:
    session.until(lambda screen: all(text in " ".join(screen.split()) for text in texts))


def test_it_is_read_only_from_the_refresh_on_and_no_more_after_a_login(
    home: Home, broker: Serving, file: LoginFile
) -> None:
    file.write(log_in(broker.url))
    with PtySession(home.folder) as session:
        session.until(lambda screen: "OK" in screen and " 6 w" in screen)
        session.type("c")
        session.until("CANCEL ")
        at_the_broker(broker.url, "narrow", "expire")
        session.type("nr")
        sees(session, "READ-ONLY", f"Read-only: {LACKS}")
        session.type("c")
        sees(session, f"cancel: read-only: {LACKS}")
        session.type("K")
        sees(session, f"many: read-only: {LACKS}")
        file.write(log_in(broker.url))
        sees(session, "Cancels can be sent again")
        session.until(lambda screen: "READ-ONLY" not in screen)
        session.type("c")
        session.until("CANCEL ")
        session.type("nq")
        assert session.exit_code() == 0


def test_an_open_question_is_blocked(home: Home, broker: Serving, file: LoginFile) -> None:
    """A login in another terminal is taken up unasked, also one that permits less."""
    file.write(log_in(broker.url))
    with PtySession(home.folder) as session:
        session.until(lambda screen: "OK" in screen and " 6 w" in screen)
        session.type("c")
        session.until("CANCEL ")
        file.write(dataclasses.replace(log_in(broker.url), scopes=NARROW))
        with broker.client() as client:
            before = client.get("/v2/accounts/PAPER-1/orders").json()
        sees(session, LACKS)
        session.type("y")
        session.type("\x1b")
        session.until(lambda screen: "CANCEL " not in screen)
        session.type("q")
        assert session.exit_code() == 0
    with broker.client() as client:
        assert client.get("/v2/accounts/PAPER-1/orders").json() == before


@pytest.mark.parametrize("command", [("cancel", "A1-000412"), ("kill", "--account", "PAPER-1")])
def test_commands_refuse_before_they_ask_anything(
    home: Home, broker: Serving, file: LoginFile, command: tuple[str, ...]
) -> None:
    file.write(dataclasses.replace(log_in(broker.url), scopes=NARROW))
    done = home.run(*command, "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"blotter: nothing is sent: {LACKS}\n"


def test_a_command_whose_refresh_loses_the_right_sends_nothing(home: Home, broker: Serving, file: LoginFile) -> None:
    login: StoredLogin = log_in(broker.url)
    at_the_broker(broker.url, "narrow", "expire")
    now = datetime.now(UTC)
    file.write(dataclasses.replace(login, given=now - timedelta(hours=2), ends=now - timedelta(hours=1)))
    with broker.client() as client:
        before = client.get("/v2/accounts/PAPER-1/orders").json()
    done = home.run("kill", "--account", "PAPER-1", "--yes", "--json")
    assert done.returncode == 4, done.stderr
    outcomes = [each["outcome"] for each in json.loads(done.stdout)]
    assert set(outcomes) == {"not sent"}
    with broker.client() as client:
        assert client.get("/v2/accounts/PAPER-1/orders").json() == before
    assert LACKS in done.stdout + done.stderr


def test_leaving_out_the_right_is_the_users_wish_and_needs_no_login(
    home: Home, file: LoginFile, broker: Serving
) -> None:
    file.write(log_in(broker.url))
    with PtySession(home.folder, ["--read-only"]) as session:
        session.until(lambda screen: "OK" in screen and "READ-ONLY" in screen)
        session.type("c")
        sees(session, "cancel: read-only: this blotter was started without the right to cancel")
        session.type("q")
        assert session.exit_code() == 0
