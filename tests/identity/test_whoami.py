"""``blotter whoami`` and ``blotter logout``."""

from __future__ import annotations

from pathlib import Path

import pytest

from blotter.desk.secrets.login import LoginFile
from tests.broker.http_server import closed_port
from tests.identity.browser import log_in
from tests.identity.home import Home
from tests.paper.serving import Serving

ACCOUNTS = 'accounts = ["PAPER-2", { id = "PAPER-1", nickname = "main", view_only = true }, "PAPER-9"]\n'


@pytest.fixture
def logged_in(home: Home, broker: Serving) -> Home:
    home.add(ACCOUNTS)
    LoginFile(home.logins / "default.json").write(log_in(broker.url))
    return home


def test_it_says_who_where_and_until_when_and_never_the_token(logged_in: Home) -> None:
    done = logged_in.run("whoami")
    stored = logged_in.stored()
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "profile   default"
    assert lines[1] == f"broker    {stored['base_url']}"
    assert lines[2] == f"token     from {logged_in.logins / 'default.json'}"
    assert "renewed by itself until 20" in lines[3]
    assert lines[4] == "client    blotter"
    assert lines[5] == "scopes    account:information order:execution order:information"
    assert lines[6:] == [
        "accounts  PAPER-2  PRACTICE, OPEN",
        "          PAPER-1  main, PRACTICE, OPEN, view only",
        "          PAPER-9  LIVE, the broker does not name it",
        "          not shown by this profile: PAPER-3",
    ]
    assert stored["access_token"] not in done.stdout
    assert stored["refresh_token"] not in done.stdout


def test_a_token_of_the_environment_is_named_and_not_shown(home: Home, broker: Serving) -> None:
    done = home.run("whoami", environ={"BLOTTER_ACCESS_TOKEN": broker.token})
    assert done.returncode == 0
    assert "token     from BLOTTER_ACCESS_TOKEN\n" in done.stdout
    assert "accounts  PAPER-1  PRACTICE, OPEN" in done.stdout
    assert broker.token not in done.stdout + done.stderr


def test_a_broker_that_does_not_answer_or_refuses(home: Home) -> None:
    refused = home.run("whoami", environ={"BLOTTER_ACCESS_TOKEN": "canary-4410"})
    assert refused.returncode == 1
    assert "The token was refused by 127.0.0.1:" in refused.stderr
    environ = {"BLOTTER_ACCESS_TOKEN": "canary-4410", "BLOTTER_BASE_URL": f"http://127.0.0.1:{closed_port()}"}
    silent = home.run("whoami", environ=environ)
    assert silent.returncode == 1
    assert "The list of accounts did not leave for 127.0.0.1:" in silent.stderr
    assert "canary" not in refused.stdout + refused.stderr + silent.stdout + silent.stderr


def test_who_logged_out_is_nobody(logged_in: Home) -> None:
    assert "Forgot the login of profile default." in logged_in.run("logout").stdout
    assert not (logged_in.logins / "default.json").exists()
    nobody = logged_in.run("whoami")
    assert nobody.returncode == 1
    assert nobody.stderr.endswith("or log in: blotter login\n")
    again = logged_in.run("logout")
    assert (again.returncode, again.stdout) == (0, "Nobody was logged in, profile default.\n")


def test_a_login_of_a_profile_that_is_gone_from_the_file_can_be_forgotten(logged_in: Home) -> None:
    (logged_in.logins / "default.json").rename(logged_in.logins / "old.json")
    assert logged_in.run("logout", "--profile", "old").returncode == 0
    assert not (logged_in.logins / "old.json").exists()
    outside = logged_in.run("logout", "--profile", "../x")
    assert outside.returncode == 2
    assert outside.stderr == "blotter: --profile: '../x' is no name of a profile\n"


def test_a_login_that_others_could_read_is_refused_with_what_mends_it(logged_in: Home) -> None:
    path: Path = logged_in.logins / "default.json"
    path.chmod(0o640)
    for command in ("whoami", "login"):
        done = logged_in.run(command)
        assert f"blotter: {path} is open to others (mode 0640): chmod 600 {path}" in done.stderr
        assert done.returncode in (1, 2)
