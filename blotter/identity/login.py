"""``blotter login``: OAuth 2 with PKCE for a host that has no browser."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from blotter.broker.auth import ClientSecret, Code
from blotter.broker.errors import BrokerError
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.pkce import EXECUTION, SCOPES, Attempt, BadReturn, Denied
from blotter.broker.urls import host_and_port
from blotter.config import ConfigError, Place
from blotter.config.tokens import client_secret, login_file
from blotter.desk.secrets.login import Busy, LoginFile, StoredLogin, first_login
from blotter.environment import TOKEN_VARIABLE
from blotter.identity.listener import HOST, SECONDS, Door, answer_at, open_door
from blotter.identity.paste import read_hidden
from blotter.identity.say import failed, quoted, refuse, say

TRIES = 3
LOCK = 15.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How the user wants to log in."""

    listen: bool = False
    ask_secret: bool = False
    read_only: bool = False


def log_in(place: Place, wish: Wish, logins: Path, config: Path, *, overruled: bool) -> int:
    """Returns the exit code. ``overruled``: the environment has a token that wins over any login.

    Raises :class:`ConfigError` and :class:`~blotter.desk.secrets.private_file.UnsafeFile`
    before anything is asked of the user.
    """
    _check(place, wish, config)
    file = login_file(logins, place.profile)
    file.check()
    secret = client_secret(place)
    door = _door(place) if wish.listen else None
    scopes = tuple(scope for scope in SCOPES if scope != EXECUTION or not wish.read_only)
    attempt = Attempt(place.login.client_id, door.redirect_uri if door else place.login.redirect_uri, scopes)
    say("Open this address in a browser, on any machine, and allow the blotter there:")
    say()
    say(f"  {attempt.address(place.login.authorize_url)}")
    say()
    try:
        code = _awaited(door, attempt) if door else _pasted(attempt)
        if wish.ask_secret:
            secret = ClientSecret(read_hidden("The client's secret (not shown): "))
        login = asyncio.run(_exchange(place, attempt, code, secret, file))
    except BadReturn as error:
        refuse(f"not logged in: {error}.{quoted(error.words)}")
    except TimeoutError:
        refuse(f"not logged in: nobody came back within {SECONDS:g} s")
    except (Busy, ValueError) as error:
        refuse(f"not logged in: {error}")
    except BrokerError as error:
        failed(error)
    else:
        _done(place, login)
        if overruled:
            say(f"{TOKEN_VARIABLE} is set here, and is used instead of this login: unset {TOKEN_VARIABLE}")
        return 0
    return 1


def _check(place: Place, wish: Wish, config: Path) -> None:
    wanted = {"client_id": place.login.client_id, "authorize_url": place.login.authorize_url}
    if not wish.listen:
        wanted["redirect_uri"] = place.login.redirect_uri
    if missing := [key for key, value in wanted.items() if not value]:
        raise ConfigError(f"{config}: the profile {place.profile!r} lacks {' and '.join(missing)}, which a login needs")


def _door(place: Place) -> Door:
    try:
        door = open_door(place.login.redirect_uri)
    except OSError as error:
        raise ConfigError(f"cannot listen at the redirect URI: {error.strerror}") from None
    say(f"Listening on {HOST}:{door.port} for {SECONDS:g} s. From the machine with the browser, forward the port:")
    say()
    say(f"  ssh -N -L {door.port}:{HOST}:{door.port} THIS-HOST")
    say()
    return door


def _pasted(attempt: Attempt) -> Code:
    """A slip of the clipboard is told and may be mended; a no is a no."""
    say(f"The browser is then sent to {attempt.redirect_uri.partition('?')[0]}")
    say("and may well show an error there: that is fine.")
    for left in reversed(range(TRIES if sys.stdin.isatty() else 1)):
        try:
            return attempt.code(read_hidden("Paste the whole address from its address bar here (not shown): "))
        except Denied:
            raise
        except BadReturn as error:
            if not left:
                raise
            say(f"Not usable: {error}.")
    raise AssertionError("the last try returns or raises")


def _awaited(door: Door, attempt: Attempt) -> Code:
    return asyncio.run(answer_at(door, attempt))


async def _exchange(
    place: Place, attempt: Attempt, code: Code, secret: ClientSecret | None, file: LoginFile
) -> StoredLogin:
    endpoint = TokenEndpoint(place.base_url, attempt.client_id, ca_file=place.ca_file)
    async with file.locked(LOCK):
        grant = await endpoint.redeem(code, attempt.verifier, attempt.redirect_uri, secret)
        login = first_login(place.base_url, attempt.client_id, grant, frozenset(attempt.scopes), datetime.now(UTC))
        file.write(login)
    return login


def _done(place: Place, login: StoredLogin) -> None:
    say(f"Logged in at {host_and_port(place.base_url)}, profile {place.profile}.")
    say(f"scopes  {' '.join(sorted(login.scopes))}")
    if not login.can_execute:
        say(f"        without {EXECUTION}: the blotter will be read-only")
    say(f"token   {ends(login)}")


def ends(login: StoredLogin) -> str:
    """When the token ends and whether it is renewed, in words."""
    end = f"ends {login.ends:%Y-%m-%d %H:%M:%S}Z" if login.ends else "the broker does not say when it ends"
    if login.refresh is None:
        return f"{end}, cannot be renewed"
    until = f" until {login.refresh_ends:%Y-%m-%d}" if login.refresh_ends else ""
    return f"{end}, renewed by itself{until}"
