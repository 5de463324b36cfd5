"""A bare server for tests, which leaves no connection open behind it."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

TURNS = 3
"""Of the loop, from the arrival of a connection to the beginning of its talk."""


@asynccontextmanager
async def listening(
    talk: Callable[[StreamReader, StreamWriter], Coroutine[object, object, None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[asyncio.Server]:
    """Hold this talk on every connection to a free port on loopback, for as long as the context lasts.

    A talk that is cancelled before it has begun closes nothing; what came last is closed here.
    """
    writers: set[StreamWriter] = set()
    talks: set[asyncio.Task[None]] = set()

    async def hold(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except BaseException:
            writer.close()
            raise

    def meet(reader: StreamReader, writer: StreamWriter) -> None:
        writers.add(writer)
        talks.add(asyncio.create_task(hold(reader, writer)))

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    try:
        yield server
    finally:
        # A server of Python 3.11 that is closed forgets what it accepted in the same turn: it stops accepting first.
        for bound in server.sockets:
            asyncio.get_running_loop().remove_reader(bound)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        server.close()
        for each in talks:
            each.cancel()
        if talks:
            await asyncio.wait(talks, timeout=5)
        for writer in writers:
            writer.transport.abort()
