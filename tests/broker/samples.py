"""Orders as the wire has them."""

from __future__ import annotations

from typing import Any

from blotter.core.order import Order

ACCOUNT = "PAPER-77"
ORDER = Order(account=ACCOUNT, cl_ord_id="A7-000412", symbol="MSFT", side="BUY", security_type="EQUITY")


def record(**changes: Any) -> dict[str, Any]:
    """A whole order record, in the shape of the API's list."""
    return {
        "clOrdId": "A7-000412",
        "ordId": "B-90211",
        "accountId": ACCOUNT,
        "clientId": "blotter-dev",
        "symbol": "MSFT",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "DAY",
        "qty": "40",
        "price": "401.25",
        "stopPrice": "",
        "ordStatus": "PARTIALLY_FILLED",
        "cumQty": "15",
        "leavesQty": "25",
        "avgPrice": "401.2",
        "currency": "USD",
        "exDestination": "MNGD",
        "text": "",
        "ordRejReason": "",
        "securityType": "EQUITY",
        "category": "EQUITY",
        "legs": [],
        "createdAt": "2026-05-04T13:31:00Z",
        "updatedAt": "2026-05-04T13:40:12Z",
    } | changes


LEG = {
    "symbol": "AAPL  260619C00205000",
    "side": "BUY",
    "ratioQty": "1",
    "positionEffect": "OPEN",
    "securityType": "OPTION",
    "maturity": "2026-06-19",
    "strikePrice": "205",
    "putCall": "CALL",
    "avgPrice": "3.1",
}
