"""What the user decided, after every value has passed its check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blotter.broker.auth import Token, Tokens
from blotter.broker.urls import stream_url
from blotter.broker.wire.cancels import AccountFields

DEFAULT = "default"
"""The profile of who names none."""

TIMEOUT = 10.0
RELIST_EVERY = 30.0
CANCEL_CONCURRENCY = 8


@dataclass(frozen=True, slots=True)
class Login:
    """What ``blotter login`` needs to know; empty where the profile does not say.

    ``redirect_uri`` is one that the broker has on record for the client, to the letter.
    """

    client_id: str = ""
    redirect_uri: str = ""
    authorize_url: str = ""
    client_secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which broker, and who is to be there: what is known before there is a token."""

    profile: str
    base_url: str
    stream_url: str
    login: Login
    accounts: tuple[str, ...]
    nicknames: Mapping[str, str]
    view_only: frozenset[str]
    access_token_file: Path | None
    ca_file: Path | None = None

    @property
    def login_command(self) -> str:
        """What the user types to log in here."""
        return "blotter login" if self.profile == DEFAULT else f"blotter login --profile {self.profile}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Empty ``accounts`` means all that the broker names; ``timeout`` and ``relist_every`` are in seconds.

    ``nicknames`` (account id to name) and ``view_only`` (account ids) are what the profile knows of its accounts; they
    hold for accounts that a flag or the environment chose, too: no flag lifts a profile's view-only. ``token`` is where
    calls get theirs from. ``read_only`` is the user's wish; the token may permit no cancels all the same.
    """

    base_url: str
    stream_url: str
    token: Tokens
    accounts: tuple[str, ...] = ()
    timeout: float = TIMEOUT
    read_only: bool = False
    account_fields: AccountFields = AccountFields.BOTH
    profile: str = DEFAULT
    nicknames: Mapping[str, str] = field(default_factory=dict)
    view_only: frozenset[str] = frozenset()
    relist_every: float = RELIST_EVERY
    cancel_concurrency: int = CANCEL_CONCURRENCY
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """The same for the practice broker, whose address and token are known once it runs."""

    accounts: tuple[str, ...] = ()
    timeout: float = TIMEOUT
    read_only: bool = False
    account_fields: AccountFields = AccountFields.BOTH
    relist_every: float = RELIST_EVERY
    cancel_concurrency: int = CANCEL_CONCURRENCY

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
            relist_every=self.relist_every,
            cancel_concurrency=self.cancel_concurrency,
        )
