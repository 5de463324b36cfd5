"""A broker that writes a payload into every field that it has: lists, legs, accounts, answers, stream."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from blotter.broker.wire.values import LONGEST_ID, LONGEST_OF_LEG, LONGEST_WORD
from tests.broker.http_server import Request, Script, answer
from tests.desk.desk_broker import DeskBroker, account, running_broker
from tests.desk.feed.broker import TOKEN
from tests.hostile.payloads import PAYLOADS

Json = dict[str, Any]

TEXTS = (
    *("ordId", "clientId", "symbol", "side", "type", "timeInForce", "ordStatus", "currency", "exDestination"),
    *("text", "ordRejReason", "securityType", "category", "origClOrdId"),
)
REMARKS = ("clientId", "exDestination", "text", "ordRejReason")
LEG_TEXTS = ("symbol", "side", "positionEffect", "securityType", "maturity", "strikePrice", "putCall")


def poisoned(family: str, account_id: str) -> Json:
    """An order with the payload in all of its texts, as much of it as each takes in; its id says which family it is."""
    payload = PAYLOADS[family]
    leg = {**dict.fromkeys(LEG_TEXTS, payload[:LONGEST_OF_LEG]), "ratioQty": "1", "avgPrice": "1"}
    return {
        **dict.fromkeys(TEXTS, payload[:LONGEST_WORD]),
        **dict.fromkeys(REMARKS, payload),
        **dict.fromkeys(("ordId", "origClOrdId"), payload[:LONGEST_ID]),
        "clOrdId": f"{family}:{payload}"[:LONGEST_ID],
        "accountId": account_id,
        "qty": "100",
        "price": "10.5",
        "cumQty": "0",
        "leavesQty": "100",
        "legs": [leg, leg],
        "createdAt": "2026-11-20T02:00:00Z",
        "updatedAt": "2026-11-20T02:00:00Z",
    }


def refused(payload: str, status: int = 400) -> bytes:
    """An error body with the payload in all its words."""
    words = {"type": payload, "code": payload, "message": payload, "request_id": payload}
    return answer({"error": words, "message": payload, "codes": [{"field": payload, "description": payload}]}, status)


def rejected(payload: str, asked: str) -> bytes:
    """A cancel that is refused in the payload's words."""
    return answer({"success": False, "status": "REJECTED", "text": payload, "clOrdId": payload, "origClOrdId": asked})


def says(whole: bytes) -> Script:
    """Answer with this, whatever was asked."""

    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(whole)

    return script


def environment(broker: DeskBroker, **more: str) -> dict[str, str]:
    """What points the blotter to this broker and its stream."""
    return {
        "BLOTTER_BASE_URL": broker.server.url,
        "BLOTTER_STREAM_URL": broker.feed.stream_url,
        "BLOTTER_ACCESS_TOKEN": TOKEN,
        **more,
    }


@contextmanager
def hostile_broker(orders: dict[str, list[Json]]) -> Iterator[DeskBroker]:
    """Lists ``orders`` by account id, whatever the id is made of."""

    async def lists(request: Request, writer: asyncio.StreamWriter) -> None:
        name = unquote(urlsplit(request.target).path.split("/")[3], errors="surrogateescape")
        writer.write(answer({"orders": orders.get(name, []), "nextCursor": 0}))

    with running_broker() as broker:
        broker.accounts = answer({"accounts": [account(name, sim=False) for name in orders]})
        broker.feed.orders = {name: {one["clOrdId"]: one for one in listed} for name, listed in orders.items()}
        broker.on_list = lists
        yield broker
