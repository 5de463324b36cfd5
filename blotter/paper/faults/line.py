"""The line in front of the broker: a relay on loopback that can be as bad as any."""

from __future__ import annotations

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

from blotter.paper.faults.connection import Connection
from blotter.paper.faults.fault import Fault, Kind


class Line:
    """Everybody who connects gets a :class:`Connection` to the broker behind it."""

    def __init__(self) -> None:
        self._connections: set[Connection] = set()
        self._away_until = 0.0
        self._trickle_until = 0.0

    async def serve(self, listener: socket.socket, port: int) -> None:
        """Relay what arrives at ``listener`` to ``port`` on loopback, for ever."""

        async def accept(reader: StreamReader, writer: StreamWriter) -> None:
            with suppress(OSError):
                await self._relay((reader, writer), port)

        async with await asyncio.start_server(accept, sock=listener) as relay:
            await relay.serve_forever()

    def strike(self, fault: Fault) -> None:
        now = asyncio.get_running_loop().time()
        match fault.kind:
            case Kind.OUTAGE:
                self._away_until = now + fault.amount
            case Kind.DRIP:
                self._trickle_until = now + fault.amount
        for connection in tuple(self._connections):
            match fault.kind:
                case Kind.DROP:
                    connection.close()
                case Kind.RESET:
                    connection.reset(int(fault.amount))
                case Kind.OUTAGE:
                    connection.reset()
                case Kind.HALF_OPEN:
                    connection.die()
                case Kind.DRIP:
                    connection.trickle(self._trickle_until)

    def mend(self) -> None:
        """Cut whatever was spoiled, and be good from now on."""
        self._away_until = self._trickle_until = 0.0
        for connection in tuple(self._connections):
            connection.close()

    async def _relay(self, client: tuple[StreamReader, StreamWriter], port: int) -> None:
        try:
            connection = Connection(client, await asyncio.open_connection("127.0.0.1", port))
        except BaseException:
            # Nobody is behind the line any more: whoever called must not wait for an answer.
            client[1].transport.abort()
            raise
        if asyncio.get_running_loop().time() < self._away_until:
            connection.reset()
        connection.trickle(self._trickle_until)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)
