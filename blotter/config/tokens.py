"""Where a run gets its access token from: the environment before a file before the login of the profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from blotter.broker.auth import ClientSecret, Token, Tokens
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.urls import host_and_port
from blotter.config.errors import ConfigError
from blotter.config.settings import Place
from blotter.desk.clock import SystemClock
from blotter.desk.secrets.login import LoginFile, StoredLogin
from blotter.desk.secrets.private_file import UnsafeFile
from blotter.desk.secrets.token_file import FileTokens, read_secret, read_token
from blotter.desk.secrets.tokens import LoginTokens
from blotter.environment import TOKEN_VARIABLE


@dataclass(frozen=True, slots=True)
class Found:
    """``login`` is what is kept of it, where the token comes from a login; ``source`` says in words where that is."""

    tokens: Tokens
    source: str
    login: StoredLogin | None = None


def find(place: Place, secret: str, logins: Path | None) -> Found:
    """``secret`` is the token from the environment, or empty; ``logins`` the folder in which logins are kept.

    Raises :class:`ConfigError` where there is no token, or the one there is must not be used.
    """
    if secret:
        try:
            return Found(Token(secret), TOKEN_VARIABLE)
        except ValueError as error:
            raise ConfigError(f"{TOKEN_VARIABLE}: {error}") from None
    try:
        if place.access_token_file is not None:
            path = place.access_token_file
            return Found(FileTokens(path, read_token(path)), str(path))
        file = None if logins is None else login_file(logins, place.profile)
        login = file.read() if file is not None else None
    except UnsafeFile as error:
        raise ConfigError(str(error)) from None
    if file is None or login is None:
        raise ConfigError(f"no access token: set {TOKEN_VARIABLE}, or log in: {place.login_command}")
    if problem := unfit(login, place):
        raise ConfigError(f"{problem}; log in again: {place.login_command}")
    tokens = LoginTokens(
        file,
        login,
        TokenEndpoint(place.base_url, login.client_id, ca_file=place.ca_file),
        SystemClock(),
        command=place.login_command,
        secret=lambda: client_secret(place),
    )
    return Found(tokens, str(file.path), login)


def login_file(folder: Path, profile: str) -> LoginFile:
    return LoginFile(folder / f"{profile}.json")


def client_secret(place: Place) -> ClientSecret | None:
    """From its file, each time anew; ``None`` for a public client. Raises :class:`UnsafeFile`."""
    return read_secret(place.login.client_secret_file) if place.login.client_secret_file else None


def unfit(login: StoredLogin, place: Place) -> str:
    """Why a login that is kept cannot be used here; empty when it can. A token goes to the broker that gave it only."""
    if login.base_url != place.base_url:
        given, asked = host_and_port(login.base_url), host_and_port(place.base_url)
        return f"the profile {place.profile!r} is logged in at {given}, and the base URL says {asked}"
    if place.login.client_id and login.client_id != place.login.client_id:
        return f"the profile {place.profile!r} is logged in as another client than its client_id"
    now = datetime.now(UTC)
    if login.refresh is None and login.ends is not None and login.ends <= now:
        return f"the login of {place.profile!r} ended at {login.ends:%Y-%m-%d %H:%M:%S}Z"
    if login.refresh_ends is not None and login.refresh_ends <= now and login.ends is not None and login.ends <= now:
        return f"the login of {place.profile!r} ended at {login.refresh_ends:%Y-%m-%d %H:%M:%S}Z"
    return ""
