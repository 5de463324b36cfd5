"""A user with a browser at the practice broker's login page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx

from blotter.broker.pkce import SCOPES, Attempt
from blotter.broker.wire.grants import read_grant
from blotter.desk.secrets.login import StoredLogin, first_login

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/oauth2/authorize\?\S+")


def address_in(output: str) -> str:
    """The address that was printed for the browser, however the terminal wrapped it."""
    found = ADDRESS.search(output)
    assert found is not None, output
    return found[0]


def say(address: str, answer: str = "yes", *, without: str = "") -> str:
    """Answer the broker's question; where the browser is sent back to."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    with httpx.Client(trust_env=False, verify=False) as client:
        page = client.get(address)
        assert page.status_code == 200, page.text
        assert "checkbox" in page.text
        allow = [scope for scope in query["scope"].split() if scope != without]
        back = client.post(address.partition("?")[0], data={**query, "answer": answer, "allow": allow})
    assert back.status_code == 303, back.text
    location: str = back.headers["location"]
    assert location.startswith(query["redirect_uri"] + "?")
    return location


def log_in(broker: str, client_id: str = "blotter") -> StoredLogin:
    """A login at the practice broker, by hand: page, code, token."""
    attempt = Attempt(client_id, "https://localhost/callback")
    fields = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code_in(say(attempt.address(f"{broker}/oauth2/authorize"))),
        "redirect_uri": attempt.redirect_uri,
        "code_verifier": attempt.verifier.reveal(),
    }
    with httpx.Client(trust_env=False, verify=False) as client:
        answer = client.post(f"{broker}/v1/oauth2/token", json=fields)
    return first_login(broker, client_id, read_grant(answer.text), frozenset(SCOPES), datetime.now(UTC))


def at_the_broker(broker: str, *acts: str) -> None:
    """``expire`` the tokens of the newest login there, ``narrow`` those to come, or ``revoke`` it."""
    with httpx.Client(base_url=broker, trust_env=False, verify=False) as client:
        newest = client.get("/oauth2/logins").text.count("<li>") - 1
        for act in acts:
            assert client.post("/oauth2/logins", data={act: str(newest)}).status_code == 303


def code_in(location: str) -> str:
    return parse_qs(urlsplit(location).query)["code"][0]
