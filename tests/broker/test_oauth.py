"""The token endpoint as a client meets it: JSON, the form, refusals in every shape, and secrets that stay put."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from blotter.broker.auth import ClientSecret, Code, RefreshToken, Verifier
from blotter.broker.errors import BrokerError, NoAnswer, NotSent, ServerTrouble, TokenRefused, Unreadable, sentence
from blotter.broker.http import Timeouts
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.wire.grants import Grant
from tests.broker.canary import everything_in
from tests.broker.http_server import Request, Script, answer, closed_port, hang_up, replies, serve, silence

CODE = Code("canary-code-1")
VERIFIER = Verifier("canary-verifier-2")
REFRESH = RefreshToken("canary-refresh-3")
SECRET = ClientSecret("canary-secret-4")
GIVEN = {
    "access_token": "canary-access-5",
    "token_type": "Bearer",
    "expires_in": 3600,
    "refresh_token": "canary-refresh-6",
    "refresh_token_expires_in": 2592000,
    "scope": "order:information order:execution",
}
URI = "https://localhost/callback"


async def redeem(script: Script, secret: ClientSecret | None = None) -> tuple[Grant, list[Request]]:
    async with serve(script) as server:
        grant = await TokenEndpoint(server.url, "blotter").redeem(CODE, VERIFIER, URI, secret)
        return grant, server.requests


async def fails(script: Script) -> BrokerError:
    async with serve(script) as server:
        endpoint = TokenEndpoint(server.url, "blotter", timeouts=Timeouts(read=0.3, token=0.5))
        with pytest.raises(BrokerError) as caught:
            await endpoint.refresh(REFRESH, SECRET)
    assert "canary" not in everything_in(caught.value)
    assert "canary" not in sentence(caught.value)
    return caught.value


async def test_a_code_is_exchanged_as_json() -> None:
    grant, [request] = await redeem(replies(answer(GIVEN)), SECRET)
    assert (request.method, request.target) == ("POST", "/v1/oauth2/token")
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers
    assert request.json == {
        "grant_type": "authorization_code",
        "client_id": "blotter",
        "code": CODE.reveal(),
        "redirect_uri": URI,
        "code_verifier": VERIFIER.reveal(),
        "client_secret": SECRET.reveal(),
    }
    assert grant.access.reveal() == "canary-access-5"
    assert grant.refresh is not None
    assert grant.refresh.reveal() == "canary-refresh-6"
    assert (grant.lives, grant.refresh_lives) == (3600, 2592000)
    assert grant.scopes == frozenset({"order:information", "order:execution"})


@pytest.mark.parametrize(
    "refusal",
    [answer({"error": "expected a form"}, 415), answer({"error": "invalid_request"}, 400), answer("no JSON", 400)],
)
async def test_who_does_not_take_json_is_sent_the_form(refusal: bytes) -> None:
    _, [first, second] = await redeem(replies(refusal, answer(GIVEN)))
    assert second.headers["content-type"] == "application/x-www-form-urlencoded"
    form = {name: values[0] for name, values in parse_qs(second.body.decode()).items()}
    assert form == json.loads(first.body)


REFUSALS = {
    "RFC 6749": ({"error": "invalid_grant", "error_description": "it was revoked"}, "invalid_grant: it was revoked"),
    "nested": ({"error": {"type": "AUTHENTICATION", "code": "INVALID_GRANT", "message": "it was revoked"}}, "it was"),
}


@pytest.mark.parametrize("shape", REFUSALS)
@pytest.mark.parametrize("status", [400, 401])
async def test_a_refusal_is_final_and_what_serves_once_is_sent_once(shape: str, status: int) -> None:
    body, words = REFUSALS[shape]
    async with serve(replies(answer(body, status))) as server:
        with pytest.raises(TokenRefused) as caught:
            await TokenEndpoint(server.url, "blotter").refresh(REFRESH)
        assert len(server.requests) == 1
    assert caught.value.words.startswith(words)
    assert "blotter login" in sentence(caught.value)


async def test_a_refusal_without_a_known_word_is_final_after_the_form() -> None:
    assert isinstance(await fails(replies(answer({"error": "refresh token has expired"}, 400))), TokenRefused)


async def test_what_says_nothing_about_the_login_is_no_refusal_of_it() -> None:
    assert isinstance(await fails(replies(answer("<html>", 502))), ServerTrouble)
    assert not isinstance(await fails(replies(answer("<html>sign in to the proxy", 401))), TokenRefused)
    assert isinstance(await fails(replies(answer({"access_token": ""}))), Unreadable)
    assert isinstance(await fails(hang_up), NoAnswer)
    assert isinstance(await fails(silence), NoAnswer)
    with pytest.raises(NotSent):
        await TokenEndpoint(f"http://127.0.0.1:{closed_port()}", "blotter").refresh(REFRESH)


async def test_what_the_broker_quotes_back_is_masked() -> None:
    quote = f"bad {REFRESH.reveal()} and {SECRET.reveal()}"
    error = await fails(replies(answer({"error": "invalid_grant", "error_description": quote}, 400)))
    assert error.words == "invalid_grant: bad ••• and •••"


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": None},
        {"access_token": "canary two"},
        {"access_token": 7},
        {"token_type": "mac"},
        {"expires_in": -1},
        {"expires_in": True},
        {"expires_in": "soon"},
        {"expires_in": 1e400},
        {"refresh_token": "canary\u202e"},
        {"scope": ["a"]},
    ],
)
async def test_an_answer_that_makes_no_sense_is_not_quoted(changes: dict[str, object]) -> None:
    assert isinstance(await fails(replies(answer(GIVEN | changes))), Unreadable)


async def test_little_is_needed() -> None:
    grant, _ = await redeem(replies(answer({"access_token": "canary-a", "token_type": "bearer", "expires_in": "60"})))
    assert (grant.refresh, grant.lives, grant.refresh_lives, grant.scopes) == (None, 60, None, None)
