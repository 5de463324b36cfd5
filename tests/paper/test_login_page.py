"""The login page and the token endpoint over the wire."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from blotter.paper.grants import ALL_SCOPES, EXECUTE
from blotter.paper.logins import CLIENT_SECRET
from blotter.paper.settings import PaperSettings
from tests.paper.serving import Serving, serving
from tests.paper.test_logins import CHALLENGE, URI, VERIFIER

QUESTION = {
    "response_type": "code",
    "client_id": "blotter <x>",
    "redirect_uri": URI,
    "scope": " ".join(sorted(ALL_SCOPES)),
    "state": "st&te",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def consent(client: httpx.Client, *allow: str, **changes: str) -> dict[str, str]:
    """Say yes to some scopes; what comes back to the client."""
    form = {**QUESTION, "answer": "yes", "allow": list(allow or ALL_SCOPES), **changes}
    return returned(client.post("/oauth2/authorize", data=form))


def returned(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 303
    address = response.headers["location"]
    assert address.startswith(URI + "?")
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def code_fields(code: str, **changes: str) -> dict[str, str]:
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": URI, "client_id": "blotter <x>"}
    return {**fields, "code_verifier": VERIFIER, **changes}


def token(client: httpx.Client, fields: dict[str, str], *, form: bool = False) -> httpx.Response:
    return client.post("/v1/oauth2/token", **({"data": fields} if form else {"json": fields}))  # type: ignore[arg-type]  # one of the two


def test_the_page_asks_for_what_the_client_wants(client: httpx.Client) -> None:
    page = client.get("/oauth2/authorize", params=QUESTION)
    assert page.status_code == 200
    assert "<b>blotter &lt;x&gt;</b>" in page.text
    assert page.text.count('type="checkbox"') == 3
    assert 'value="st&amp;te"' in page.text


@pytest.mark.parametrize("form", [True, False])
@pytest.mark.parametrize("kind", ["authorization_code", "code"])
def test_yes_gives_a_code_and_the_code_a_token(client: httpx.Client, kind: str, form: bool) -> None:
    back = consent(client)
    assert back["state"] == "st&te"
    answer = token(client, code_fields(back["code"], grant_type=kind), form=form)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert client.get("/v2/users/me/accounts", headers=bearer).status_code == 200
    refreshed = {"grant_type": "refresh_token", "client_id": "blotter <x>"}
    refreshed |= {"refresh_token": answer.json()["refresh_token"]}
    assert token(client, refreshed, form=form).json()["refresh_token"] != answer.json()["refresh_token"]


def test_the_user_may_leave_a_scope_out(client: httpx.Client) -> None:
    back = consent(client, *(ALL_SCOPES - {EXECUTE}))
    answer = token(client, code_fields(back["code"])).json()
    assert set(answer["scope"].split()) == ALL_SCOPES - {EXECUTE}
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert client.post("/v1/orders/cancel", json={}, headers=bearer).status_code == 403


def test_no_and_bad_questions_go_back_as_errors(client: httpx.Client) -> None:
    assert consent(client, answer="no")["error"] == "access_denied"
    bad = {"scope": "everything"}
    assert returned(client.get("/oauth2/authorize", params=QUESTION | bad))["error"] == "invalid_scope"
    plain = {"code_challenge_method": "plain"}
    assert returned(client.get("/oauth2/authorize", params=QUESTION | plain))["error"] == "invalid_request"


@pytest.mark.parametrize("uri", ["https://evil.example/", "javascript:alert(1)", ""])
def test_nothing_is_sent_to_an_address_elsewhere(client: httpx.Client, uri: str) -> None:
    for answer in (
        client.get("/oauth2/authorize", params=QUESTION | {"redirect_uri": uri}),
        client.post("/oauth2/authorize", data=QUESTION | {"redirect_uri": uri, "answer": "yes"}),
    ):
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password", "client_id": "x"}, 400, "unsupported_grant_type"),
        (code_fields("code-none"), 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": "x", "refresh_token": "no"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "no"}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "x", "client_secret": CLIENT_SECRET, "scope": "all"},
            400,
            "invalid_scope",
        ),
    ],
)
def test_refusals_are_those_of_the_standard(
    client: httpx.Client, fields: dict[str, str], status: int, error: str
) -> None:
    answer = token(client, fields)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_bodies_that_cannot_be_read(client: httpx.Client) -> None:
    def post(content: bytes, kind: str) -> int:
        return client.post("/v1/oauth2/token", content=content, headers={"Content-Type": kind}).status_code

    assert post(b"{", "application/json") == 400
    assert post(b"[]", "application/json") == 400
    assert post(b'{"grant_type": 1}', "application/json") == 400
    assert post(b"x", "text/plain") == 415
    assert post(b"a" * 70_000, "application/json") == 413


def test_a_login_is_ended_on_its_page() -> None:
    with serving(PaperSettings(orders=0, rate=0)) as broker, broker.client() as client:
        answer = token(client, code_fields(consent(client)["code"])).json()
        assert "blotter &lt;x&gt;" in client.get("/oauth2/logins").text
        assert _good(broker, answer)
        client.post("/oauth2/logins", data={"expire": "0"})
        assert not _good(broker, answer)
        fields = {"grant_type": "refresh_token", "client_id": "blotter <x>", "refresh_token": answer["refresh_token"]}
        answer = token(client, fields).json()
        assert _good(broker, answer)
        client.post("/oauth2/logins", data={"revoke": "0", "expire": "99"})
        assert not _good(broker, answer)
        fields["refresh_token"] = answer["refresh_token"]
        assert token(client, fields).json()["error"] == "invalid_grant"


def _good(broker: Serving, answer: dict[str, Any]) -> bool:
    with broker.client(answer["access_token"]) as client:
        return client.get("/v2/users/me/accounts").status_code == 200
