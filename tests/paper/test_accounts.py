from __future__ import annotations

import httpx
import pytest

from blotter.paper.grants import READ_ORDERS
from tests.paper.serving import Serving


def test_all_accounts_are_simulated_and_have_their_six_keys(client: httpx.Client) -> None:
    answer = client.get("/v2/users/me/accounts")
    assert answer.headers["content-type"] == "application/json"
    accounts = answer.json()["accounts"]
    assert [account["trading_account_id"] for account in accounts] == ["PAPER-1", "PAPER-2", "PAPER-3"]
    for account in accounts:
        keys = {"trading_account_id", "broker_account_id", "status", "is_sim", "account_type", "account_class"}
        assert set(account) == keys
        assert (account["status"], account["is_sim"]) == ("OPEN", True)


def test_the_former_call_has_numbers_for_ids(client: httpx.Client) -> None:
    first = client.get("/v1/users/me/accounts").json()["accounts"][0]
    assert first["id"] == 1
    assert first["sterling_account_id"] == "PAPER-1"
    assert first["is_sim"] is True


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_scope_is_asked_for(broker: Serving, version: str) -> None:
    with broker.client(broker.grants.grant(frozenset({READ_ORDERS}))) as client:
        answer = client.get(f"/{version}/users/me/accounts")
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "AUTHORIZATION"
    assert "account:information" in answer.json()["error"]["message"]
