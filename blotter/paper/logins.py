"""Who is logged in to the practice broker: codes, refresh tokens that rotate, and what ends them.

Any client id is known here. A client that shows a secret must show the one of this broker. A code and a refresh token
serve once; one that comes twice was stolen from somebody, so everything that came of its login is revoked.
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from blotter.paper.grants import EXECUTE, Grants
from blotter.paper.settings import PaperSettings

CLIENT_SECRET = "practice-secret"  # noqa: S105 - everybody may know it, there is no money behind it
CODE_SECONDS = 60.0


class OAuthError(Exception):
    """A refusal in the words of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "error_description": description}


@dataclass(slots=True)
class Login:
    """One consent and everything that was given for it."""

    client_id: str
    scopes: frozenset[str]
    confidential: bool = False
    tokens: list[str] = field(default_factory=list)
    refresh: str = ""
    refresh_ends: float = 0.0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class _Code:
    login: Login
    redirect_uri: str
    challenge: str
    ends: float


class Logins:
    """Gives tokens out over ``grants``. ``now`` is a clock in seconds that is never set back."""

    def __init__(self, grants: Grants, settings: PaperSettings, now: Callable[[], float] = time.monotonic) -> None:
        self._grants = grants
        self._settings = settings
        self._now = now
        self._codes: dict[str, _Code] = {}
        self._used: dict[str, Login] = {}
        self._refreshes: dict[str, Login] = {}
        self.logins: list[Login] = []

    def consent(self, client_id: str, redirect_uri: str, scopes: Iterable[str], challenge: str) -> str:
        """The user said yes: a code that lives a minute."""
        code = f"code-{secrets.token_hex(16)}"
        login = Login(client_id, frozenset(scopes))
        self._codes[code] = _Code(login, redirect_uri, challenge, self._now() + CODE_SECONDS)
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str, secret: str) -> dict[str, Any]:
        if code in self._used:
            self.revoke(self._used[code])
            raise OAuthError("invalid_grant", "the code was used before; its login is revoked")
        found = self._codes.pop(code, None)
        if found is None or found.ends < self._now():
            raise OAuthError("invalid_grant", "the code is unknown or has expired")
        if found.login.client_id != client_id or found.redirect_uri != redirect_uri:
            raise OAuthError("invalid_grant", "the code was given to another client or redirect URI")
        confidential = _confidential(secret)
        if found.challenge and _challenge(verifier) != found.challenge:
            raise OAuthError("invalid_grant", "the code verifier does not fit the challenge")
        if not found.challenge and not confidential:
            raise OAuthError("invalid_request", "a code verifier or a client secret is required")
        login = found.login
        login.confidential = confidential
        self._used[code] = login
        self.logins.append(login)
        return self._answer(login)

    def refresh(self, token: str, client_id: str, secret: str) -> dict[str, Any]:
        login = self._refreshes.get(token)
        if login is None or login.client_id != client_id:
            raise OAuthError("invalid_grant", "the refresh token is unknown")
        if _confidential(secret) is False and login.confidential:
            raise OAuthError("invalid_client", "this client proves itself with its secret", 401)
        if token != login.refresh and not login.ended:
            self.revoke(login)
            raise OAuthError("invalid_grant", "the refresh token was used before; its login is revoked")
        if login.ended or login.refresh_ends < self._now():
            raise OAuthError("invalid_grant", "the login has expired or was revoked")
        return self._answer(login)

    def credentials(self, client_id: str, secret: str, scopes: Iterable[str]) -> dict[str, Any]:
        """A token for the client itself, with no user and nothing to refresh it with."""
        if not _confidential(secret):
            raise OAuthError("invalid_client", "a client secret is required", 401)
        wanted = frozenset(scopes)
        token = self._grants.grant(wanted, self._settings.token_seconds)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": round(self._settings.token_seconds),
            "scope": " ".join(sorted(wanted)),
        }

    def revoke(self, login: Login) -> None:
        """End it: its tokens are worth nothing from now on, and streams that were opened with them end."""
        login.ended = True
        for token in login.tokens:
            self._grants.revoke(token)

    def expire(self, login: Login) -> None:
        """Let its access tokens end now; it can be refreshed."""
        for token in login.tokens:
            self._grants.expire(token)

    def narrow(self, login: Login) -> None:
        """Take the right to cancel from it: tokens that are refreshed from now on lack it."""
        login.scopes -= {EXECUTE}

    def _answer(self, login: Login) -> dict[str, Any]:
        token = self._grants.grant(login.scopes, self._settings.token_seconds)
        login.tokens.append(token)
        login.refresh = f"refresh-{secrets.token_hex(16)}"
        login.refresh_ends = self._now() + self._settings.refresh_seconds
        self._refreshes[login.refresh] = login
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": round(self._settings.token_seconds),
            "refresh_token": login.refresh,
            "refresh_token_expires_in": round(self._settings.refresh_seconds),
            "scope": " ".join(sorted(login.scopes)),
        }


def _confidential(secret: str) -> bool:
    if secret and not secrets.compare_digest(secret.encode(), CLIENT_SECRET.encode()):
        raise OAuthError("invalid_client", "the client secret is wrong", 401)
    return bool(secret)


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
