from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.wire.cancels import AccountFields, cancel_body, read_cancel
from blotter.broker.wire.json import NotJson
from blotter.core.order import Leg, Order
from tests.broker.samples import ACCOUNT, ORDER
from tests.broker.wire.strategies import anything

CALL = Leg(
    "AAPL  260619C00205000",
    "BUY",
    security_type="OPTION",
    maturity="2026-06-19",
    strike_price="205.00",
    put_call="CALL",
)
CONTRACT = {"putCall": "CALL", "strikePrice": "205", "maturity": "2026-06-19", "securityType": "OPT"}


def option(symbol: str, *legs: Leg, security_type: str = "OPTION") -> Order:
    return Order(ACCOUNT, "A7-000555", symbol=symbol, side="SELL", security_type=security_type, legs=legs)


def test_both_account_names_are_sent_and_nothing_that_the_api_has_no_place_for() -> None:
    assert cancel_body(ORDER) == {
        "origClOrdId": "A7-000412",
        "accountId": ACCOUNT,
        "tradingAccountId": ACCOUNT,
        "symbol": "MSFT",
        "side": "BUY",
        "securityType": "CS",
    }


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (AccountFields.BOTH, {"accountId", "tradingAccountId"}),
        (AccountFields.ACCOUNT_ID, {"accountId"}),
        (AccountFields.TRADING_ACCOUNT_ID, {"tradingAccountId"}),
    ],
)
def test_which_account_names_are_sent_is_a_setting(fields: AccountFields, names: set[str]) -> None:
    assert {"accountId", "tradingAccountId"} & set(cancel_body(ORDER, fields)) == names


@pytest.mark.parametrize(
    ("read", "sent"), [("EQUITY", "CS"), ("CS", "CS"), ("OPTION", "OPT"), ("OPT", "OPT"), ("", "CS")]
)
def test_security_types_are_translated(read: str, sent: str) -> None:
    assert cancel_body(replace(ORDER, security_type=read))["securityType"] == sent


@pytest.mark.parametrize("side", ["BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER", "LEND"])
def test_the_side_is_sent_as_it_was_read(side: str) -> None:
    assert cancel_body(replace(ORDER, side=side))["side"] == side


@pytest.mark.parametrize(
    "order",
    [
        option("AAPL", CALL),
        option("AAPL", replace(CALL, symbol="AAPL")),
        option("AAPL  260619C00205000"),
        option("AAPL260619C00205000"),
        option("O:AAPL260619C00205000"),
        option("AAPL  260619C00205000", CALL, security_type=""),
    ],
)
def test_a_single_option_is_named_by_its_three_scalars(order: Order) -> None:
    body = cancel_body(order)
    assert CONTRACT.items() <= body.items()
    assert body["symbol"] == order.symbol


def test_a_multi_leg_order_goes_without_them() -> None:
    body = cancel_body(option("AAPL", CALL, replace(CALL, symbol="AAPL  260619C00210000")))
    assert body["securityType"] == "OPT"
    assert not {"putCall", "strikePrice", "maturity", "legs"} & set(body)


def test_an_option_that_cannot_be_told_is_sent_as_one() -> None:
    body = cancel_body(option("AAPL", Leg(security_type="OPTION")))
    assert body["securityType"] == "OPT"
    assert "putCall" not in body


def test_a_side_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="no side"):
        cancel_body(replace(ORDER, side=""))


def reply(**said: Any) -> str:
    return json.dumps(said)


@pytest.mark.parametrize(
    ("text", "success", "status"),
    [
        (reply(success=True, status="PENDING_CANCEL", origClOrdId="A"), True, "PENDING_CANCEL"),
        (reply(success=True), True, ""),
        (reply(success=True, status="QUANTUM"), True, "QUANTUM"),
        (reply(success=True, status="REJECTED"), True, "REJECTED"),
        (reply(success=False, status="PENDING_CANCEL"), False, "PENDING_CANCEL"),
        (reply(success=False, text="too late"), False, ""),
        (reply(success=False, text="too late " * 1_000), False, ""),
        (reply(status="PENDING_CANCEL"), True, "PENDING_CANCEL"),
        (reply(status="CANCELED"), True, "CANCELED"),
        (reply(status="REJECTED", success=None), False, "REJECTED"),
        (reply(success=True, clOrdId=None, origClOrdId="", text=None, novelty=[1]), True, ""),
    ],
)
def test_what_a_reply_says(text: str, success: bool, status: str) -> None:
    found = read_cancel(text, "A")
    assert (found.success, found.status, found.raw) == (success, status, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        reply(text="ok"),
        reply(status=""),
        reply(status="NEW"),
        reply(status="FILLED"),
        reply(success="true"),
        reply(success=1),
        reply(success=True, origClOrdId="B"),
        reply(success=True, status=["CANCELED"]),
        '{"success":true,"success":false}',
        '{"success":true,"status":"CANCELED","status":"REJECTED"}',
        '{"success":true,"text":"\\ud800"}',
        '{"success":NaN}',
    ],
)
def test_a_reply_in_doubt_is_not_read(text: str) -> None:
    with pytest.raises(NotJson):
        read_cancel(text, "A")


@given(anything, st.dictionaries(st.sampled_from(["success", "status", "clOrdId", "origClOrdId", "text"]), anything))
def test_a_reply_is_read_or_refused_and_nothing_else(document: object, said: dict[str, Any]) -> None:
    for value in (document, said, {"success": True} | said):
        try:
            found = read_cancel(json.dumps(value), "A")
        except NotJson:
            continue
        assert found.orig_cl_ord_id in {"", "A"}
        f"{found.text}{found.raw}{found.status}{found.cl_ord_id}".encode()


@given(st.builds(Order, st.text(), st.text(), symbol=st.text(), side=st.text(min_size=1), security_type=st.text()))
def test_whatever_an_order_holds_its_cancel_can_be_written(order: Order) -> None:
    assert json.loads(json.dumps(cancel_body(order)).encode("ascii"))["symbol"] == order.symbol
