"""A cable between the feed and its broker that can go dead without either end hearing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """Passes bytes on, connection by connection, until frozen; connections made later pass."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.connections = 0
        self._to = to
        self._frozen: set[int] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/accounts/ws"

    def freeze(self) -> None:
        """From now on nothing of the connections that are open arrives anywhere."""
        self._frozen = set(range(self.connections + 1))

    def close(self) -> None:
        for pump in self._pumps:
            pump.cancel()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            pump = asyncio.create_task(self._pump(number, source, sink))
            self._pumps.add(pump)

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
    server = await asyncio.start_server(cable.join, "127.0.0.1", 0)
    async with server:
        cable.port = server.sockets[0].getsockname()[1]
        yield cable
        cable.close()
