"""Requests as a client would send them, and orders to send them about."""

from __future__ import annotations

from typing import Any

import httpx

Record = dict[str, Any]


def placement(**changes: Any) -> Record:
    """A good body for ``POST /v1/orders``; ``None`` takes a field out."""
    body: Record = {
        "tradingAccountId": "PAPER-1",
        "symbol": "MSFT",
        "side": "BUY",
        "type": "LIMIT",
        "qty": "7",
        "price": "401.10",
        "timeInForce": "DAY",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def leg(**changes: Any) -> Record:
    """A good leg to send."""
    sent: Record = {
        "securityType": "OPT",
        "side": "BUY",
        "ratioQty": "1",
        "positionEffect": "OPEN",
        "putCall": "CALL",
        "strikePrice": "205",
        "maturity": "2031-06-20",
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


def cancel_of(order: Record, **changes: Any) -> Record:
    """A good body for ``POST /v1/orders/cancel``."""
    body: Record = {
        "origClOrdId": order["clOrdId"],
        "tradingAccountId": order["accountId"],
        "accountId": order["accountId"],
        "symbol": order["symbol"],
        "side": order["side"],
        "securityType": "OPT" if order.get("legs") else "CS",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def place(client: httpx.Client, **changes: Any) -> Record:
    """Place an order and read it back from the list."""
    answer = client.post("/v1/orders", json=placement(**changes))
    assert answer.status_code == 200, answer.text
    return find(client, answer.json()["clOrdId"])


def find(client: httpx.Client, cl_ord_id: str, account: str = "PAPER-1") -> Record:
    orders: list[Record] = client.get(f"/v2/accounts/{account}/orders", params={"limit": 500}).json()["orders"]
    return next(order for order in orders if order["clOrdId"] == cl_ord_id)
