"""Which bearer tokens are good, and for what."""

from __future__ import annotations

import secrets

from blotter.paper.errors import ApiError, nested

READ_ACCOUNTS = "account:information"
READ_ORDERS = "order:information"
EXECUTE = "order:execution"
ALL_SCOPES = frozenset({READ_ACCOUNTS, READ_ORDERS, EXECUTE})


class Grants:
    """Tokens and their scopes. One with every scope exists from the start."""

    def __init__(self) -> None:
        self._scopes: dict[str, frozenset[str]] = {}
        self.token = self.grant(ALL_SCOPES)

    def grant(self, scopes: frozenset[str]) -> str:
        token = f"paper-{secrets.token_hex(12)}"
        self._scopes[token] = scopes
        return token

    def revoke(self, token: str) -> None:
        self._scopes.pop(token, None)

    def good(self, token: object) -> bool:
        return isinstance(token, str) and token in self._scopes

    def require(self, authorization: str, scope: str) -> None:
        """Check an ``Authorization`` header; 401 without a good token, 403 without the scope."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise nested(401, "AUTHENTICATION", "MISSING_TOKEN", "a bearer token is required")
        if not self.good(token):
            raise ApiError(401, {"error": "unauthorized", "message": "token is invalid or expired"})
        if scope not in self._scopes[token]:
            raise nested(403, "AUTHORIZATION", "INSUFFICIENT_SCOPE", f"the token lacks the scope {scope}", scope=scope)
