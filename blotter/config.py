"""The settings: flag before environment before config file before default.

Every value passes the same door, wherever it came from, and what is wrong with one is said with the place where it
stands: the file and its key, the variable, or the flag. The values are not repeated: a URL may hold a password.

A stream URL counts only beside a base URL of the same place or a weaker one: a flag that points the blotter at another
broker must not leave it listening to the old one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from blotter.broker.auth import Token
from blotter.broker.urls import check_base_url, check_stream_url, stream_url
from blotter.broker.wire.cancels import AccountFields
from blotter.environment import TOKEN_VARIABLE

MAX_TIMEOUT = 300

EXPECTED = {
    "base_url": 'an https URL such as "https://api.aries.com"',
    "stream_url": 'a wss URL such as "wss://api.aries.com/v1/accounts/ws"',
    "accounts": 'account ids, such as ["ACC-1", "ACC-2"]',
    "timeout": f"a number of seconds above 0 and up to {MAX_TIMEOUT}",
    "read_only": "true or false",
    "account_fields": '"both", "accountId" or "tradingAccountId"',
}

VARIABLES = {
    "base_url": "BLOTTER_BASE_URL",
    "stream_url": "BLOTTER_STREAM_URL",
    "accounts": "BLOTTER_ACCOUNTS",
    "timeout": "BLOTTER_TIMEOUT",
    "read_only": "BLOTTER_READ_ONLY",
}

HOW_TO_START = f"""no broker is configured
to try it on the practice broker:  blotter --paper
to connect to a real account:      BLOTTER_BASE_URL=https://api.aries.com {TOKEN_VARIABLE}=... blotter"""

FLAGS = {"base_url": "--base-url", "accounts": "--account", "read_only": "--read-only"}


class ConfigError(Exception):
    """The settings cannot be used. The message is one sentence for the user; the exit code is 2."""


class NotConfiguredError(ConfigError):
    """Nothing at all says where to connect."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user decided. Empty ``accounts`` means all that the broker names; ``timeout`` is in seconds."""

    base_url: str
    stream_url: str
    token: Token
    accounts: tuple[str, ...] = ()
    timeout: float = 10.0
    read_only: bool = False
    account_fields: AccountFields = AccountFields.BOTH


@dataclass(frozen=True, slots=True)
class Practice:
    """The same for the practice broker, whose address and token are known once it runs."""

    accounts: tuple[str, ...] = ()
    timeout: float = 10.0
    read_only: bool = False
    account_fields: AccountFields = AccountFields.BOTH

    def at(self, base_url: str, secret: str) -> Settings:
        """The settings for a practice broker that runs at ``base_url``."""
        return Settings(
            base_url,
            stream_url(base_url),
            Token(secret),
            self.accounts,
            self.timeout,
            self.read_only,
            self.account_fields,
        )


AccountId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Layer(BaseModel):
    """The settings that one place gives; ``None`` is what it does not say."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(check_base_url)] | None = None
    stream_url: Annotated[str, AfterValidator(check_stream_url)] | None = None
    accounts: list[AccountId] | None = None
    timeout: Annotated[float, Field(gt=0, le=MAX_TIMEOUT, allow_inf_nan=False)] | None = None
    read_only: bool | None = None
    account_fields: (
        Annotated[Literal["both", "accountId", "tradingAccountId"], AfterValidator(AccountFields)] | None
    ) = None


def live(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path, secret: str) -> Settings:
    """The settings of a live session.

    ``flags`` has keys of :class:`Settings`, and no key or ``None`` for a flag that was not given; ``secret`` is the
    access token, empty when there is none.

    Raises:
        NotConfiguredError: nothing is set anywhere.
        ConfigError: a value is wrong, the file cannot be read, or base URL or token are missing.
    """
    layers = _layers(flags, environ, file)
    base = next((level for level, layer in enumerate(layers) if layer.base_url), None)
    if base is None:
        if not secret and not any(layer.model_fields_set for layer in layers):
            raise NotConfiguredError(HOW_TO_START)
        raise ConfigError(f"no base URL: give --base-url, set {VARIABLES['base_url']}, or put base_url into {file}")
    if not secret:
        raise ConfigError(f"no access token: set {TOKEN_VARIABLE}")
    base_url = layers[base].base_url
    assert base_url is not None
    given = next((layer.stream_url for layer in layers[: base + 1] if layer.stream_url), None)
    accounts = _first(layers, "accounts") or ()
    return Settings(base_url, given or stream_url(base_url), _token(secret), accounts, **_common(layers))


def practice(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Practice:
    """The settings of a session on the practice broker.

    Addresses and accounts of the environment and of the file belong to another broker and are ignored; ``--account``
    names accounts of the practice broker. Raises :class:`ConfigError` like :func:`live`.
    """
    layers = _layers(flags, environ, file)
    if layers[0].base_url:
        raise ConfigError("--base-url and --paper exclude each other: the practice broker has its own address")
    return Practice(tuple(layers[0].accounts or ()), **_common(layers))


def _token(secret: str) -> Token:
    try:
        return Token(secret)
    except ValueError as error:
        raise ConfigError(f"{TOKEN_VARIABLE}: {error}") from None


def _layers(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> tuple[_Layer, _Layer, _Layer]:
    given = {key: value for key, value in flags.items() if value is not None}
    return (
        _check(given, lambda key: FLAGS[key]),
        _check(_from_environment(environ), lambda key: VARIABLES[key]),
        _check(_from_file(file), lambda key: f"{file}: {key}", strict=True),
    )


def _common(layers: tuple[_Layer, ...]) -> dict[str, Any]:
    found = {key: _first(layers, key) for key in ("timeout", "read_only", "account_fields")}
    return {key: value for key, value in found.items() if value is not None}


def _first(layers: tuple[_Layer, ...], key: str) -> Any:
    value = next((value for layer in layers if (value := getattr(layer, key)) is not None), None)
    return tuple(value) if isinstance(value, list) else value


def _check(values: Mapping[str, Any], place: Callable[[str], str], *, strict: bool = False) -> _Layer:
    try:
        layer = _Layer.model_validate(values, strict=strict)
    except ValidationError as error:
        # Kept out of the chain: its text can quote the values.
        raise ConfigError(_sentence(error, place)) from None
    if layer.accounts:
        layer.accounts = list(dict.fromkeys(layer.accounts))
    return layer


def _sentence(error: ValidationError, place: Callable[[str], str]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"{place(key)}: there is no such setting; expected one of {', '.join(EXPECTED)}"
    if first["type"] == "value_error":
        return f"{place(key)}: {first['ctx']['error']}"
    return f"{place(key)}: expected {EXPECTED[key]}"


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """A variable that is set to nothing is not set."""
    values: dict[str, Any] = {key: value for key, name in VARIABLES.items() if (value := environ.get(name, "").strip())}
    if "accounts" in values:
        values["accounts"] = [part for part in values["accounts"].split(",") if part.strip()]
    return values


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); expected a TOML file") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: expected a TOML file in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file}: expected a TOML file, but: {error}") from None
