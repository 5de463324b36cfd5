"""Subscribing, staying alive, and every way in which a stream ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from blotter.broker.errors import StreamClosed, SubscribeRefused
from blotter.broker.stream import (
    Heard,
    OrderEvent,
    connect,
)
from tests.broker.canary import TOKEN
from tests.broker.samples import ACCOUNT
from tests.broker.stream_server import Peer, stream_server
from tests.broker.stream_talk import CANCELED, event, take


@pytest.mark.parametrize(
    ("no", "status", "words"),
    [
        (
            {"type": "response", "payload": {"status": 403, "code": "FORBIDDEN", "message": "not yours"}},
            403,
            "not yours",
        ),
        ({"type": "event", "payload": {"action": "error", "error": "no such account"}}, None, "no such account"),
        ({"type": "response", "payload": {"error": {"code": "X", "message": "no"}}}, None, "no"),
    ],
)
async def test_a_refused_subscription_leaves_the_stream_standing(
    no: dict[str, Any], status: int | None, words: str
) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        asked = await peer.next()
        await peer.say(no | {"id": asked["id"]})
        await peer.subscribed()
        await peer.say(event(data=CANCELED))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        with pytest.raises(SubscribeRefused) as caught:
            await stream.subscribe("OTHER")
        await stream.subscribe(ACCOUNT)
        [came] = await take(stream)
    assert isinstance(came, OrderEvent)
    assert came.account == ACCOUNT
    assert (caught.value.status, caught.value.words) == (status, words)


async def test_a_ping_is_answered_by_a_sign_of_life() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        asked = await peer.next()
        assert asked["type"] == "ping"
        await peer.say({"type": "pong", "id": asked["id"]})
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        events = aiter(stream)
        assert await anext(events) == Heard()
        await stream.ping()
        async with asyncio.timeout(2):
            assert await anext(events) == Heard()


def hang_up(peer: Peer) -> Awaitable[None]:
    return peer.socket.close(4001, "bye")


async def drop(peer: Peer) -> None:
    peer.socket.transport.abort()


@pytest.mark.parametrize(("end", "said"), [(hang_up, "closed it (code 4001)"), (drop, "the connection was lost")])
async def test_every_end_is_an_error_for_all_who_wait(end: Callable[[Peer], Awaitable[None]], said: str) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.next()
        await end(peer)

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        asking = asyncio.create_task(stream.subscribe(ACCOUNT))
        for _ in range(2):
            with pytest.raises(StreamClosed) as caught:
                await take(stream)
            assert said in str(caught.value)
        for call in (asking, stream.subscribe(ACCOUNT), stream.ping()):
            with pytest.raises(StreamClosed):
                await call


async def test_leaving_does_not_wait_for_a_broker_that_reads_nothing() -> None:
    left = asyncio.Event()

    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        peer.socket.transport.pause_reading()
        await left.wait()
        peer.socket.transport.abort()

    async with stream_server(conversation) as url:
        async with connect(url, TOKEN, close_timeout=0.2):
            pass
        assert not left.is_set()
        left.set()


async def test_a_leaving_that_is_cut_off_closes_the_connection_all_the_same() -> None:
    """A desk that ends does not wait for the goodbye of a broker that is gone: nothing of it may stay open."""
    loop = asyncio.get_running_loop()
    asked, gone = asyncio.Event(), loop.create_future()

    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        peer.socket.transport.pause_reading()
        with peer.socket.transport.get_extra_info("socket").dup() as line:
            try:
                async with asyncio.timeout(5):
                    while await loop.sock_recv(line, 4096):
                        asked.set()
                gone.set_result(True)
            except TimeoutError:
                gone.set_result(False)

    async def leave(url: str) -> None:
        async with connect(url, TOKEN, close_timeout=60):
            pass

    async with stream_server(conversation) as url:
        leaving = asyncio.create_task(leave(url))
        await asked.wait()
        assert leaving.cancel()
        assert await gone
        assert leaving.cancelled()
