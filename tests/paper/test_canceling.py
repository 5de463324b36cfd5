from __future__ import annotations

from typing import Any

import httpx
import pytest

from blotter.paper.grants import READ_ORDERS
from tests.paper.samples import Record, cancel_of, find, leg, place
from tests.paper.serving import Serving

OSI = "AAPL  310620C00205000"
CONTRACT = {"putCall": "CALL", "strikePrice": "205.00", "maturity": "2031-06-20"}


def test_a_cancel_is_acknowledged_and_pending(client: httpx.Client) -> None:
    order = place(client)
    answer = client.post("/v1/orders/cancel", json=cancel_of(order))
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"success", "clOrdId", "origClOrdId", "status", "text"}
    assert (body["success"], body["origClOrdId"], body["status"]) == (True, order["clOrdId"], "PENDING_CANCEL")
    listed = find(client, order["clOrdId"])
    assert (listed["ordStatus"], listed["leavesQty"]) == ("PENDING_CANCEL", "7")


def test_a_second_cancel_is_refused_with_a_success_code(client: httpx.Client) -> None:
    order = place(client)
    client.post("/v1/orders/cancel", json=cancel_of(order))
    answer = client.post("/v1/orders/cancel", json=cancel_of(order))
    assert answer.status_code == 200
    assert (answer.json()["success"], answer.json()["status"]) == (False, "REJECTED")
    assert answer.json()["text"]


@pytest.mark.parametrize(
    "changes",
    [
        {"accountId": None},
        {"tradingAccountId": None},
        {"securityType": None},
    ],
)
def test_what_may_be_left_out(client: httpx.Client, changes: dict[str, Any]) -> None:
    _is_accepted(client, cancel_of(place(client), **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        CONTRACT,
        CONTRACT | {"putCall": "C", "strikePrice": "205"},
        {"symbol": "AAPL310620C00205000"},
        {"symbol": "O:AAPL310620C00205000"},
    ],
)
def test_an_option_is_named_by_its_symbol_or_by_symbol_and_contract(
    client: httpx.Client, changes: dict[str, str]
) -> None:
    _is_accepted(client, cancel_of(place(client, symbol=OSI, price="3.10"), **changes))


@pytest.mark.parametrize("changes", [CONTRACT, {"symbol": OSI}, {"symbol": OSI} | CONTRACT])
def test_an_option_under_its_underlying_needs_the_contract(client: httpx.Client, changes: dict[str, str]) -> None:
    order = place(client, symbol="AAPL", price="3.10", legs=[leg()])
    _is_refused(client, cancel_of(order), "putCall")
    _is_refused(client, cancel_of(order, putCall="CALL", strikePrice="205"), "maturity")
    _is_accepted(client, cancel_of(order, **changes))


def test_a_strategy_is_named_without_a_contract(client: httpx.Client) -> None:
    order = place(client, symbol="AAPL", price="1.20", legs=[leg(), leg(side="SELL", strikePrice="210")])
    _is_refused(client, cancel_of(order, **CONTRACT), "putCall")
    _is_accepted(client, cancel_of(order))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origClOrdId": None}, "origClOrdId"),
        ({"origClOrdId": "x" * 101}, "origClOrdId"),
        ({"origClOrdId": 5}, "origClOrdId"),
        ({"tradingAccountId": None, "accountId": None}, "tradingAccountId"),
        ({"accountId": "PAPER-2"}, "accountId"),
        ({"symbol": None}, "symbol"),
        ({"symbol": "AAPL"}, "symbol"),
        ({"symbol": "A" * 22}, "symbol"),
        ({"side": None}, "side"),
        ({"side": "SELL"}, "side"),
        ({"side": "buy"}, "side"),
        ({"securityType": "EQUITY"}, "securityType"),
        ({"securityType": "OPT"}, "securityType"),
        ({"putCall": "CALL"}, "putCall"),
        ({"putCall": "STRADDLE"}, "putCall"),
        ({"strikePrice": "1e2"}, "strikePrice"),
        ({"maturity": "20310620"}, "maturity"),
    ],
)
def test_a_cancel_that_does_not_fit_its_order_is_refused(
    client: httpx.Client, changes: dict[str, Any], field: str
) -> None:
    order = place(client)
    _is_refused(client, cancel_of(order, **changes), field)
    assert find(client, order["clOrdId"])["ordStatus"] in ("PENDING_NEW", "NEW")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"putCall": "PUT"}, "putCall"),
        ({"strikePrice": "210"}, "strikePrice"),
        ({"maturity": "2031-07-18"}, "maturity"),
        ({"symbol": "AAPL  310620C00210000"}, "symbol"),
        ({"symbol": "AAPL"}, "symbol"),
        ({"securityType": "CS"}, "securityType"),
        ({"securityType": "OPTION"}, "securityType"),
    ],
)
def test_a_cancel_of_another_contract_is_refused(client: httpx.Client, changes: dict[str, str], field: str) -> None:
    order = place(client, symbol=OSI, price="3.10")
    _is_refused(client, cancel_of(order, **CONTRACT) | changes, field)


def test_an_unknown_order_is_not_found_and_so_is_one_of_another_account(client: httpx.Client) -> None:
    order = place(client)
    for body in (
        cancel_of(order, origClOrdId="P1-999999"),
        cancel_of(order, tradingAccountId="PAPER-2", accountId="PAPER-2"),
        cancel_of(order, tradingAccountId="ACC-9", accountId="ACC-9"),
    ):
        assert client.post("/v1/orders/cancel", json=body).status_code == 404


def test_canceling_needs_the_scope(broker: Serving, client: httpx.Client) -> None:
    order = place(client)
    with broker.client(broker.grants.grant(frozenset({READ_ORDERS}))) as reader:
        answer = reader.post("/v1/orders/cancel", json=cancel_of(order))
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "AUTHORIZATION")


def _is_accepted(client: httpx.Client, body: Record) -> None:
    answer = client.post("/v1/orders/cancel", json=body)
    assert (answer.status_code, answer.json().get("status")) == (200, "PENDING_CANCEL"), answer.text


def _is_refused(client: httpx.Client, body: Record, field: str) -> None:
    answer = client.post("/v1/orders/cancel", json=body)
    assert answer.status_code == 400, answer.text
    assert isinstance(answer.json()["error"], str)
    assert answer.json()["codes"][0]["field"] == field
