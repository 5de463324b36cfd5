from __future__ import annotations

from typing import Any

import httpx
import pytest

from blotter.paper.grants import READ_ORDERS
from tests.paper.samples import find, leg, place, placement
from tests.paper.serving import Serving

OSI = "AAPL  310620C00205000"


def test_a_placed_order_is_acknowledged_and_listed(client: httpx.Client) -> None:
    answer = client.post("/v1/orders", json=placement(clientId="mine"))
    body = answer.json()
    assert answer.status_code == 200
    assert body["success"] is True
    assert (body["status"], body["qty"], body["leavesQty"], body["avgPrice"]) == ("PENDING_NEW", "7", "7", "0")
    order = find(client, body["clOrdId"])
    assert (order["symbol"], order["price"], order["clientId"]) == ("MSFT", "401.10", "mine")
    assert (order["securityType"], order["category"], order.get("legs")) == ("EQUITY", "EQUITY", None)


@pytest.mark.parametrize("changes", [{"accountId": "PAPER-1"}, {"accountId": "PAPER-1", "tradingAccountId": None}])
def test_either_name_of_the_account_is_taken(client: httpx.Client, changes: dict[str, Any]) -> None:
    assert place(client, **changes)["accountId"] == "PAPER-1"


@pytest.mark.parametrize(
    ("sent", "read"), [("ATO", "AT_THE_OPENING"), ("ATC", "AT_THE_CLOSE"), ("EXT", "EXTENDED_HOURS")]
)
def test_short_times_in_force_are_read_back_in_full(client: httpx.Client, sent: str, read: str) -> None:
    assert place(client, timeInForce=sent)["timeInForce"] == read


def test_an_option_symbol_becomes_one_leg(client: httpx.Client) -> None:
    order = place(client, symbol=OSI, side="SELL", price="3.10")
    assert order["symbol"] == OSI
    assert (order["securityType"], order["category"]) == ("OPTION", "SINGLE_LEG")
    (only,) = order["legs"]
    assert (only["symbol"], only["side"], only["securityType"]) == (OSI, "SELL", "OPTION")
    assert (only["maturity"], only["strikePrice"], only["putCall"]) == ("2031-06-20", "205", "CALL")


def test_a_leg_is_described_by_three_fields_or_a_symbol(client: httpx.Client) -> None:
    described = place(client, symbol="AAPL", price="3", legs=[leg(side="S", positionEffect="C", putCall="C")])
    named = place(
        client, symbol="AAPL", price="3", legs=[leg(symbol=OSI, putCall=None, strikePrice=None, maturity=None)]
    )
    assert described["legs"][0]["symbol"] == named["legs"][0]["symbol"] == OSI
    assert (described["legs"][0]["side"], described["legs"][0]["positionEffect"]) == ("SELL", "CLOSE")


def test_a_strategy_has_a_net_price_of_either_sign(client: httpx.Client) -> None:
    legs = [leg(), leg(side="SELL", strikePrice="210")]
    order = place(client, symbol="AAPL", price="-1.25", legs=legs)
    assert (order["category"], order["price"], len(order["legs"])) == ("MULTI_LEG", "-1.25", 2)


def test_a_covered_call_may_have_a_leg_of_shares(client: httpx.Client) -> None:
    shares = {"securityType": "CS", "side": "BUY", "ratioQty": "100", "positionEffect": "OPEN"}
    order = place(client, symbol="AAPL", price="170", legs=[shares, leg(side="SELL")])
    assert order["legs"][0] == {
        "symbol": "AAPL",
        "side": "BUY",
        "ratioQty": "100",
        "positionEffect": "OPEN",
        "securityType": "EQUITY",
        "maturity": "",
        "strikePrice": "",
        "putCall": "",
        "avgPrice": "0",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tradingAccountId": None}, "tradingAccountId"),
        ({"accountId": "PAPER-2"}, "accountId"),
        ({"symbol": None}, "symbol"),
        ({"symbol": "msft"}, "symbol"),
        ({"symbol": "A" * 22}, "symbol"),
        ({"symbol": "AAPL  010620C00205000"}, "symbol"),
        ({"side": None}, "side"),
        ({"side": "HOLD"}, "side"),
        ({"type": "PEG"}, "type"),
        ({"timeInForce": "GTD"}, "timeInForce"),
        ({"qty": None}, "qty"),
        ({"qty": 7}, "qty"),
        ({"qty": "0"}, "qty"),
        ({"qty": "-1"}, "qty"),
        ({"qty": "1e3"}, "qty"),
        ({"qty": "NaN"}, "qty"),
        ({"price": None}, "price"),
        ({"price": "0"}, "price"),
        ({"price": "1.123456"}, "price"),
        ({"stopPrice": "400"}, "stopPrice"),
        ({"type": "MARKET"}, "price"),
        ({"type": "STOP", "price": None}, "stopPrice"),
        ({"type": "STOP_LIMIT"}, "stopPrice"),
        ({"clientId": "x" * 51}, "clientId"),
        ({"currency": "usd"}, "currency"),
        ({"legs": "none"}, "legs"),
        ({"legs": [leg()] * 5}, "legs"),
        ({"legs": [leg(side="HOLD")]}, "legs[0].side"),
        ({"legs": [leg(securityType="OPTION")]}, "legs[0].securityType"),
        ({"legs": [leg(), leg(ratioQty=None)]}, "legs[1].ratioQty"),
        ({"legs": [leg(ratioQty="1.5")]}, "legs[0].ratioQty"),
        ({"legs": [leg(positionEffect=None)]}, "legs[0].positionEffect"),
        ({"legs": [leg(maturity="2031-02-30")]}, "legs[0].maturity"),
        ({"legs": [leg(maturity="2001-06-15")]}, "legs[0].maturity"),
        ({"legs": [leg(strikePrice="205.0005")]}, "legs[0].strikePrice"),
        ({"legs": [leg(putCall=None)]}, "legs[0].symbol"),
        ({"symbol": OSI, "timeInForce": "IOC"}, "timeInForce"),
        ({"symbol": OSI, "side": "SELL_SHORT"}, "side"),
        ({"symbol": OSI, "qty": "1.5"}, "qty"),
    ],
)
def test_what_is_wrong_is_named_in_the_flat_shape(client: httpx.Client, changes: dict[str, Any], field: str) -> None:
    answer = client.post("/v1/orders", json=placement(**changes))
    body = answer.json()
    assert answer.status_code == 400
    assert isinstance(body["error"], str)
    assert body["codes"][0]["field"] == field
    assert all(set(code) == {"code", "description", "field"} for code in body["codes"])


def test_everything_wrong_is_said_at_once(client: httpx.Client) -> None:
    codes = client.post("/v1/orders", json=placement(side="X", type="Y", qty="Z")).json()["codes"]
    assert [code["field"] for code in codes] == ["side", "type", "qty"]


def test_an_unknown_account_is_not_found_in_the_nested_shape(client: httpx.Client) -> None:
    answer = client.post("/v1/orders", json=placement(tradingAccountId="ACC-1"))
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/orders/cancel"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 30_000])
def test_a_body_that_is_no_object_is_refused(client: httpx.Client, path: str, content: bytes) -> None:
    answer = client.post(path, content=content)
    assert answer.status_code == 400
    assert isinstance(answer.json()["error"], str)


def test_a_huge_body_is_refused(client: httpx.Client) -> None:
    assert client.post("/v1/orders", content=b" " * 100_000).status_code == 413


def test_placing_needs_the_scope(broker: Serving) -> None:
    with broker.client(broker.grants.grant(frozenset({READ_ORDERS}))) as client:
        answer = client.post("/v1/orders", json=placement())
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "AUTHORIZATION")
