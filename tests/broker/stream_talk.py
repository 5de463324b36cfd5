"""Short words for tests about the stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from blotter.broker.errors import StreamClosed
from blotter.broker.stream import (
    Heard,
    Stream,
    StreamEvent,
    connect,
)
from tests.broker.canary import TOKEN
from tests.broker.samples import ACCOUNT
from tests.broker.stream_server import Peer, stream_server

CANCELED = {"clOrdId": "A7-000412", "ordStatus": "CANCELED", "leavesQty": "0"}


def event(**payload: Any) -> dict[str, Any]:
    return {"type": "event", "payload": payload}


async def take(stream: Stream, count: int = 1) -> list[StreamEvent]:
    """The next events that are more than a sign of life."""
    found: list[StreamEvent] = []
    async with asyncio.timeout(5):
        async for came in stream:
            if not isinstance(came, Heard):
                found.append(came)
            if len(found) == count:
                break
    return found


async def events_of(*frames: object, subscribe: bool = True) -> list[StreamEvent]:
    """All events that these frames bring after authentication, before the stream ends."""

    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        if subscribe:
            await peer.subscribed()
        for frame in frames:
            await peer.say(*(frame if isinstance(frame, tuple) else (frame,)))
        await peer.socket.close()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        if subscribe:
            await stream.subscribe(ACCOUNT)
        return [came async for came in to_the_end(stream) if not isinstance(came, Heard)]


async def to_the_end(stream: Stream) -> AsyncIterator[StreamEvent]:
    """All events until the stream ends, which must be by closing."""
    try:
        async for came in stream:
            yield came
    except StreamClosed:
        return
    raise AssertionError("it ended without a word")
