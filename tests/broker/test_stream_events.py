"""What a stream says, wherever in a message it says it."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from blotter.broker.stream import (
    Heard,
    OrderEvent,
    SessionExpired,
    Snapshot,
    UnreadableEvent,
    connect,
)
from tests.broker.canary import TOKEN
from tests.broker.samples import ACCOUNT, record
from tests.broker.stream_server import Peer, stream_server
from tests.broker.stream_talk import CANCELED, event, events_of, take


async def test_a_subscription_and_its_snapshot() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        assert (
            await peer.subscribed(
                data={"account": {}, "positions": [], "ordersV2": [record(), record(clOrdId="b", qty="x")]}
            )
            == ACCOUNT
        )
        assert peer.heard[1]["type"] == "subscribe"
        assert peer.heard[1]["payload"] == {"topic": "account", "params": {"accountId": ACCOUNT}}
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        await stream.subscribe(ACCOUNT)
        [snapshot] = await take(stream)
    assert isinstance(snapshot, Snapshot)
    assert snapshot.account == ACCOUNT
    assert [name for name, _ in snapshot.orders] == ["A7-000412"]
    assert [bad.cl_ord_id for bad in snapshot.unreadable] == ["b"]


@pytest.mark.parametrize(
    "payload",
    [
        {"ordersV2": [CANCELED]},
        {"data": {"ordersV2": [CANCELED]}},
        {"data": {"account": {"x": {"y": {"ordersV2": [CANCELED]}}}}},
        {"topic": "account", "target": ACCOUNT, "data": {"positions": [], "ordersV2": [CANCELED]}},
        {"params": {"accountId": ACCOUNT}, "data": {"ordersV2": [CANCELED]}},
    ],
)
async def test_a_snapshot_is_found_anywhere_under_the_payload(payload: dict[str, Any]) -> None:
    [snapshot] = await events_of({"type": "event", "payload": payload})
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.account, len(snapshot.orders)) == (ACCOUNT, 1)


async def test_a_snapshot_of_nothing() -> None:
    assert await events_of(event(data={"ordersV2": None})) == [Snapshot(ACCOUNT, (), ())]


async def test_a_snapshot_that_comes_without_an_id_answers_the_subscription() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.next()
        await peer.say(event(topic="account", target=ACCOUNT, data={"ordersV2": [record()]}))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        async with asyncio.timeout(2):
            await stream.subscribe(ACCOUNT)


async def test_events_before_the_answer_wait_for_their_reader() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        asked = await peer.next()
        await peer.say(event(topic="account", name="account.order", target=ACCOUNT, data=CANCELED))
        await peer.say({"type": "response", "payload": {"id": asked["id"], "status": 200}})
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        await stream.subscribe(ACCOUNT)
        assert await take(stream) == [
            OrderEvent(ACCOUNT, "A7-000412", {"ord_status": "CANCELED", "leaves_qty": Decimal(0)})
        ]


@pytest.mark.parametrize(
    ("payload", "account"),
    [
        ({"topic": "account", "name": "account.order", "target": ACCOUNT, "data": CANCELED}, ACCOUNT),
        ({"topic": "accUpdates", "data": CANCELED}, ACCOUNT),
        ({"topic": "account", "name": "account.order", "target": "B", "data": CANCELED}, "B"),
        ({"topic": "account", "target": "B", "data": CANCELED | {"accountId": ACCOUNT}}, ACCOUNT),
        ({"topic": "x", "data": [CANCELED]}, ACCOUNT),
        ({"name": "ORDER", "data": {"clOrdId": "A7-000412", "ordStatus": "CANCELED", "leavesQty": 0}}, ACCOUNT),
    ],
)
async def test_whatever_looks_like_an_order_is_one(payload: dict[str, Any], account: str) -> None:
    fields = {"ord_status": "CANCELED", "leaves_qty": Decimal(0)}
    assert await events_of({"type": "event", "payload": payload}) == [OrderEvent(account, "A7-000412", fields)]  # type: ignore[arg-type]  # a plain dict equals it


@pytest.mark.parametrize(
    "message",
    [
        {"type": "pong", "id": "ping-1"},
        event(topic="account", name="account.position", target=ACCOUNT, data={"symbol": "MSFT", "qty": "5"}),
        event(topic="account", name="account.execution", data={"clOrdId": "A7-000412", "price": "1", "qty": "2"}),
        event(topic="news", data=[{"headline": "x"}]),
        {"type": "novelty"},
        {"payload": None},
        {"type": 5, "id": [], "payload": {"action": {}, "status": "x", "data": 7}},
        {},
    ],
)
async def test_anything_else_is_a_sign_of_life(message: object) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.say(message)
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        came = [await anext(aiter(stream)) for _ in range(2)]
    assert came == [Heard(), Heard()]


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ("not json", "not JSON"),
        ("[" * 100_000, "nested"),
        ("[]", "no object"),
        ("7", "no object"),
        (b"\xff\xfe", "not JSON"),
        (event(name="account.order", target=ACCOUNT, data={"clOrdId": "a", "qty": "x"}), "qty"),
        (event(name="account.order", target=ACCOUNT, data={"ordStatus": "NEW"}), "clOrdId"),
        (event(name="account.order", target=ACCOUNT), "no order in it"),
        (event(data={"ordersV2": 5}), "not a list"),
    ],
)
async def test_a_message_that_cannot_be_read_costs_itself(frame: object, why: str) -> None:
    bad, good = await events_of(frame, event(target=ACCOUNT, data=CANCELED))
    assert isinstance(bad, UnreadableEvent)
    assert why in bad.reason
    assert isinstance(good, OrderEvent)


async def test_an_order_that_cannot_be_read_is_named() -> None:
    [bad] = await events_of(event(name="account.order", target=ACCOUNT, data={"clOrdId": "a", "qty": "x"}))
    assert isinstance(bad, UnreadableEvent)
    assert (bad.account, bad.cl_ord_id) == (ACCOUNT, "a")


async def test_an_order_of_nobody_knows_whom_is_not_guessed() -> None:
    [bad] = await events_of(event(data=CANCELED), subscribe=False)
    assert isinstance(bad, UnreadableEvent)
    assert (bad.account, bad.cl_ord_id) == ("", "A7-000412")


async def test_a_frame_of_several_lines_brings_each() -> None:
    one, two, three = (event(target=ACCOUNT, data=CANCELED | {"clOrdId": name}) for name in "abc")
    found = await events_of((one, two), json.dumps(three).encode())
    assert [came.cl_ord_id for came in found if isinstance(came, OrderEvent)] == ["a", "b", "c"]


@pytest.mark.parametrize("action", ["authExpired", "authRequired", "authTimeout"])
async def test_an_expired_session_is_said_in_every_way(action: str) -> None:
    assert await events_of(event(action=action)) == [SessionExpired()]
