"""Where a run gets its token from, and the logins that it must not use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.config import ConfigError, Settings, live
from blotter.config.tokens import login_file
from blotter.desk.secrets.login import StoredLogin
from blotter.desk.secrets.tokens import LoginTokens

BASE = "https://broker.example"
NOW = datetime.now(UTC)
LOGIN = StoredLogin(
    base_url=BASE,
    client_id="blotter",
    access=Token("stored-token"),
    given=NOW,
    ends=NOW + timedelta(hours=1),
    refresh=RefreshToken("stored-refresh"),
    refresh_ends=NOW + timedelta(days=30),
    scopes=frozenset(SCOPES),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'base_url = "{BASE}"\nclient_id = "blotter"\n[profiles.sim]\nbase_url = "{BASE}"\n')
    return path


def load(
    file: Path, *, secret: str = "", environ: dict[str, str] | None = None, profile: str | None = None
) -> Settings:
    return live({"profile": profile}, environ or {}, file, secret, file.parent / "logins")


def store(file: Path, login: StoredLogin, profile: str = "default") -> Path:
    kept = login_file(file.parent / "logins", profile)
    kept.write(login)
    return kept.path


async def _current(settings: Settings) -> Token:
    return await settings.token.current()


def token_of(settings: Settings) -> str:
    return asyncio.run(_current(settings)).reveal()


def test_the_environment_wins_over_a_file_and_that_over_a_login(file: Path) -> None:
    store(file, LOGIN)
    assert token_of(load(file)) == "stored-token"
    held = file.parent / "token"
    held.write_text("file-token\n")
    held.chmod(0o600)
    environ = {"BLOTTER_ACCESS_TOKEN_FILE": str(held)}
    assert token_of(load(file, environ=environ)) == "file-token"
    assert token_of(load(file, environ=environ, secret="env-token")) == "env-token"


def test_a_profile_names_its_token_file_beside_the_config(file: Path) -> None:
    file.write_text(f'base_url = "{BASE}"\naccess_token_file = "token"\n')
    with pytest.raises(ConfigError, match="token is not there"):
        load(file)
    (file.parent / "token").touch(0o600)
    with pytest.raises(ConfigError, match="token: the access token is empty"):
        load(file)
    (file.parent / "token").write_text("file-token")
    assert token_of(load(file)) == "file-token"
    (file.parent / "token").chmod(0o640)
    with pytest.raises(ConfigError, match=r"open to others \(mode 0640\): chmod 600 "):
        load(file)


def test_every_profile_has_a_login_of_its_own(file: Path) -> None:
    store(file, LOGIN)
    assert isinstance(load(file).token, LoginTokens)
    with pytest.raises(ConfigError, match=r"or log in: blotter login --profile sim$"):
        load(file, profile="sim")


BAD: dict[str, tuple[Callable[[StoredLogin], StoredLogin], str]] = {
    "another broker": (lambda login: replace(login, base_url="https://other.example"), "logged in at other.example"),
    "another client": (lambda login: replace(login, client_id="other"), "as another client"),
    "ended": (
        lambda login: replace(login, ends=NOW - timedelta(1), refresh_ends=NOW - timedelta(hours=1)),
        "ended at 20",
    ),
    "ended for good": (lambda login: replace(login, ends=NOW - timedelta(1), refresh=None), "ended at 20"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_login_that_cannot_serve_is_refused_at_the_start(file: Path, kind: str) -> None:
    change, said = BAD[kind]
    store(file, change(LOGIN))
    with pytest.raises(ConfigError, match=f"{said}.*; log in again: blotter login$"):
        load(file)


def test_a_login_without_execution_says_why_nothing_can_be_canceled(file: Path) -> None:
    store(file, replace(LOGIN, scopes=frozenset(SCOPES) - {EXECUTION}))
    settings = load(file)
    assert settings.token.why_not_cancel == "the login lacks order:execution; log in again: blotter login"
    assert load(file, secret="env-token").token.why_not_cancel == ""


def test_a_damaged_login_is_refused_without_quoting_it(file: Path) -> None:
    path = store(file, LOGIN)
    path.write_text(path.read_text().replace("stored-token", "stored token"))
    with pytest.raises(ConfigError, match="is not a login of this program: rm ") as error:
        load(file)
    assert "stored token" not in str(error.value)
