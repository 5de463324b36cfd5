"""``POST /v1/oauth2/token``: JSON as the vendor documents it, and the form that the vendor's own client sends."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from blotter.paper.grants import SCOPES
from blotter.paper.logins import Logins, OAuthError

MOST = 64 * 1024
NOT_KEPT = {"Cache-Control": "no-store"}


class TokenRoute:
    """Tokens for codes, refresh tokens and clients."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    def routes(self) -> list[Route]:
        return [Route("/v1/oauth2/token", self.token, methods=["POST"])]

    async def token(self, request: Request) -> JSONResponse:
        try:
            return JSONResponse(self._give(await _fields(request)), headers=NOT_KEPT)
        except OAuthError as error:
            return JSONResponse(error.body, error.status, headers=NOT_KEPT)

    def _give(self, fields: dict[str, str]) -> dict[str, Any]:
        def required(name: str) -> str:
            if not fields.get(name):
                raise OAuthError("invalid_request", f"{name} is required")
            return fields[name]

        kind, client, secret = required("grant_type"), required("client_id"), fields.get("client_secret", "")
        if kind in ("authorization_code", "code"):
            verifier = fields.get("code_verifier", "")
            return self._logins.redeem(required("code"), client, required("redirect_uri"), verifier, secret)
        if kind == "refresh_token":
            return self._logins.refresh(required("refresh_token"), client, secret)
        if kind == "client_credentials":
            return self._logins.credentials(client, secret, read_scopes(fields.get("scope", "")))
        raise OAuthError("unsupported_grant_type", "expected authorization_code, refresh_token or client_credentials")


def read_scopes(text: str) -> frozenset[str]:
    """The scopes of a space-separated list; all of the blotter's when it is empty. Raises :class:`OAuthError`."""
    wanted = frozenset(text.split())
    if unknown := wanted - SCOPES:
        raise OAuthError("invalid_scope", f"there is no scope {min(unknown)}")
    return wanted or SCOPES


async def _fields(request: Request) -> dict[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise OAuthError("invalid_request", "the request is too large", 413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind == "application/json":
            return _texts(json.loads(text))
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(text, strict_parsing=True, max_num_fields=50))
    except (ValueError, RecursionError):
        raise OAuthError("invalid_request", "the body cannot be read") from None
    raise OAuthError("invalid_request", "expected JSON or a form", 415)


def _texts(document: object) -> dict[str, str]:
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise ValueError("not an object of texts")
    return document
