"""A way in to a practice broker that counts, and holds one cancel up before the broker looks at its token."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CANCEL = "/v1/orders/cancel"
WAIT = 10.0


class Turnstile:
    """``answers`` counts the broker's answers by path and status. Put it around the application; then ``with
    turnstile.held():`` runs while the cancel numbered ``holds`` stands at the door.
    """

    def __init__(self, holds: int) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self._holds = holds
        self._cancels = 0
        self._arrived = threading.Event()
        self._go = threading.Event()

    def around(self, app: ASGIApp) -> ASGIApp:
        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope.get("path", "")

            async def counted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self.answers[path, message["status"]] += 1
                await send(message)

            if path == CANCEL:
                await self._pass()
            await app(scope, receive, counted)

        return through

    @contextmanager
    def held(self) -> Iterator[None]:
        assert self._arrived.wait(WAIT)
        try:
            yield
        finally:
            self._go.set()

    async def _pass(self) -> None:
        self._cancels += 1
        if self._cancels == self._holds:
            self._arrived.set()
            assert await asyncio.to_thread(self._go.wait, WAIT)
