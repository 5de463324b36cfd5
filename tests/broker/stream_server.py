"""A tiny stream server: every connection is a conversation that the test writes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as _serve
from websockets.exceptions import ConnectionClosed

AUTHENTICATED = {"action": "authSuccess", "data": {"expiresIn": 3_900_000}}


class Peer:
    """The broker's end of one connection. ``heard`` holds all that arrived, opened."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []

    async def next(self) -> dict[str, Any]:
        """The next message from the client."""
        message: dict[str, Any] = json.loads(await self.socket.recv())
        self.heard.append(message)
        return message

    async def say(self, *messages: object) -> None:
        """Send one frame: text and bytes as they are, objects as JSON, several ones line by line."""
        if len(messages) == 1 and isinstance(messages[0], str | bytes):
            return await self.socket.send(messages[0])
        return await self.socket.send("\n".join(json.dumps(message) for message in messages))

    async def authenticated(self) -> None:
        """Take the token and say yes."""
        asked = await self.next()
        await self.say({"type": "event", "payload": AUTHENTICATED | {"id": asked["id"]}})

    async def subscribed(self, **payload: object) -> str:
        """Take a subscription and say yes; gives the account."""
        asked = await self.next()
        await self.say({"type": "subscribed", "id": asked["id"], "payload": {"topic": "account", **payload}})
        account: str = asked["payload"]["params"]["accountId"]
        return account

    async def stay(self) -> None:
        """Say nothing more until the client leaves."""
        await self.socket.wait_closed()


@asynccontextmanager
async def stream_server(conversation: Callable[[Peer], Awaitable[None]]) -> AsyncIterator[str]:
    """The URL of a server that holds this conversation on every connection; where it fails, the test does."""
    failures: list[BaseException] = []

    async def handle(socket: ServerConnection) -> None:
        try:
            with contextlib.suppress(ConnectionClosed):
                await conversation(Peer(socket))
        except (AssertionError, KeyError, TypeError) as error:
            failures.append(error)
            raise

    quiet = logging.getLogger(f"{__name__}.quiet")
    quiet.disabled = True
    async with asyncio.timeout(20):
        async with _serve(
            handle, "127.0.0.1", 0, max_size=None, ping_interval=None, logger=quiet, close_timeout=1
        ) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            yield f"ws://127.0.0.1:{port}/v1/accounts/ws"
        if failures:
            raise failures[0]
