"""The keys of the settings, what each may hold, and the sentence about one that holds something else.

A value passes the same door wherever it came from. The sentences name the place and what was expected; they never
repeat the value, because a URL may hold a password.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from blotter.broker.urls import check_base_url, check_page_url, check_stream_url
from blotter.broker.wire.cancels import AccountFields
from blotter.config.errors import ConfigError

MAX_TIMEOUT = 300
MAX_RELIST = 3600
MAX_CONCURRENCY = 32
MAX_NICKNAME = 12
MAX_ID = 50

EXPECTED = {
    "base_url": 'an https URL such as "https://api.aries.com"',
    "stream_url": 'a wss URL such as "wss://api.aries.com/v1/accounts/ws"',
    "accounts": 'account ids, such as ["ACC-1", "ACC-2"], or tables, such as [{ id = "ACC-1", nickname = "main" }]',
    "timeout": f"a number of seconds above 0 and up to {MAX_TIMEOUT}",
    "relist_every": f"a number of seconds from 5 to {MAX_RELIST}",
    "cancel_concurrency": f"a whole number from 1 to {MAX_CONCURRENCY}",
    "read_only": "true or false",
    "account_fields": '"both", "accountId" or "tradingAccountId"',
    "ca_file": "the path of a file with certificates in PEM",
    "client_id": "the id that the broker gave your application, in visible characters",
    "client_secret_file": "the path of a file",
    "access_token_file": "the path of a file",
    "redirect_uri": 'the redirect URI that the broker has on record, such as "https://localhost/callback"',
    "authorize_url": 'an https URL such as "https://app.aries.com/oauth2/authorize"',
}
ACCOUNT_EXPECTED = {
    "id": f"an account id of 1 to {MAX_ID} visible characters",
    "nickname": f"a name of 1 to {MAX_NICKNAME} letters, digits, dots, hyphens or underscores",
    "view_only": "true or false",
}


def _check_redirect(uri: str) -> str:
    parts = urlsplit(uri)
    if not uri.isascii() or not uri.isprintable() or " " in uri or not parts.scheme or "#" in uri:
        raise ValueError("the redirect URI must be a whole URI without spaces and fragment")
    return uri


_Path = Annotated[str, StringConstraints(pattern=r"^[^\x00]+$")]
_AccountId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^[ -~]{{1,{MAX_ID}}}$")]


class AccountEntry(BaseModel):
    """One of ``accounts``: an id alone, or a table of what is known of it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: _AccountId
    nickname: Annotated[str, StringConstraints(pattern=rf"^[\p{{L}}\p{{N}}._-]{{1,{MAX_NICKNAME}}}$")] = ""
    view_only: bool = False

    @model_validator(mode="before")
    @classmethod
    def _an_id_alone(cls, value: object) -> object:
        return {"id": value} if isinstance(value, str) else value


class Layer(BaseModel):
    """The settings that one place gives; ``None`` is what it does not say."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(check_base_url)] | None = None
    stream_url: Annotated[str, AfterValidator(check_stream_url)] | None = None
    accounts: list[AccountEntry] | None = None
    timeout: Annotated[float, Field(gt=0, le=MAX_TIMEOUT, allow_inf_nan=False)] | None = None
    relist_every: Annotated[float, Field(ge=5, le=MAX_RELIST, allow_inf_nan=False)] | None = None
    cancel_concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] | None = None
    read_only: bool | None = None
    account_fields: (
        Annotated[Literal["both", "accountId", "tradingAccountId"], AfterValidator(AccountFields)] | None
    ) = None
    ca_file: _Path | None = None
    client_id: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")] | None = None
    client_secret_file: _Path | None = None
    access_token_file: _Path | None = None
    redirect_uri: Annotated[str, AfterValidator(_check_redirect)] | None = None
    authorize_url: Annotated[str, AfterValidator(check_page_url)] | None = None

    def paths_beside(self, folder: Path) -> Layer:
        """The same with its paths whole: ``~`` is the user's home, and a relative path starts at ``folder``."""
        for key in ("ca_file", "client_secret_file", "access_token_file"):
            if (path := getattr(self, key)) is not None:
                setattr(self, key, str(folder / Path(path).expanduser()))
        return self


def check(values: Mapping[str, Any], place: Callable[[str], str], *, strict: bool = False) -> Layer:
    """The layer that ``values`` make. ``place`` says where a key stands: a file and its key, a variable, a flag.

    Raises:
        ConfigError: a key is unknown, or what it holds cannot be used.
    """
    try:
        layer = Layer.model_validate(values, strict=strict)
    except ValidationError as error:
        # Not chained: pydantic's own text can quote the values.
        raise ConfigError(_sentence(error, place)) from None
    if layer.accounts:
        _distinct(layer.accounts, place("accounts"))
    return layer


def _distinct(accounts: list[AccountEntry], place: str) -> None:
    """A nickname names one account and looks like no other's id: it stands beside the key that cancels."""
    taken = {entry.id for entry in accounts}
    for entry in accounts:
        if entry.nickname in taken and entry.nickname != entry.id:
            raise ConfigError(f"{place}: the nickname {entry.nickname!r} is used twice, or is another account's id")
        taken.add(entry.nickname or entry.id)
    told: dict[str, AccountEntry] = {}
    for entry in accounts:
        if told.setdefault(entry.id, entry) != entry:
            raise ConfigError(f"{place}: the account {entry.id!r} is named twice, and differently")


def _sentence(error: ValidationError, place: Callable[[str], str]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key, *inside = (str(part) for part in first["loc"])
    where, keys = place(key), EXPECTED
    if len(inside) > 1 and (inside[1] != "id" or first["type"] == "missing"):
        where, key, keys = f"{where}: entry {int(inside[0]) + 1}: {inside[1]}", inside[1], ACCOUNT_EXPECTED
    if first["type"] == "extra_forbidden":
        return f"{where}: there is no such setting; expected one of {', '.join(keys)}"
    if first["type"] == "value_error":
        return f"{where}: {first['ctx']['error']}"
    return f"{where}: expected {keys[key]}"
