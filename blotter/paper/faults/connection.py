"""One connection through the relay, and what a bad line does to it."""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

CHUNK = 65_536
TRICKLE = 25
TRICKLE_PAUSE = 0.05
"""Bytes at a time, and seconds between them: 500 bytes a second."""


class Connection:
    """Carries bytes both ways until either side closes. All faults are as the client feels them."""

    def __init__(self, client: tuple[StreamReader, StreamWriter], broker: tuple[StreamReader, StreamWriter]) -> None:
        self._from_client, self._to_client = client
        self._from_broker, self._to_broker = broker
        self._closed = False
        self._dead = False
        self._left: int | None = None
        self._trickle_until = 0.0

    async def run(self) -> None:
        up = asyncio.create_task(self._up())
        down = asyncio.create_task(self._down())
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if self._dead:
                # The broker's end is none that a client of a dead line would hear of.
                await up
        finally:
            up.cancel()
            down.cancel()
            self.close()

    def close(self) -> None:
        """Cut it. What was on its way is lost."""
        self._closed = True
        for writer in (self._to_client, self._to_broker):
            writer.transport.abort()

    def die(self) -> None:
        """Carry nothing any more, and tell nobody."""
        self._dead = True

    def reset(self, after: int = 0) -> None:
        """Let so many bytes through to the client, then reset it."""
        self._left = after
        if not after:
            self._reset()

    def trickle(self, until: float) -> None:
        """Pass few bytes at a time until then, in the loop's time."""
        self._trickle_until = until

    async def _up(self) -> None:
        with suppress(OSError):
            while data := await self._from_client.read(CHUNK):
                if self._closed:
                    return
                if not self._dead:
                    self._to_broker.write(data)
                    await self._to_broker.drain()

    async def _down(self) -> None:
        with suppress(OSError):
            while data := await self._from_broker.read(CHUNK):
                for part in self._parts(data):
                    if self._dead:
                        break
                    if not await self._pass_on(part):
                        return

    def _parts(self, data: bytes) -> list[bytes]:
        if not self._trickles:
            return [data]
        return [data[start : start + TRICKLE] for start in range(0, len(data), TRICKLE)]

    @property
    def _trickles(self) -> bool:
        return asyncio.get_running_loop().time() < self._trickle_until

    async def _pass_on(self, data: bytes) -> bool:
        """Whether the connection lives on."""
        if self._closed:
            return False
        if self._left is not None:
            data, self._left = data[: self._left], self._left - len(data)
        self._to_client.write(data)
        await self._to_client.drain()
        if self._left is not None and self._left <= 0:
            await asyncio.sleep(0)
            self._reset()
            return False
        if self._trickles:
            await asyncio.sleep(TRICKLE_PAUSE)
        return True

    def _reset(self) -> None:
        end = self._to_client.get_extra_info("socket")
        with suppress(OSError):
            # Closing without lingering is how a reset is sent.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
