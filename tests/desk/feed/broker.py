"""A broker that misbehaves on purpose: the lists and the stream on one loopback port, every fault by hand."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

TOKEN = "feed-token"

Json = dict[str, Any]


@dataclass
class Refusal:
    """An answer to a list call that is not a list."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def record(cl_ord_id: str, status: str = "NEW", *, account: str = "ACC-1", cum: int = 0, **fields: object) -> Json:
    """An order as the API writes it."""
    return {
        "clOrdId": cl_ord_id,
        "ordId": f"B-{cl_ord_id}",
        "accountId": account,
        "symbol": "MSFT",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "DAY",
        "qty": "100",
        "price": "10.5",
        "stopPrice": "",
        "ordStatus": status,
        "cumQty": str(cum),
        "leavesQty": str(100 - cum if status not in {"FILLED", "CANCELED"} else 0),
        "avgPrice": "",
        "securityType": "EQUITY",
        "category": "EQUITY",
        "legs": [],
        "createdAt": "2026-11-20T02:00:00Z",
        "updatedAt": "2026-11-20T02:00:00Z",
        **fields,
    }


class FeedBroker:
    """Holds orders per account; each attribute below is a switch that a test turns."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Json]] = {}
        self.refusals: dict[str, Refusal] = {}
        """Per account: answer the list with this."""
        self.handshake: int | None = None
        """Refuse the WebSocket handshake with this status."""
        self.auth_error: str | None = None
        self.subscribe_refusals: dict[str, Json] = {}
        self.subscribe_delay = 0.0
        self.silent_refusals = False
        """Refuse subscriptions by not answering them."""
        self.mute = False
        """Swallow everything on the stream and say nothing, not even pong."""
        self.snapshots = True
        self.page_size = 500
        self.pager: Callable[[str, int, int], Json] | None = None
        """Instead of the honest paging: account, cursor, limit to the envelope."""
        self.before_list: Callable[[str], Awaitable[None]] | None = None
        """Awaited after a list call arrived, before it is answered."""
        self.after_list: Callable[[str], Awaitable[None]] | None = None
        """Awaited after the answer was made up, before it is sent."""
        self.lists: list[tuple[str, int]] = []
        """Every list call: account and cursor."""
        self.subscriptions: list[str] = []
        """The account of every subscription that was asked for."""
        self.handshakes = 0
        self.auths = 0
        self.pings = 0
        self.port = 0
        self._sockets: dict[ServerConnection, set[str]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stream_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/accounts/ws"

    @property
    def streams(self) -> int:
        """How many streams are open now."""
        return len(self._sockets)

    def set(
        self, cl_ord_id: str, status: str = "NEW", *, account: str = "ACC-1", cum: int = 0, **fields: object
    ) -> Json:
        """Change an order without telling the stream."""
        made = record(cl_ord_id, status, account=account, cum=cum, **fields)
        self.orders.setdefault(account, {})[cl_ord_id] = made
        return made

    async def tell(
        self, cl_ord_id: str, status: str = "NEW", *, account: str = "ACC-1", cum: int = 0, **fields: object
    ) -> None:
        """Change an order and tell the stream."""
        made = self.set(cl_ord_id, status, account=account, cum=cum, **fields)
        await self.event(account, made)

    async def event(self, account: str, data: object, *, unasked: bool = False) -> None:
        """An order event to everyone who subscribed, or to those who did not as well."""
        payload = {"topic": "account", "name": "account.order", "target": account, "data": data}
        await self.send({"type": "event", "payload": payload}, None if unasked else account)

    async def action(self, action: str) -> None:
        """``refreshAuth``, ``authExpired`` and their like, to every stream."""
        await self.send({"type": "event", "payload": {"action": action}})

    async def send(self, message: Json | str | bytes, account: str | None = None) -> None:
        """Anything at all, to every stream (that subscribed to ``account``)."""
        frame = json.dumps(message) if isinstance(message, dict) else message
        for socket, subscribed in list(self._sockets.items()):
            if account is None or account in subscribed:
                with contextlib.suppress(ConnectionClosed):
                    await socket.send(frame)

    def drop(self) -> None:
        """Cut every stream without a word, as a broken line does."""
        for socket in list(self._sockets):
            socket.transport.abort()

    async def _request(self, connection: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        if parts.path == "/v1/accounts/ws":
            self.handshakes += 1
            return connection.respond(self.handshake, "no stream for you\n") if self.handshake else None
        account = parts.path.split("/")[3]
        query = parse_qs(parts.query)
        cursor = int(query.get("cursor", ["0"])[0])
        limit = int(query.get("limit", ["50"])[0])
        self.lists.append((account, cursor))
        if self.before_list is not None:
            await self.before_list(account)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _answer(401, '{"error":"unauthorized","message":"token expired"}')
        refusal = self.refusals.get(account)
        if refusal is not None:
            return _answer(refusal.status, refusal.body, refusal.headers)
        made = json.dumps(self.pager(account, cursor, limit) if self.pager else self._page(account, cursor, limit))
        if self.after_list is not None:
            await self.after_list(account)
        return _answer(200, made)

    def _page(self, account: str, cursor: int, limit: int) -> Json:
        size = min(limit, self.page_size)
        rows = list(self.orders.get(account, {}).values())
        end = cursor + size
        return {"orders": rows[cursor:end] or None, "nextCursor": end if end < len(rows) else 0}

    async def _stream(self, socket: ServerConnection) -> None:
        self._sockets[socket] = set()
        try:
            async for frame in socket:
                if not self.mute:
                    await self._hear(socket, json.loads(frame))
        except ConnectionClosed:
            pass
        finally:
            del self._sockets[socket]

    async def _hear(self, socket: ServerConnection, message: Json) -> None:
        if message["type"] == "ping":
            self.pings += 1
            await _send(socket, {"type": "pong", "id": message.get("id")})
        elif message["type"] == "request":
            self.auths += 1
            said = {"action": "error", "error": self.auth_error} if self.auth_error else {"action": "authSuccess"}
            if message["payload"]["body"]["token"] != TOKEN:
                said = {"action": "error", "error": "authentication failed"}
            await _send(socket, {"type": "event", "payload": {**said, "id": message["id"], "data": {}}})
        elif message["type"] == "subscribe":
            account = message["payload"]["params"]["accountId"]
            self.subscriptions.append(account)
            await asyncio.sleep(self.subscribe_delay)
            refusal = self.subscribe_refusals.get(account)
            if refusal is not None:
                if not self.silent_refusals:
                    await _send(socket, {"type": "response", "id": message["id"], "payload": refusal})
                return
            self._sockets[socket].add(account)
            rows = list(self.orders.get(account, {}).values()) if self.snapshots else []
            payload = {
                "topic": "account",
                "target": account,
                "data": {"account": {}, "positions": [], "ordersV2": rows},
            }
            await _send(socket, {"type": "subscribed", "id": message["id"], "payload": payload})


def _answer(status: int, body: str, headers: dict[str, str] | None = None) -> Response:
    content = body.encode()
    said = Headers(
        {"Content-Type": "application/json", "Content-Length": str(len(content)), "Connection": "close"}
        | (headers or {})
    )
    return Response(status, "OK" if status == 200 else "Refused", said, content)


async def _send(socket: ServerConnection, message: Json) -> None:
    await socket.send(json.dumps(message))


@asynccontextmanager
async def running(broker: FeedBroker, port: int = 0) -> AsyncIterator[FeedBroker]:
    """Serve until left; a ``port`` given again is a broker that came back."""
    async with serve(
        broker._stream,
        "127.0.0.1",
        port,
        process_request=broker._request,
        ping_interval=None,
        close_timeout=0.2,
    ) as server:
        broker.port = next(iter(server.sockets)).getsockname()[1]
        yield broker


async def until(condition: Callable[[], bool], within: float = 5.0, what: Callable[[], object] = str) -> None:
    """Wait for a condition, at most ``within`` seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not condition():
        if loop.time() > end:
            raise AssertionError(f"never happened: {what() or condition}")
        await asyncio.sleep(0.005)
