"""What the broker says to one client of its stream, and what becomes of it before it leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from random import Random

from starlette.types import Message, Send

from blotter.core.clock import Clock
from blotter.paper.messages import action

SESSION_EXPIRED = 1008
RESTARTING = 1012
LONGEST_HELD = 1.0
"""Seconds after which messages that wait for others to be mixed with go out all the same."""

EVENT = '{"type":"event","payload":{"topic":"account","name":"account.order","target":"ACCOUNT","data":DATA}}'
GARBAGE = (
    "<html><body>502 Bad Gateway</body></html>",
    '[{"type":17}]',
    EVENT[:-20],
    EVENT.replace("DATA", '{"clOrdId":[7]}'),
    EVENT.replace("DATA", '{"clOrdId":"A?-NUMBER","qty":"many","ordStatus":"NEW"}'),
)
"""Messages that cannot be read; the last one can in part."""


class Wire:
    """Stands between a session and its client: the session calls :meth:`send` as if it were the server's."""

    def __init__(self, send: Send, chance: Random, clock: Clock, account: str) -> None:
        self._send = send
        self._chance = chance
        self._clock = clock
        self._account = account
        self._turn = asyncio.Lock()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._doubled = 0
        self._lost = 0
        self._wanted = 0
        self._held: list[Message] = []
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, message: Message) -> None:
        if message["type"] != "websocket.send":
            await self._pass_on(message)
            return
        for each in self._bent(message):
            await self._pass_on(each)

    def stall(self, seconds: float) -> None:
        """Say nothing for so long; then everything."""
        self._flowing.clear()
        asyncio.get_running_loop().call_later(seconds, self._flowing.set)

    def double(self, count: int) -> None:
        self._doubled = count

    def lose(self, count: int) -> None:
        self._lost = count

    def mix(self, count: int) -> None:
        self._wanted = count
        asyncio.get_running_loop().call_later(LONGEST_HELD, self._release)

    def babble(self, count: int) -> None:
        for _ in range(count):
            text = self._chance.choice(GARBAGE).replace("ACCOUNT", self._account)
            self._say(text.replace("NUMBER", f"{self._chance.randrange(10**6):06d}"))

    def expire(self) -> None:
        """Say that the session is over, and end it."""
        self._say(json.dumps(action("authExpired", self._clock.now().utc)))
        self.end(SESSION_EXPIRED)

    def end(self, code: int) -> None:
        self._start(self._pass_on({"type": "websocket.close", "code": code, "reason": ""}))

    def left(self) -> None:
        """The client has gone: nothing more is said."""
        self._over = True

    def mend(self) -> None:
        self._doubled = self._lost = 0
        self._flowing.set()
        self._release()

    def _bent(self, message: Message) -> list[Message]:
        """What is sent in place of the message. Only orders' messages are touched: they alone are news."""
        if '"account.order"' not in (message.get("text") or ""):
            return [message]
        if self._lost:
            self._lost -= 1
            return []
        if self._wanted:
            self._wanted -= 1
            self._held.append(message)
            return [] if self._wanted else self._mixed()
        if self._doubled:
            self._doubled -= 1
            return [message, message]
        return [message]

    def _mixed(self) -> list[Message]:
        held, self._held, self._wanted = self._held, [], 0
        self._chance.shuffle(held)
        return held

    def _release(self) -> None:
        for message in self._mixed():
            self._start(self._pass_on(message))

    async def _pass_on(self, message: Message) -> None:
        async with self._turn:
            await self._flowing.wait()
            if self._over:
                return
            self._over = message["type"] == "websocket.close"
            await self._send(message)
        # A flood that was held back must not keep the loop from hearing that its client has left.
        await asyncio.sleep(0)

    def _say(self, text: str) -> None:
        self._start(self._pass_on({"type": "websocket.send", "text": text}))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(_until_it_left(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _until_it_left(work: Coroutine[None, None, None]) -> None:
    """A client that has left hears nothing: servers say so in different ways, none of which is a mistake here."""
    try:
        await work
    except (OSError, RuntimeError):
        return
