"""One client of the accounts stream: ``WS /v1/accounts/ws``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from blotter.paper.exchange import Exchange
from blotter.paper.grants import Grants
from blotter.paper.messages import Message, action, order_event, part, read, refusal
from blotter.paper.order import Record
from blotter.paper.settings import PaperSettings
from blotter.paper.subscriptions import Subscriptions

# The vendor documents no close codes; its own client reconnects after this one, and not after 1000 or 1001.
POLICY_CLOSE = 1008
OVERLOAD_CLOSE = 1013
LONGEST_QUEUE = 20_000


class Session:
    """Speaks with one client until it leaves, does not authenticate in time, or its session runs out.

    Everything that goes out passes through ``send`` and one writer, in order.
    """

    def __init__(self, socket: WebSocket, exchange: Exchange, grants: Grants, settings: PaperSettings) -> None:
        self._socket = socket
        self._exchange = exchange
        self._grants = grants
        self._settings = settings
        self._subscriptions = Subscriptions(exchange, self.send)
        self._outgoing: asyncio.Queue[Message | int] = asyncio.Queue()
        self._timers: list[asyncio.TimerHandle] = []
        self._unwatch: Callable[[], None] = lambda: None
        self._authenticated = False
        self._closing = False

    async def run(self) -> None:
        await self._socket.accept()
        self._after(self._settings.auth_seconds, "authTimeout", last=True)
        stop_listening = self._exchange.floor.listen(self._on_order)
        writer = asyncio.create_task(self._write())
        try:
            while True:
                received = await self._socket.receive()
                if received["type"] == "websocket.disconnect":
                    return
                self._on_frame(received.get("text") or (received.get("bytes") or b"").decode(errors="replace"))
        finally:
            stop_listening()
            self._unwatch()
            self._cancel_timers()
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer

    def send(self, message: Message) -> None:
        if self._closing:
            return
        self._outgoing.put_nowait(message)
        if self._outgoing.qsize() > LONGEST_QUEUE:
            self._close(OVERLOAD_CLOSE)

    def _close(self, code: int) -> None:
        self._closing = True
        self._outgoing.put_nowait(code)

    async def _write(self) -> None:
        # A client that went away is the reader's to notice.
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                message = await self._outgoing.get()
                if isinstance(message, int):
                    await self._socket.close(message)
                    return
                await self._socket.send_text(json.dumps(message, separators=(",", ":")))

    def _on_order(self, account: str, record: Record) -> None:
        if self._subscriptions.hears(account):
            self.send(order_event(account, record))

    def _on_frame(self, frame: str) -> None:
        for line in frame.split("\n"):
            if line.strip():
                self._on_message(read(line))

    def _on_message(self, message: Message | None) -> None:
        if message is None:
            self._say("error", error="message is not a JSON object")
            return
        kind, ident, payload = message.get("type"), message.get("id"), part(message, "payload")
        if kind == "ping":
            self.send({"type": "pong"} if ident is None else {"type": "pong", "id": ident})
        elif kind == "pong":
            return
        elif kind == "request" and payload.get("path") == "/auth":
            self._on_auth(ident, payload)
        elif not self._authenticated:
            self._say("authRequired", error="authenticate first", id=ident)
        elif kind == "subscribe":
            self._subscriptions.subscribe(ident, payload)
        elif kind == "unsubscribe":
            self._subscriptions.unsubscribe(ident, payload)
        elif kind == "request":
            self.send(refusal(ident, 404, "NOT_FOUND", "no such path"))
        else:
            self._say("error", error="unknown message type", id=ident)

    def _on_auth(self, ident: object, payload: Message) -> None:
        """Opens the session, or renews it. A refusal ends one that was never opened; an open one runs on."""
        method, token = payload.get("method"), part(payload, "body").get("token")
        if not isinstance(method, str) or method.lower() != "post":
            self._say("error", error="method must be POST", id=ident)
        elif not token:
            self._say("error", error="token is required", id=ident)
        elif not self._grants.good(token):
            self._say("error", error="authentication failed", id=ident)
        else:
            self._open(ident, str(token))
            return
        if not self._authenticated:
            self._close(POLICY_CLOSE)

    def _open(self, ident: object, token: str) -> None:
        self._authenticated = True
        self._cancel_timers()
        self._unwatch()
        self._unwatch = self._grants.watch(token, self._revoked)
        lasts = self._settings.session_seconds
        self._after(lasts - self._settings.warning_seconds, "refreshAuth")
        self._after(lasts, "authExpired", last=True)
        self._say("authSuccess", id=ident, data={"expiresIn": round(lasts * 1000)})

    def _after(self, seconds: float, name: str, *, last: bool = False) -> None:
        """Tell the client something about its session in a while, and close on it when it is the last word."""

        def tell() -> None:
            self._say(name)
            if last:
                self._close(POLICY_CLOSE)

        self._timers.append(asyncio.get_running_loop().call_later(seconds, tell))

    def _revoked(self) -> None:
        """The vendor does not say what becomes of the streams of such a token; this one ends as at its time."""
        self._say("authExpired")
        self._close(POLICY_CLOSE)

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _say(self, name: str, **more: object) -> None:
        self.send(action(name, self._exchange.floor.now(), **more))
