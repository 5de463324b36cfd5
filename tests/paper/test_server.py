from __future__ import annotations

import httpx
import pytest

from blotter.paper.grants import EXECUTE
from blotter.paper.settings import PaperSettings
from tests.paper.serving import Serving, serving

CALLS = [
    ("GET", "/v2/users/me/accounts"),
    ("GET", "/v1/users/me/accounts"),
    ("GET", "/v2/accounts/PAPER-1/orders"),
    ("GET", "/v2/accounts/PAPER-1/orders/history"),
    ("POST", "/v1/orders"),
    ("POST", "/v1/orders/cancel"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc"])
def test_every_call_wants_a_bearer_token(broker: Serving, method: str, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = httpx.request(method, broker.url + path, headers=headers, trust_env=False, verify=False)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "AUTHENTICATION"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_wrong_or_revoked_token_is_refused(broker: Serving, method: str, path: str) -> None:
    revoked = broker.grants.grant(frozenset({EXECUTE}))
    broker.grants.revoke(revoked)
    for token in ("wrong", revoked):
        with broker.client(token) as client:
            answer = client.request(method, path)
        assert answer.status_code == 401
        assert answer.json() == {"error": "unauthorized", "message": "token is invalid or expired"}


def test_paths_and_methods_that_are_not_served_are_json_too(client: httpx.Client) -> None:
    missing = client.get("/v2/nowhere")
    wrong = client.put("/v1/orders", json={})
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["allow"] == "POST"


def test_answers_do_not_wait_for_the_other_side_of_the_line(client: httpx.Client) -> None:
    client.get("/v2/users/me/accounts")
    best = min(client.get("/v2/users/me/accounts").elapsed.total_seconds() for _ in range(10))
    assert best < 0.03


def test_the_market_moves_at_its_rate_and_stands_still_at_rate_zero() -> None:
    for rate, moves in ((200.0, True), (0.0, False)):
        with serving(PaperSettings(rate=rate)) as broker, broker.client() as client:
            before = client.get("/v2/accounts/PAPER-1/orders").text
            changed = any(client.get("/v2/accounts/PAPER-1/orders").text != before for _ in range(20))
        assert changed is moves
