"""A cable between the feed and its broker that can go dead without either end hearing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.broker.listening import listening


class Cable:
    """Passes bytes on, connection by connection, until frozen; connections made later pass."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.connections = 0
        self._to = to
        self._frozen: set[int] = set()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/accounts/ws"

    def freeze(self) -> None:
        """From now on nothing of the connections that are open arrives anywhere."""
        self._frozen = set(range(self.connections + 1))

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(number, reader, far_writer))
                pumps.create_task(self._pump(number, far_reader, writer))
        finally:
            far_writer.close()

    async def _pump(self, number: int, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                if number not in self._frozen:
                    sink.write(data)
                    await sink.drain()
            if number in self._frozen:
                await asyncio.Event().wait()
        except ConnectionError:
            pass
        finally:
            sink.close()


@asynccontextmanager
async def wire(to: int) -> AsyncIterator[Cable]:
    """Lay a cable to a port on loopback."""
    cable = Cable(to)
    async with listening(cable.join) as server:
        cable.port = server.sockets[0].getsockname()[1]
        yield cable
