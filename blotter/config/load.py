"""The settings of a run: flag before environment before profile before default.

A stream URL counts only beside a base URL of the same place or a weaker one: a flag that points the blotter at another
broker must not leave it listening to the old one. Whoever names a profile means its broker: an address in the
environment that differs from it is an error, not a winner.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blotter.broker import tls
from blotter.broker.urls import stream_url
from blotter.config.errors import ConfigError, NotConfiguredError
from blotter.config.file import NAME, profiles
from blotter.config.layer import Layer, check
from blotter.config.settings import DEFAULT, Login, Place, Practice, Settings
from blotter.config.tokens import find
from blotter.desk.secrets.folder import check_file

VARIABLES = {
    "base_url": "BLOTTER_BASE_URL",
    "stream_url": "BLOTTER_STREAM_URL",
    "accounts": "BLOTTER_ACCOUNTS",
    "timeout": "BLOTTER_TIMEOUT",
    "read_only": "BLOTTER_READ_ONLY",
    "access_token_file": "BLOTTER_ACCESS_TOKEN_FILE",
}
PROFILE_VARIABLE = "BLOTTER_PROFILE"

FLAGS = {"base_url": "--base-url", "accounts": "--account", "read_only": "--read-only"}

ARIES = "https://api.aries.com"
ARIES_AUTHORIZE = "https://app.aries.com/oauth2/authorize"

HOW_TO_START = """no broker is configured
to try it on the practice broker:  blotter --paper
to connect to a real account:      blotter --help says what to put into config.toml; then blotter login"""


def profile_name(flags: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """The profile that is named, whether or not the file has it. Raises :class:`ConfigError` for what is no name."""
    place, name = _named(flags, environ)
    if name is None:
        return DEFAULT
    if not NAME.fullmatch(name):
        raise ConfigError(f"{place}: {name!r} is no name of a profile")
    return name


def place(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Place:
    """Which broker, without asking for a token. ``flags`` as for :func:`live`; raises :class:`ConfigError` like it."""
    name, layers = _layers(flags, environ, file)
    _check_configured(layers)
    return _place(name, layers, file)


def live(
    flags: Mapping[str, Any], environ: Mapping[str, str], file: Path, secret: str, logins: Path | None = None
) -> Settings:
    """The settings of a live session.

    ``flags`` has keys of :class:`Settings`, and no key or ``None`` for a flag that was not given; ``secret`` is the
    access token, empty when there is none. ``logins`` is the folder in which logins are kept.

    Raises:
        NotConfiguredError: nothing is set anywhere.
        ConfigError: a value is wrong, the file cannot be read, or base URL or token are missing.
    """
    name, layers = _layers(flags, environ, file)
    if not secret:
        _check_configured(layers)
    spot = _place(name, layers, file)
    found = find(spot, secret, logins)
    return Settings(
        spot.base_url,
        spot.stream_url,
        found.tokens,
        spot.accounts,
        profile=name,
        nicknames=spot.nicknames,
        view_only=spot.view_only,
        ca_file=spot.ca_file,
        **_common(layers),
    )


def practice(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Practice:
    """The settings of a session on the practice broker.

    Addresses and accounts of the environment and of the file belong to another broker and are ignored; ``--account``
    names accounts of the practice broker. Raises :class:`ConfigError` like :func:`live`.
    """
    _, layers = _layers(flags, environ, file)
    if layers[0].base_url:
        raise ConfigError("--base-url and --paper exclude each other: the practice broker has its own address")
    return Practice(_ids(layers[:1]), **_common(layers))


def _check_configured(layers: tuple[Layer, ...]) -> None:
    """Raises :class:`NotConfiguredError`. A flag that only says which accounts, or read-only, configures no broker."""
    flag, *others = layers
    if not flag.base_url and not any(layer.model_fields_set for layer in others):
        raise NotConfiguredError(HOW_TO_START)


def _place(name: str, layers: tuple[Layer, ...], file: Path) -> Place:
    base = next((level for level, layer in enumerate(layers) if layer.base_url), None)
    if base is None:
        raise ConfigError(f"no base URL: give --base-url, set {VARIABLES['base_url']}, or put base_url into {file}")
    base_url = layers[base].base_url
    assert base_url is not None
    given = next((layer.stream_url for layer in layers[: base + 1] if layer.stream_url), None)
    profile = layers[-1]
    entries = profile.accounts or ()
    token_file = _first(layers, "access_token_file")
    return Place(
        profile=name,
        base_url=base_url,
        stream_url=given or stream_url(base_url),
        login=_login(profile, base_url),
        accounts=_ids(layers),
        nicknames={entry.id: entry.nickname for entry in entries if entry.nickname},
        view_only=frozenset(entry.id for entry in entries if entry.view_only),
        access_token_file=Path(token_file) if token_file else None,
        ca_file=_authorities(profile.ca_file),
    )


def _layers(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> tuple[str, tuple[Layer, ...]]:
    given = {key: value for key, value in flags.items() if value is not None and key != "profile"}
    place, name = _named(flags, environ)
    flag = check(given, lambda key: FLAGS[key])
    variables = check(_from_environment(environ), lambda key: VARIABLES[key]).paths_beside(Path())
    known = profiles(file)
    if name is None:
        return DEFAULT, (flag, variables, known[DEFAULT])
    if name not in known:
        raise ConfigError(f"{place}: {file} has no profile {name!r}; expected one of {', '.join(known)}")
    profile = known[name]
    if not flag.base_url and variables.base_url and profile.base_url not in (None, variables.base_url):
        raise ConfigError(
            f"the profile {name!r} and {VARIABLES['base_url']} name different brokers: unset one of the two"
        )
    return name, (flag, variables, profile)


def _named(flags: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[str, str | None]:
    """Where a profile is named, and which; ``None`` when none is."""
    if (named := flags.get("profile")) is not None:
        return "--profile", named
    return PROFILE_VARIABLE, environ.get(PROFILE_VARIABLE, "").strip() or None


def _ids(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """The accounts of the strongest place that names any, each once."""
    entries: list[Any] = _first(layers, "accounts") or []
    return tuple(dict.fromkeys(entry.id for entry in entries))


def _common(layers: tuple[Layer, ...]) -> dict[str, Any]:
    keys = ("timeout", "read_only", "account_fields", "relist_every", "cancel_concurrency")
    return {key: value for key in keys if (value := _first(layers, key)) is not None}


def _first(layers: tuple[Layer, ...], key: str) -> Any:
    return next((value for layer in layers if (value := getattr(layer, key)) is not None), None)


def _authorities(name: str | None) -> Path | None:
    """The file is loaded once here, so that a wrong one is found before anything is sent. Whoever can write into it
    can speak for any broker.
    """
    if name is None:
        return None
    path = Path(name)
    try:
        check_file(path)
        tls.context(path)
    except OSError as error:
        raise ConfigError(f"ca_file: {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise ConfigError(f"ca_file: {error}") from None
    return path


def _login(profile: Layer, base_url: str) -> Login:
    """The documented login page belongs to the documented broker: a code that it gives must not go to any other.

    Plain http leads to a practice broker on this machine, which has a page of its own.
    """
    page = profile.authorize_url or (ARIES_AUTHORIZE if base_url == ARIES else "")
    if not page and base_url.startswith("http:"):
        page = f"{base_url}/oauth2/authorize"
    secret = profile.client_secret_file
    return Login(profile.client_id or "", profile.redirect_uri or "", page, Path(secret) if secret else None)


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """A variable that is set to nothing is not set."""
    values: dict[str, Any] = {key: value for key, name in VARIABLES.items() if (value := environ.get(name, "").strip())}
    if "accounts" in values:
        values["accounts"] = [part for part in values["accounts"].split(",") if part.strip()]
    return values
