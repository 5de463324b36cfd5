"""``blotter login`` as a trader uses it: a terminal here, a browser elsewhere."""

from __future__ import annotations

import re
import signal
import socket
import stat
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from blotter.paper.logins import CLIENT_SECRET
from tests.identity.browser import address_in, code_in, say
from tests.identity.home import Home
from tests.paper.serving import Serving

PROMPT = "Paste the whole address"
ALL = "account:information order:execution order:information"


def test_a_pasted_address_logs_in_and_is_never_shown(home: Home) -> None:
    with home.terminal("login") as terminal:
        back = say(address_in(terminal.until(PROMPT)))
        terminal.type(back + "\r")
        terminal.until("Logged in at 127.0.0.1:")
        assert terminal.exit_code() == 0
        terminal.assert_restored()
        screen = terminal.text
    assert f"scopes  {ALL}" in screen
    assert re.search(r"token   ends 20..-..-.. ..:..:..Z, renewed by itself until 20", screen)
    stored = home.stored()
    shown = terminal.raw.decode()
    for secret in (code_in(back), back, stored["access_token"], stored["refresh_token"]):
        assert secret not in shown
        assert secret not in home.everything()
    path = home.logins / "default.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.logins.stat().st_mode) == 0o700


def test_a_slip_is_told_and_mended_and_corrections_work(home: Home) -> None:
    with home.terminal("login") as terminal:
        address = address_in(terminal.until(PROMPT))
        terminal.type("https://elsewhere.example/?code=1&state=2\r")
        terminal.until("Not usable: that is not the address that the login leads back to.")
        code = code_in(say(address))
        terminal.type(f"rubbish\x15{code}x\x7f\r")
        terminal.until("Logged in at")
        assert terminal.exit_code() == 0


def test_a_paste_of_two_lines_leaves_nothing_for_the_shell(home: Home) -> None:
    with home.terminal("login") as terminal:
        code = code_in(say(address_in(terminal.until(PROMPT))))
        terminal.type(f"{code}\recho leaked\r")
        terminal.until("Logged in at")
        assert terminal.exit_code() == 0
        assert terminal.unread() == 0
        assert "leaked" not in terminal.text


def test_an_address_of_another_attempt_is_refused(home: Home) -> None:
    with home.terminal("login") as terminal:
        back = say(address_in(terminal.until(PROMPT)))
        for count in range(1, 4):
            terminal.until(partial(_asked, count))
            terminal.type(back.replace("state=", "state=x") + "\r")
        terminal.until("not logged in: it is not the answer to this login (the state differs)")
        assert terminal.exit_code() == 1
        terminal.assert_restored()
    assert not home.logins.joinpath("default.json").exists()


def _asked(times: int, screen: str) -> bool:
    return screen.count(PROMPT) == times


def test_a_no_at_the_broker_is_a_no(home: Home) -> None:
    with home.terminal("login") as terminal:
        terminal.type(say(address_in(terminal.until(PROMPT)), "no") + "\r")
        terminal.until('the broker did not allow it. The broker says: "access_denied: the user said no"')
        assert terminal.exit_code() == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_at_the_prompt_gives_the_echo_back(home: Home, number: int, code: int) -> None:
    with home.terminal("login") as terminal:
        terminal.until(PROMPT)
        terminal.signal(number)
        assert terminal.exit_code() == code
        terminal.assert_restored()


def test_a_code_is_taken_from_a_pipe(home: Home) -> None:
    """One try: whoever pipes cannot know the code of an attempt that has not begun."""
    done = home.run("login", pasted="made-up-code\n")
    assert done.returncode == 1
    assert "was refused by 127.0.0.1" in done.stderr
    assert 'The broker says: "invalid_grant: the code is unknown or has expired"' in done.stderr
    assert "Log in again: blotter login." in done.stderr
    assert done.stdout.count(PROMPT) == 1
    assert "made-up-code" not in done.stdout + done.stderr


@pytest.mark.parametrize("leave_out", ["", "order:execution"])
def test_without_the_right_to_cancel_it_says_read_only(home: Home, leave_out: str) -> None:
    """Whether the user did not ask for it or the broker did not give it."""
    with home.terminal("login", *(() if leave_out else ("--read-only",))) as terminal:
        terminal.type(say(address_in(terminal.until(PROMPT)), without=leave_out) + "\r")
        screen = terminal.until("token   ends")
    assert "scopes  account:information order:information" in screen
    assert "without order:execution: the blotter will be read-only" in screen


def test_a_secret_comes_from_a_file_or_a_prompt_and_is_not_kept(home: Home) -> None:
    with home.terminal("login", "--ask-secret") as terminal:
        terminal.type(say(address_in(terminal.until(PROMPT))) + "\r")
        terminal.until("The client's secret (not shown):")
        terminal.type(CLIENT_SECRET + "\r")
        terminal.until("Logged in at")
    assert CLIENT_SECRET not in terminal.raw.decode() + (home.logins / "default.json").read_text()
    home.add('client_secret_file = "secret"\n')
    secret = home.config.parent / "secret"
    secret.touch(0o644)
    secret.write_text(CLIENT_SECRET)
    refused = home.run("login")
    assert refused.returncode == 2
    assert refused.stderr == f"blotter: {secret} is open to others (mode 0644): chmod 600 {secret}\n"
    secret.chmod(0o600)
    with home.terminal("login") as terminal:
        terminal.type(say(address_in(terminal.until(PROMPT))) + "\r")
        terminal.until("Logged in at")


def test_what_a_login_lacks_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    home = Home(tmp_path, "https://broker.example", 'base_url = "{url}"\n')
    done = home.run("login")
    assert done.returncode == 2
    assert done.stderr == (
        f"blotter: {home.config}: the profile 'default' lacks client_id and authorize_url and redirect_uri,"
        " which a login needs\n"
    )


def test_profiles_log_in_apart(home: Home, broker: Serving) -> None:
    home.add(f'[profiles.sim]\nbase_url = "{broker.url}"\nclient_id = "s"\nredirect_uri = "https://localhost/s"\n')
    with home.terminal("login", "--profile", "sim") as terminal:
        terminal.type(say(address_in(terminal.until(PROMPT))) + "\r")
        terminal.until("profile sim.")
    assert home.stored("sim")["client_id"] == "s"
    assert not (home.logins / "default.json").exists()


def test_a_token_in_the_environment_is_said_to_win(home: Home) -> None:
    with home.terminal("login", environment={"BLOTTER_ACCESS_TOKEN": "canary-91c4"}) as terminal:
        terminal.type(say(address_in(terminal.until(PROMPT))) + "\r")
        terminal.until("BLOTTER_ACCESS_TOKEN is set here, and is used instead of this login")
    assert "canary" not in terminal.raw.decode()


def test_the_listener_waits_past_strangers_for_the_right_answer(home: Home) -> None:
    with home.terminal("login", "--listen") as terminal:
        screen = terminal.until(lambda text: "/oauth2/authorize" in text and "Listening on 127.0.0.1:" in text)
        back = say(address_in(screen))
        parts = urlsplit(back)
        assert parts.hostname == "127.0.0.1"
        assert len(parts.path) > 20
        assert f"ssh -N -L {parts.port}:127.0.0.1:{parts.port} THIS-HOST" in screen
        slow = socket.create_connection(("127.0.0.1", parts.port or 0))
        slow.sendall(b"GET /")
        with httpx.Client(trust_env=False, verify=False) as stranger:
            base = f"http://127.0.0.1:{parts.port}"
            assert stranger.get(base).status_code == 404
            assert stranger.get(f"{base}{parts.path}?code=forged&state=wrong").status_code == 400
            assert stranger.get(f"{base}{parts.path}?error=access_denied&state=wrong").status_code == 400
            assert stranger.post(back).status_code == 404
            assert stranger.get(back, headers={"Host": "evil.example"}).status_code == 404
            assert terminal.runs
            answer = stranger.get(back)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        terminal.until("Logged in at")
        assert terminal.exit_code() == 0
        slow.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", parts.port or 0))


def test_the_listener_keeps_to_a_registered_address(tmp_path: Path, broker: Serving) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        profile = f'base_url = "{{url}}"\nclient_id = "b"\nredirect_uri = "http://127.0.0.1:{port}/back"\n'
        home = Home(tmp_path, broker.url, profile)
        assert "cannot listen at the redirect URI: Address already in use" in home.run("login", "--listen").stderr
    with home.terminal("login", "--listen") as terminal:
        back = say(address_in(terminal.until("/oauth2/authorize")))
        assert back.startswith(f"http://127.0.0.1:{port}/back?")
        httpx.get(back, trust_env=False)
        terminal.until("Logged in at")


def test_a_no_that_comes_to_the_listener_ends_it(home: Home) -> None:
    with home.terminal("login", "--listen") as terminal:
        address = address_in(terminal.until("/oauth2/authorize"))
        httpx.get(say(address, "no"), trust_env=False)
        terminal.until("the broker did not allow it")
        assert terminal.exit_code() == 1
