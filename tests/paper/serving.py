"""The practice broker on a real socket, in a thread of the test."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect

from blotter.paper.clock import BrokerClock
from blotter.paper.exchange import Exchange
from blotter.paper.grants import Grants
from blotter.paper.listener import listen
from blotter.paper.server import application, server
from blotter.paper.settings import PaperSettings

WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A running practice broker and the way to it."""

    url: str
    grants: Grants
    settings: PaperSettings

    @property
    def token(self) -> str:
        return self.grants.token

    @property
    def stream_url(self) -> str:
        return self.url.replace("http", "ws") + "/v1/accounts/ws"

    def client(self, token: str | None = None) -> httpx.Client:
        """A plain client with the full token, or with another."""
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=WAIT, trust_env=False, verify=False)


@contextmanager
def serving(
    settings: PaperSettings | None = None, around: Callable[[ASGIApp], ASGIApp] = lambda app: app
) -> Iterator[Serving]:
    """Serve on a free port until the block ends. ``around`` puts something between the sockets and the broker."""
    settings = settings or PaperSettings(rate=0)
    grants = Grants()
    with listen(0) as listener:
        running = server(around(application(Exchange(settings, BrokerClock()), grants, settings)))
        thread = threading.Thread(target=lambda: asyncio.run(running.serve([listener])))
        thread.start()
        try:
            yield Serving(f"http://127.0.0.1:{listener.getsockname()[1]}", grants, settings)
        finally:
            running.should_exit = True
            thread.join(WAIT)
            assert not thread.is_alive()


class Listener:
    """A plain WebSocket client that reads one JSON object per frame."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, message: Any) -> None:
        await self._socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def raw(self) -> str:
        """The next frame, whatever it holds."""
        return str(await asyncio.wait_for(self._socket.recv(), WAIT))

    async def next(self) -> dict[str, Any]:
        message = json.loads(await asyncio.wait_for(self._socket.recv(), WAIT))
        assert isinstance(message, dict)
        return message

    async def until(self, name: str, value: object) -> dict[str, Any]:
        """The next order event whose record has that value."""
        while True:
            data = (await self.next()).get("payload", {}).get("data", {})
            if data.get(name) == value:
                assert isinstance(data, dict)
                return data

    async def auth(self, token: str, ident: str = "auth-1") -> dict[str, Any]:
        body = {"token": token}
        payload = {"method": "POST", "path": "/auth", "body": body}
        await self.send({"type": "request", "id": ident, "payload": payload})
        return await self.next()

    async def subscribe(self, account: str, ident: str = "sub-1") -> dict[str, Any]:
        payload = {"topic": "account", "params": {"accountId": account}}
        await self.send({"type": "subscribe", "id": ident, "payload": payload})
        return await self.next()

    async def closed(self) -> int | None:
        """Wait for the end of the connection, and give its close code."""
        await asyncio.wait_for(self._socket.wait_closed(), WAIT)
        return self._socket.close_code


def open_stream(broker: Serving) -> connect:
    """Connect to the stream; use as ``async with open_stream(broker) as socket``."""
    return connect(broker.stream_url, proxy=None)
