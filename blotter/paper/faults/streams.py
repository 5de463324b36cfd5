"""All streams that clients have open, and the faults that strike them."""

from __future__ import annotations

import asyncio
from random import Random

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blotter.core.clock import Clock
from blotter.paper.faults.fault import Fault, Kind
from blotter.paper.faults.wire import RESTARTING, Wire


class Streams:
    """Puts a :class:`Wire` between each session and its client. Messages that cannot be read name ``account``."""

    def __init__(self, app: ASGIApp, chance: Random, clock: Clock, account: str) -> None:
        self._app = app
        self._chance = chance
        self._clock = clock
        self._account = account
        self._wires: set[Wire] = set()
        self._refused_until = 0.0

    def strike(self, fault: Fault) -> None:
        if fault.kind is Kind.REFUSE:
            self._refused_until = asyncio.get_running_loop().time() + fault.amount
        for wire in tuple(self._wires):
            _strike(wire, fault)

    def mend(self) -> None:
        self._refused_until = 0.0
        for wire in tuple(self._wires):
            wire.mend()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if asyncio.get_running_loop().time() < self._refused_until:
            await receive()
            # Closed before it was accepted: HTTP 403.
            await send({"type": "websocket.close", "code": RESTARTING, "reason": ""})
            return
        wire = Wire(send, self._chance, self._clock, self._account)

        async def hear() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                wire.left()
            return message

        self._wires.add(wire)
        try:
            await self._app(scope, hear, wire.send)
        finally:
            self._wires.discard(wire)


def _strike(wire: Wire, fault: Fault) -> None:
    match fault.kind:
        case Kind.STALL:
            wire.stall(fault.amount)
        case Kind.GARBAGE:
            wire.babble(int(fault.amount))
        case Kind.REORDER:
            wire.mix(int(fault.amount))
        case Kind.DUPLICATE:
            wire.double(int(fault.amount))
        case Kind.LOSE:
            wire.lose(int(fault.amount))
        case Kind.EXPIRE:
            wire.expire()
        case Kind.REFUSE:
            wire.end(RESTARTING)
