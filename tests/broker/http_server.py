"""A tiny HTTP server whose every answer is a script, so that it can fail at any byte."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.broker.listening import listening


@dataclass
class Request:
    """What arrived, and over which connection, counted from 1. Header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int = 0

    @property
    def json(self) -> object:
        return json.loads(self.body)


Script = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """``requests`` are those that came whole; ``connections`` counts TCP connections.

    ``early`` meets each POST before its body is read, and ``late`` once it was read all the same; ``early_posts``
    counts them. ``deaf`` resets whoever connects.
    """

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    scheme: str = "http"
    news: asyncio.Event = field(default_factory=asyncio.Event)
    early: Script | None = None
    late: Script | None = None
    early_posts: int = 0
    deaf: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    listener: asyncio.Server | None = None

    def leave(self) -> None:
        """Let nobody connect any more; the connections that stand stay."""
        assert self.listener is not None
        self.listener.close()

    async def drop(self) -> None:
        """End every connection that stands."""
        for task in self.tasks:
            task.cancel()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def received(self, count: int) -> None:
        """Wait until so many requests came whole, 5 s at most."""
        async with asyncio.timeout(5):
            while len(self.requests) < count:
                self.news.clear()
                await self.news.wait()


def answer(body: bytes | str | object = b"", status: int = 200, headers: dict[str, str] | None = None) -> bytes:
    """A whole HTTP answer; anything but bytes and text is sent as JSON."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body)
    body = body.encode() if isinstance(body, str) else body
    head = {"Content-Length": str(len(body)), "Content-Type": "application/json"} | (headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body


def replies(*answers: bytes) -> Script:
    """Answer request after request with these; the last one for ever."""
    waiting = list(answers)

    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    return script


async def silence(_: Request, __: asyncio.StreamWriter) -> None:
    """Read the request and never answer."""
    await asyncio.Event().wait()


async def reset(_: Request, writer: asyncio.StreamWriter) -> None:
    """Read the request, then reset the connection."""
    cut_off(writer)


async def hang_up(_: Request, writer: asyncio.StreamWriter) -> None:
    """Read the request, then close the connection without a word."""
    writer.close()


def cuts(part: bytes) -> Script:
    """Send the beginning of an answer, then close."""

    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(part)
        await writer.drain()
        writer.close()

    return script


def cut_off(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def serve(
    script: Script, *, reset_on_accept: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server on a free loopback port for as long as the context lasts."""
    server = Server(scheme="https" if tls else "http", deaf=reset_on_accept)
    tasks = server.tasks

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        number = server.connections
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            if server.deaf:
                return cut_off(writer)
            while (request := await _head(reader)) is not None:
                request.connection = number
                length = int(request.headers.get("content-length", "0"))
                if server.early is not None and request.method == "POST":
                    server.early_posts += 1
                    await server.early(request, writer)
                    request.body = await reader.readexactly(length)
                    if server.late is not None:
                        await server.late(request, writer)
                    return None
                request.body = await reader.readexactly(length)
                server.requests.append(request)
                server.news.set()
                await script(request, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError, ssl.SSLError):
                await writer.wait_closed()

    async with listening(connection, tls) as server.listener:
        server.port = server.listener.sockets[0].getsockname()[1]
        yield server


def closed_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def _head(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return Request(method, target, headers, b"")
