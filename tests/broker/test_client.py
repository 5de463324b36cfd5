"""The calls, as they stand on the wire and as they are read back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import Forbidden, NotFound, NotSent, Unreadable
from blotter.broker.wire.cancels import AccountFields, CancelReply
from blotter.core.account import Account
from blotter.core.order import Order
from tests.broker.canary import CANARY, TOKEN
from tests.broker.http_server import answer, replies, serve
from tests.broker.samples import ACCOUNT, ORDER, record

TAKEN = {
    "success": True,
    "clOrdId": "A7-000413",
    "origClOrdId": ORDER.cl_ord_id,
    "status": "PENDING_CANCEL",
    "text": "",
}


async def test_accounts_are_read_from_the_newer_call() -> None:
    body = {
        "accounts": [
            {
                "trading_account_id": "PAPER-77",
                "broker_account_id": "",
                "status": "OPEN",
                "is_sim": True,
                "account_type": "",
                "account_class": "",
            },
            {"trading_account_id": "", "status": "NEW", "is_sim": False},
            {"trading_account_id": "L-1", "status": "CLOSED", "is_sim": False},
        ]
    }
    async with serve(replies(answer(body))) as server, Client(server.url, TOKEN) as client:
        assert await client.accounts() == (
            Account("PAPER-77", True, "OPEN"),
            Account("", False, "NEW"),
            Account("L-1", False, "CLOSED"),
        )
    [request] = server.requests
    assert (request.method, request.target) == ("GET", "/v2/users/me/accounts")
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.headers["accept-encoding"] == "identity"


async def test_accounts_are_read_from_the_older_call_where_there_is_no_newer() -> None:
    old = {"accounts": [{"id": 7, "sterling_account_id": "ST-1", "status": "OPEN", "is_sim": False}]}
    script = replies(answer({"error": "no such path"}, 404), answer(old))
    async with serve(script) as server, Client(server.url, TOKEN) as client:
        assert await client.accounts() == (Account("ST-1", False, "OPEN"),)
    assert [request.target for request in server.requests] == ["/v2/users/me/accounts", "/v1/users/me/accounts"]


async def test_no_other_refusal_leads_to_the_older_call() -> None:
    async with serve(replies(answer("", 403))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(Forbidden):
            await client.accounts()
    assert len(server.requests) == 1


async def test_accounts_that_neither_call_knows_are_not_found() -> None:
    async with serve(replies(answer("", 404))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotFound):
            await client.accounts()


async def test_a_page_of_orders() -> None:
    body = {"orders": [record(), record(clOrdId="b", qty="x")], "nextCursor": 2**60}
    async with serve(replies(answer(body))) as server, Client(server.url + "/", TOKEN) as client:
        page = await client.orders(ACCOUNT, cursor=2**59, limit=200)
    assert [name for name, _ in page.orders] == ["A7-000412"]
    assert page.orders[0][1]["price"] == Decimal("401.25")
    assert [bad.cl_ord_id for bad in page.unreadable] == ["b"]
    assert page.next_cursor == 2**60
    assert server.requests[0].target == f"/v2/accounts/PAPER-77/orders?limit=200&cursor={2**59}"


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ("a/../b", "/v2/accounts/a%2F..%2Fb/orders"),
        ("..", "/v2/accounts/%2E%2E/orders"),
        ("a?b#c%41", "/v2/accounts/a%3Fb%23c%2541/orders"),
    ],
)
async def test_no_account_id_reaches_another_path(account: str, path: str) -> None:
    async with serve(replies(answer({"orders": None}))) as server, Client(server.url, TOKEN) as client:
        await client.orders(account)
    assert server.requests[0].target.partition("?")[0] == path


async def test_an_account_without_an_id_is_not_asked_for() -> None:
    async with serve(replies(answer({"orders": []}))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent, match="no id"):
            await client.orders("")
    assert server.connections == 0


async def test_the_history_starts_at_a_moment_in_utc() -> None:
    start = datetime(2026, 11, 22, 3, 0, 0, 999_999, timezone(timedelta(hours=-5)))
    async with serve(replies(answer({"orders": [], "nextCursor": 0}))) as server, Client(server.url, TOKEN) as client:
        await client.history(ACCOUNT, start)
    [request] = server.requests
    assert request.target == "/v2/accounts/PAPER-77/orders/history?from=2026-11-22T08%3A00%3A00Z&limit=500&cursor=0"


async def test_a_cancel_and_its_reply() -> None:
    async with serve(replies(answer(TAKEN))) as server, Client(server.url, TOKEN) as client:
        reply = await client.cancel(ORDER)
    assert isinstance(reply, CancelReply)
    assert (reply.success, reply.status, reply.orig_cl_ord_id) == (True, "PENDING_CANCEL", ORDER.cl_ord_id)
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/v1/orders/cancel")
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "origClOrdId": "A7-000412",
        "accountId": ACCOUNT,
        "tradingAccountId": ACCOUNT,
        "symbol": "MSFT",
        "side": "BUY",
        "securityType": "CS",
    }


@pytest.mark.parametrize(("fields", "dropped"), [("accountId", "tradingAccountId"), ("tradingAccountId", "accountId")])
async def test_either_account_name_can_be_dropped(fields: str, dropped: str) -> None:
    async with (
        serve(replies(answer(TAKEN))) as server,
        Client(server.url, TOKEN, account_fields=AccountFields(fields)) as client,
    ):
        await client.cancel(ORDER)
    sent = server.requests[0].json
    assert isinstance(sent, dict)
    assert fields in sent
    assert dropped not in sent


async def test_a_cancel_without_a_side_does_not_leave() -> None:
    async with serve(replies(answer(TAKEN))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent, match="no side"):
            await client.cancel(Order(ACCOUNT, "a", symbol="MSFT"))
    assert server.connections == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"success": "true", "status": "CANCELED"},
        {"success": 1},
        {"text": "well"},
        TAKEN | {"origClOrdId": "another"},
    ],
)
async def test_a_reply_that_leaves_the_outcome_in_doubt_is_unreadable(body: Any) -> None:
    async with serve(replies(answer(body))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(Unreadable):
            await client.cancel(ORDER)
    assert len(server.requests) == 1


async def test_connections_are_reused_and_nothing_is_sent_twice() -> None:
    async with serve(replies(answer({"orders": []}))) as server, Client(server.url, TOKEN) as client:
        for _ in range(3):
            await client.orders(ACCOUNT)
    assert (len(server.requests), server.connections) == (3, 1)


async def test_a_client_can_be_entered_again_and_used_only_inside() -> None:
    async with serve(replies(answer({"orders": []}))) as server:
        client = Client(server.url, TOKEN)
        for _ in range(2):
            async with client:
                await client.orders(ACCOUNT)
        with pytest.raises(RuntimeError, match="not entered"):
            await client.orders(ACCOUNT)


async def test_a_base_url_that_may_not_be_sent_a_token_makes_no_client() -> None:
    with pytest.raises(ValueError, match="must use https"):
        Client("http://api.aries.com", TOKEN)


async def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serve(replies(answer(TAKEN))) as server, Client(server.url, TOKEN) as client:
        await client.cancel(ORDER)
    assert caplog.records
    assert CANARY not in caplog.text
