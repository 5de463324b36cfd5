"""The faults of one practice broker: where they strike, and when."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from starlette.types import ASGIApp, Receive, Scope, Send

from blotter.core.clock import Clock
from blotter.paper.faults.calls import Calls
from blotter.paper.faults.fault import Fault, Kind
from blotter.paper.faults.line import Line
from blotter.paper.faults.streams import Streams
from blotter.paper.listener import listen
from blotter.paper.server import PaperServer, server
from blotter.paper.settings import PaperSettings

OF_THE_LINE = frozenset({Kind.DROP, Kind.RESET, Kind.HALF_OPEN, Kind.OUTAGE, Kind.DRIP})
OF_THE_STREAM = frozenset({Kind.STALL, Kind.GARBAGE, Kind.REORDER, Kind.DUPLICATE, Kind.LOSE, Kind.EXPIRE, Kind.REFUSE})


class Faults:
    """Stands around ``app``. Belongs to one event loop: :meth:`strike` and :meth:`mend` are called in it.

    ``told`` hears of every fault as it strikes; ``struck`` counts them.
    """

    def __init__(
        self, app: ASGIApp, settings: PaperSettings, clock: Clock, told: Callable[[Fault], None] | None = None
    ) -> None:
        self.chance = chance = Random(f"{settings.seed}/disorder")
        self.struck: Counter[Kind] = Counter()
        self.server: PaperServer = server(self)
        self._app = app
        self._told = told
        self._line = Line()
        self._streams = Streams(app, chance, clock, settings.account_ids[0])
        self._calls = Calls(app, chance)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._streams(scope, receive, send)
        elif scope["type"] == "http":
            await self._calls(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def strike(self, fault: Fault) -> None:
        """Let it happen now."""
        self.struck[fault.kind] += 1
        if self._told is not None:
            self._told(fault)
        if fault.kind in OF_THE_LINE:
            self._line.strike(fault)
        elif fault.kind in OF_THE_STREAM:
            self._streams.strike(fault)
        else:
            self._calls.strike(fault)

    def mend(self) -> None:
        """End everything that goes on. Connections that were spoiled are closed."""
        self._line.mend()
        self._streams.mend()
        self._calls.mend()

    async def serve(self, listener: socket.socket, planned: Iterator[tuple[float, Fault]]) -> None:
        """Serve until ``server`` is told to end; what is planned strikes so many seconds after the start."""
        with listen(0) as behind:
            async with asyncio.TaskGroup() as group:
                relay = group.create_task(self._line.serve(listener, behind.getsockname()[1]))
                playing = group.create_task(self._play(planned))
                await self.server.serve([behind])
                relay.cancel()
                playing.cancel()

    async def _play(self, planned: Iterator[tuple[float, Fault]]) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        for at, fault in planned:
            await asyncio.sleep(start + at - loop.time())
            self.strike(fault)
