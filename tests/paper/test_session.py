from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from blotter.paper.settings import PaperSettings
from tests.paper.samples import Record, cancel_of, placement
from tests.paper.serving import Listener, Serving, open_stream, serving


@pytest.fixture
async def stream(broker: Serving) -> AsyncIterator[Listener]:
    async with open_stream(broker) as socket:
        yield Listener(socket)


@pytest.fixture
async def session(broker: Serving, stream: Listener) -> Listener:
    """A stream that is authenticated."""
    assert (await stream.auth(broker.token))["payload"]["action"] == "authSuccess"
    return stream


@pytest.fixture
async def client(broker: Serving) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {broker.token}"}
    async with httpx.AsyncClient(base_url=broker.url, headers=headers, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture(scope="module")
def impatient() -> Iterator[Serving]:
    with serving(PaperSettings(rate=0, auth_seconds=0.2, session_seconds=0.6, warning_seconds=0.3)) as running:
        yield running


async def test_auth_success_carries_the_id_and_the_length_of_the_session(broker: Serving, stream: Listener) -> None:
    answer = await stream.auth(broker.token, "auth-7")
    timestamp = answer["payload"].pop("timestamp")
    assert answer == {
        "type": "event",
        "payload": {"action": "authSuccess", "id": "auth-7", "data": {"expiresIn": 3_900_000}},
    }
    assert isinstance(timestamp, int)


@pytest.mark.parametrize("method", ["post", "POST"])
@pytest.mark.parametrize("extra", [{}, {"action": "auth"}])
async def test_every_published_form_of_auth_is_taken(
    broker: Serving, stream: Listener, method: str, extra: dict[str, str]
) -> None:
    body = {"token": broker.token, **extra}
    payload = {"method": method, "path": "/auth", "body": body, **extra}
    await stream.send({"type": "request", "id": "a", "payload": payload})
    assert (await stream.next())["payload"]["action"] == "authSuccess"


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"method": "POST", "path": "/auth", "body": {"token": "wrong"}}, "authentication failed"),
        ({"method": "POST", "path": "/auth", "body": {"token": 5}}, "authentication failed"),
        ({"method": "POST", "path": "/auth", "body": {"auth": {"token": "deep"}}}, "token is required"),
        ({"method": "POST", "path": "/auth", "body": None}, "token is required"),
        ({"method": "GET", "path": "/auth", "body": {"token": "x"}}, "method must be POST"),
    ],
)
async def test_a_refused_auth_says_why_and_closes(stream: Listener, payload: dict[str, Any], error: str) -> None:
    await stream.send({"type": "request", "id": "auth-1", "payload": payload})
    answer = await stream.next()
    assert (answer["type"], answer["payload"]["action"]) == ("event", "error")
    assert (answer["payload"]["error"], answer["payload"]["id"]) == (error, "auth-1")
    assert await stream.closed() == 1008


async def test_nothing_but_a_ping_is_answered_before_auth(stream: Listener) -> None:
    await stream.send({"type": "ping", "id": "p-1"})
    assert await stream.next() == {"type": "pong", "id": "p-1"}
    answer = await stream.subscribe("PAPER-1")
    assert answer["payload"]["action"] == "authRequired"


async def test_who_does_not_authenticate_in_time_is_told_and_closed(impatient: Serving) -> None:
    async with open_stream(impatient) as socket:
        stream = Listener(socket)
        assert (await stream.next())["payload"]["action"] == "authTimeout"
        assert await stream.closed() == 1008


async def test_a_session_is_warned_then_ended(impatient: Serving) -> None:
    async with open_stream(impatient) as socket:
        stream = Listener(socket)
        await stream.auth(impatient.token)
        assert (await stream.next())["payload"]["action"] == "refreshAuth"
        assert (await stream.next())["payload"]["action"] == "authExpired"
        assert await stream.closed() == 1008


async def test_authenticating_again_renews_the_session(impatient: Serving) -> None:
    async with open_stream(impatient) as socket:
        stream = Listener(socket)
        await stream.auth(impatient.token)
        await stream.subscribe("PAPER-1")
        for _ in range(3):
            assert (await stream.next())["payload"]["action"] == "refreshAuth"
            assert (await stream.auth(impatient.token))["payload"]["action"] == "authSuccess"
        await stream.send({"type": "ping", "id": "still here"})
        assert (await stream.next())["id"] == "still here"


async def test_a_refused_renewal_leaves_the_session_its_time(broker: Serving, session: Listener) -> None:
    assert (await session.auth("wrong"))["payload"]["error"] == "authentication failed"
    assert (await session.subscribe("PAPER-1"))["type"] == "subscribed"


async def test_the_snapshot_is_in_the_answer(session: Listener, client: httpx.AsyncClient) -> None:
    answer = await session.subscribe("PAPER-2", "sub-9")
    listed = (await client.get("/v2/accounts/PAPER-2/orders", params={"limit": 500})).json()["orders"]
    assert (answer["type"], answer["id"], answer["payload"]["topic"]) == ("subscribed", "sub-9", "account")
    assert answer["payload"]["data"]["ordersV2"] == listed
    assert set(answer["payload"]["data"]) == {"account", "positions", "ordersV2"}


async def test_order_events_are_whole_records(session: Listener, client: httpx.AsyncClient) -> None:
    await session.subscribe("PAPER-1")
    order = await _place(client)
    message = await session.next()
    assert (message["type"], set(message["payload"])) == ("event", {"topic", "name", "target", "data"})
    assert (message["payload"]["name"], message["payload"]["target"]) == ("account.order", "PAPER-1")
    assert message["payload"]["data"] == order
    accepted = await session.until("ordStatus", "NEW")
    assert accepted["clOrdId"] == order["clOrdId"]
    assert accepted["ordId"]
    await client.post("/v1/orders/cancel", json=cancel_of(order))
    assert (await session.next())["payload"]["data"]["ordStatus"] == "PENDING_CANCEL"
    gone = (await session.next())["payload"]["data"]
    assert (gone["ordStatus"], gone["text"], gone["leavesQty"]) == ("CANCELED", "Cancel request processed", "0")


async def test_only_subscribed_accounts_are_heard_until_they_are_unsubscribed(
    session: Listener, client: httpx.AsyncClient
) -> None:
    await session.subscribe("PAPER-2")
    await _place(client)
    await session.send({"type": "ping", "id": "p"})
    assert (await session.next())["type"] == "pong"
    payload = {"topic": "account", "params": {"accountId": "PAPER-2"}}
    await session.send({"type": "unsubscribe", "id": "uns-1", "payload": payload})
    assert await session.next() == {"type": "response", "id": "uns-1", "payload": {"status": 200, "topic": "account"}}
    await _place(client, tradingAccountId="PAPER-2")
    await session.send({"type": "ping", "id": "q"})
    assert (await session.next())["id"] == "q"


async def test_subscribing_again_gives_a_fresh_snapshot(session: Listener, client: httpx.AsyncClient) -> None:
    before = (await session.subscribe("PAPER-3"))["payload"]["data"]["ordersV2"]
    await session.send({"type": "unsubscribe", "payload": {"topic": "account", "params": {"accountId": "PAPER-3"}}})
    await session.next()
    order = await _place(client, tradingAccountId="PAPER-3")
    after = (await session.subscribe("PAPER-3"))["payload"]["data"]["ordersV2"]
    assert [record["clOrdId"] for record in after] == [order["clOrdId"]] + [record["clOrdId"] for record in before]


async def test_the_other_topics_answer_in_their_shapes(session: Listener) -> None:
    params = {"accountId": "PAPER-1", "startTime": "2026-05-04T13:30:00Z", "interval": "1m"}
    for topic, sent, shape in (
        ("pnl", params, dict),
        ("watchlist", None, list),
        ("news", {"symbols": ["MSFT"], "topics": ["earnings"]}, list),
    ):
        payload = {"topic": topic} | ({"params": sent} if sent else {})
        await session.send({"type": "subscribe", "id": topic, "payload": payload})
        answer, first = await session.next(), await session.next()
        assert (answer["type"], answer["id"]) == ("subscribed", topic)
        assert first["payload"]["topic"] == topic
        assert isinstance(first["payload"]["data"], shape)


@pytest.mark.parametrize("kind", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize(
    ("payload", "status", "code"),
    [
        ({"topic": "account", "params": {"accountId": "ACC-1"}}, 403, "FORBIDDEN"),
        ({"topic": "account", "params": {}}, 400, "REQUIRED"),
        ({"topic": "account"}, 400, "REQUIRED"),
        ({"topic": "account", "params": {"accountId": 7}}, 400, "REQUIRED"),
        ({"topic": "weather"}, 400, "UNKNOWN_TOPIC"),
        ({"topic": ["account"]}, 400, "UNKNOWN_TOPIC"),
        ({}, 400, "UNKNOWN_TOPIC"),
    ],
)
async def test_a_refused_subscription_is_a_response_with_a_status(
    session: Listener, kind: str, payload: dict[str, Any], status: int, code: str
) -> None:
    await session.send({"type": kind, "id": "s", "payload": payload})
    answer = await session.next()
    assert (answer["type"], answer["id"]) == ("response", "s")
    assert (answer["payload"]["status"], answer["payload"]["code"]) == (status, code)
    assert answer["payload"]["message"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"startTime": "noon"}, "BAD_START_TIME"),
        ({"interval": "2m"}, "BAD_INTERVAL"),
        ({"accountId": "X"}, "FORBIDDEN"),
    ],
)
async def test_profit_and_loss_wants_a_start_and_a_known_interval(
    session: Listener, changes: dict[str, str], code: str
) -> None:
    params = {"accountId": "PAPER-1", "startTime": "2026-05-04T13:30:00Z"} | changes
    await session.send({"type": "subscribe", "id": "s", "payload": {"topic": "pnl", "params": params}})
    assert (await session.next())["payload"]["code"] == code


@pytest.mark.parametrize("frame", ["{", "[]", "7", '{"type":"subscribe","payload":[]}', b"\xff\xfe"])
async def test_rubbish_is_answered_and_survived(session: Listener, frame: str | bytes) -> None:
    await session.send(frame)
    answer = await session.next()
    assert (answer["payload"]["action"], answer["payload"]["error"]) == ("error", "message is not a JSON object")
    await session.send({"type": "ping"})
    assert await session.next() == {"type": "pong"}


async def test_unknown_messages_and_paths_are_refused_by_id(session: Listener) -> None:
    await session.send({"type": "dance", "id": "d"})
    assert (await session.next())["payload"]["id"] == "d"
    await session.send({"type": "request", "id": "r", "payload": {"method": "GET", "path": "/positions"}})
    assert (await session.next())["payload"]["status"] == 404


async def test_one_frame_may_hold_several_messages(session: Listener) -> None:
    await session.send("\n".join(json.dumps({"type": "ping", "id": ident}) for ident in ("a", "b")) + "\n")
    assert [(await session.next())["id"] for _ in range(2)] == ["a", "b"]


async def test_a_client_that_vanishes_disturbs_nobody(broker: Serving, client: httpx.AsyncClient) -> None:
    async with open_stream(broker) as socket:
        leaving = Listener(socket)
        await leaving.auth(broker.token)
        await leaving.subscribe("PAPER-1")
        socket.transport.abort()
    assert (await _place(client))["ordStatus"] == "PENDING_NEW"


async def _place(client: httpx.AsyncClient, **changes: Any) -> Record:
    """Place an order and read it back: nothing has happened to it yet."""
    body = placement(**changes)
    cl_ord_id = (await client.post("/v1/orders", json=body)).json()["clOrdId"]
    page = (await client.get(f"/v2/accounts/{body['tradingAccountId']}/orders")).json()
    return next(order for order in page["orders"] if order["clOrdId"] == cl_ord_id)
