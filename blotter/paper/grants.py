"""Which bearer tokens are good, and for what."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable

from blotter.paper.errors import ApiError, nested

READ_ACCOUNTS = "account:information"
READ_ORDERS = "order:information"
EXECUTE = "order:execution"
ALL_SCOPES = frozenset({READ_ACCOUNTS, READ_ORDERS, EXECUTE})
SCOPES = ALL_SCOPES | {
    "analytics:information",
    "calendar:information",
    "market:information",
    "market:supplemental",
    "options:information",
    "position:information",
    "user:information",
    "user:management",
    "watchlist:information",
    "watchlist:management",
}
"""All that the vendor names. Those beyond the first three are given and open nothing here."""


class Grants:
    """Tokens, their scopes and their ends. One with every scope exists from the start, and does not end.

    ``now`` is a clock in seconds that is never set back, ``token`` the first one, if it is not to be drawn by lot.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, token: str = "") -> None:
        self._now = now
        self._scopes: dict[str, frozenset[str]] = {}
        self._ends: dict[str, float] = {}
        self._watchers: dict[str, list[Callable[[], None]]] = {}
        self.token = self.grant(ALL_SCOPES, token=token)

    def grant(self, scopes: frozenset[str], seconds: float = math.inf, token: str = "") -> str:
        token = token or f"paper-{secrets.token_hex(12)}"
        self._scopes[token] = scopes
        self._ends[token] = self._now() + seconds
        return token

    def expire(self, token: str) -> None:
        """Let the token end now; what it opened stays open, as it does when its time is over."""
        self._ends[token] = self._now()

    def revoke(self, token: str) -> None:
        """End the token and what it opened."""
        self._scopes.pop(token, None)
        self._ends.pop(token, None)
        for revoked in tuple(self._watchers.get(token, ())):
            revoked()

    def watch(self, token: str, revoked: Callable[[], None]) -> Callable[[], None]:
        """Hear when the token is revoked; the returned function ends that."""
        watchers = self._watchers.setdefault(token, [])
        watchers.append(revoked)
        return lambda: watchers.remove(revoked)

    def good(self, token: object) -> bool:
        return isinstance(token, str) and self._now() < self._ends.get(token, 0.0)

    def require(self, authorization: str, scope: str) -> None:
        """Check an ``Authorization`` header; 401 without a good token, 403 without the scope."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise nested(401, "AUTHENTICATION", "MISSING_TOKEN", "a bearer token is required")
        if not self.good(token):
            raise ApiError(401, {"error": "unauthorized", "message": "token is invalid or expired"})
        if scope not in self._scopes[token]:
            raise nested(403, "AUTHORIZATION", "INSUFFICIENT_SCOPE", f"the token lacks the scope {scope}", scope=scope)
