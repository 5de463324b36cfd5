"""List calls that wait until they are let through, so that a scenario decides when an order is read."""

from __future__ import annotations

import asyncio

from tests.broker.http_server import Request, answer
from tests.desk.desk_broker import DeskBroker


class HeldLists:
    """Holds list calls up, all of them or all but a few. Its methods are called in the broker's loop."""

    def __init__(self, broker: DeskBroker) -> None:
        self._broker = broker
        self._waiting: list[asyncio.Event] = []
        self._let_through: int | None = None
        """How many more; ``None`` is all."""

    async def script(self, _: Request, writer: asyncio.StreamWriter) -> None:
        if self._let_through == 0:
            self._waiting.append(turn := asyncio.Event())
            await turn.wait()
        elif self._let_through:
            self._let_through -= 1
        writer.write(answer(self._broker.feed._page("ACC-1", 0, 500)))

    async def let_through(self, count: int | None) -> None:
        now, self._waiting = self._waiting[:count], self._waiting[count:] if count is not None else []
        for turn in now:
            turn.set()
        self._let_through = None if count is None else count - len(now)
