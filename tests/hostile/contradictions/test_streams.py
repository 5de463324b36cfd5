"""Contradictions about the stream: its login, its length, its events and their times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from blotter.broker.stream import OrderEvent, connect
from tests.broker.canary import TOKEN
from tests.broker.samples import ACCOUNT
from tests.broker.stream_server import Peer, stream_server
from tests.broker.stream_talk import CANCELED, event, events_of
from tests.hostile.contradictions.talk import order


@pytest.mark.parametrize("more", [{}, {"action": "auth"}, {"method": "POST"}, {"action": "AuthSuccess"}])
async def test_row_13_authentication_is_sent_as_documented_and_its_yes_is_taken_in_any_case(
    more: dict[str, str],
) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        assert asked["payload"] == {"method": "post", "path": "/auth", "body": {"token": TOKEN.reveal()}}
        await peer.say({"type": "response", "id": asked["id"], "payload": {"status": 200} | more})
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN):
        pass


@pytest.mark.parametrize("name", ["account.order", "accUpdates", "order", "orders", "somethingNew", "", None])
@pytest.mark.parametrize("topic", ["account", "accUpdates", None])
async def test_row_14_whatever_looks_like_an_order_is_one(name: str | None, topic: str | None) -> None:
    payload = {"name": name, "topic": topic, "target": ACCOUNT, "data": CANCELED}
    [heard] = await events_of(event(**{key: value for key, value in payload.items() if value is not None}))
    assert isinstance(heard, OrderEvent)
    assert (heard.account, heard.cl_ord_id, heard.fields["ord_status"]) == (ACCOUNT, "A7-000412", "CANCELED")


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        ({"expiresIn": 3_900_000}, 3900.0),
        ({"expiresIn": 2_700_000}, 2700.0),
        ({"expiresIn": "2700000"}, 2700.0),
        ({}, None),
        ({"expiresIn": None}, None),
        ({"expiresIn": -1}, None),
    ],
)
async def test_row_15_a_session_is_as_long_as_the_broker_says(data: dict[str, object], seconds: float | None) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        await peer.say(event(action="authSuccess", id=asked["id"], data=data))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        assert stream.expires_in == seconds


@pytest.mark.parametrize(
    "stamp", [1_777_901_460_000, "2026-05-04T13:31:00Z", "2026-05-04T13:31:00.123456789+00:00", None]
)
async def test_row_17_a_time_is_milliseconds_or_rfc_3339(stamp: object) -> None:
    message = {"timestamp": stamp} | event(name="account.order", target=ACCOUNT, timestamp=stamp, data=CANCELED)
    [heard] = await events_of(message)
    assert isinstance(heard, OrderEvent)
    assert (await order(updatedAt="1777901460000")).updated_at == datetime(2026, 5, 4, 13, 31, tzinfo=UTC)
