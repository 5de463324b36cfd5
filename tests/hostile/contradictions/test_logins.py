"""Contradictions about tokens: scopes, bodies, names of a grant."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from blotter.broker.auth import Code, Verifier
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.pkce import SCOPES, Attempt
from tests.broker.http_server import Request, Server, answer, replies, serve

GRANT = {"access_token": "eyJ-access-token", "token_type": "Bearer", "expires_in": 3600, "scope": "order:information"}


def fields_of(request: Request) -> dict[str, str]:
    if request.headers["content-type"] == "application/json":
        return dict(json.loads(request.body))
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


async def redeemed(*answers: bytes) -> Server:
    """The server that a login's code was exchanged at."""
    async with serve(replies(*answers)) as server:
        await TokenEndpoint(server.url, "blotter").redeem(Code("the-code"), Verifier("v" * 43), "https://localhost/cb")
        return server


@pytest.mark.parametrize("scope", ["account:information order:information order:execution", "read write trade", None])
async def test_row_18_scopes_are_asked_for_in_the_new_words_and_told_in_any(scope: str | None) -> None:
    assert set(SCOPES) == {"account:information", "order:information", "order:execution"}
    asked = Attempt("blotter", "https://localhost/cb").address("https://app.aries.com/oauth2/authorize")
    assert parse_qs(urlsplit(asked).query)["scope"] == [" ".join(SCOPES)]
    await redeemed(answer(GRANT | {"scope": scope}))


@pytest.mark.parametrize(("refusal", "bodies"), [(None, 1), (400, 2), (415, 2)])
async def test_row_19_a_token_is_asked_for_in_json_and_then_by_a_form(refusal: int | None, bodies: int) -> None:
    refused = [answer({"error": "unsupported media type"}, refusal)] if refusal else []
    server = await redeemed(*refused, answer(GRANT))
    kinds = ["application/json", "application/x-www-form-urlencoded"]
    assert [request.headers["content-type"] for request in server.requests] == kinds[:bodies]
    assert len({json.dumps(fields_of(request), sort_keys=True) for request in server.requests}) == 1


async def test_row_20_the_grant_is_called_authorization_code() -> None:
    [request] = (await redeemed(answer(GRANT))).requests
    assert fields_of(request)["grant_type"] == "authorization_code"
