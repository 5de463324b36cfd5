"""The broker's token endpoint: a code or a refresh token in, an access token out.

The documentation says JSON, the vendor's own client sends a form: JSON first, and the form where the broker did not
understand that. What it did understand and refused is not sent twice: a code and a rotating refresh token serve once.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import httpx

from blotter.broker.auth import ClientSecret, Code, RefreshToken, Verifier
from blotter.broker.errors import Answered, Ask, BadRequest, Forbidden, TokenRefused, Unauthorized, Unreadable
from blotter.broker.exchange import exchange
from blotter.broker.http import Timeouts, http_client, is_traced
from blotter.broker.urls import check_base_url, host_and_port
from blotter.broker.wire.grants import Grant, read_grant
from blotter.broker.wire.json import NotJson

PATH = "/v1/oauth2/token"

_MOST = 2**18
_UNDERSTOOD = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope"})


class TokenEndpoint:
    """Gets tokens for one client of the broker at ``base_url`` (:class:`ValueError` for one that must not be used).

    Calls raise :class:`TokenRefused` when the broker refuses what it was shown, and other errors of the broker's tree
    when it cannot be asked or read. No error holds or quotes a secret. ``transport`` takes the place of the network.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts | None = None,
        ca_file: Path | None = None,
    ) -> None:
        self._base = check_base_url(base_url)
        self._where = host_and_port(self._base)
        self._client_id = client_id
        self._transport = transport
        self._timeouts = timeouts or Timeouts()
        self._ca_file = ca_file

    async def redeem(
        self, code: Code, verifier: Verifier, redirect_uri: str, secret: ClientSecret | None = None
    ) -> Grant:
        """Exchange the code of a login. ``redirect_uri`` is the one that the login was begun with, to the letter."""
        fields = {"code": code.reveal(), "redirect_uri": redirect_uri, "code_verifier": verifier.reveal()}
        return await self._grant("authorization_code", fields, secret)

    async def refresh(self, token: RefreshToken, secret: ClientSecret | None = None) -> Grant:
        return await self._grant("refresh_token", {"refresh_token": token.reveal()}, secret)

    async def _grant(self, kind: str, fields: dict[str, str], secret: ClientSecret | None) -> Grant:
        body = {"grant_type": kind, "client_id": self._client_id, **fields}
        if secret is not None:
            body["client_secret"] = secret.reveal()
        try:
            return await self._ask(json.dumps(body), "application/json")
        except Answered as error:
            refusal = error
        if refusal.status == 415 or (refusal.status == 400 and refusal.code.lower() not in _UNDERSTOOD):
            try:
                return await self._ask(urlencode(body), "application/x-www-form-urlencoded")
            except Answered as error:
                refusal = error
        raise _refused(refusal)

    async def _ask(self, body: str, kind: str) -> Grant:
        async with http_client(self._base, self._timeouts, self._transport, self._ca_file) as http:
            request = http.build_request("POST", self._base + PATH, content=body, headers={"Content-Type": kind})
            answer = await exchange(
                http,
                request,
                Ask.TOKEN,
                None,
                most=_MOST,
                within=self._timeouts.token,
                traced=is_traced(self._transport),
                masked=False,
            )
        try:
            return read_grant(answer.text)
        except NotJson as error:
            problem = str(error)
        raise Unreadable(Ask.TOKEN, problem, where=self._where, status=answer.status)


def _refused(error: Answered) -> Answered:
    """A refusal in the broker's own shape is final; a proxy's page with the same number is not."""
    if not (isinstance(error, BadRequest | Unauthorized | Forbidden) and error.from_broker):
        return error
    return TokenRefused(
        error.ask,
        where=error.where,
        words=error.words,
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        from_broker=True,
    )
