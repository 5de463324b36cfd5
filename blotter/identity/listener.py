"""Waiting for the browser on the loopback interface, for who forwards a port over SSH.

On a shared host the loopback is everybody's: any local user can connect. So what comes must be for this very host and
path and bring the state of this login; everything else is turned away and waited past, because one wrong request that
ended the wait would be a way to keep a trader out. The first right answer closes the door.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from blotter.broker.auth import Code
from blotter.broker.pkce import Attempt, BadReturn, Denied

SECONDS = 120.0
HOST = "127.0.0.1"

_ONE = 5.0
_MOST = 16 * 1024
_DONE = "The blotter has its answer. This page can be closed."
_NOT = "This is not the answer that is waited for."


@dataclass(frozen=True, slots=True)
class Door:
    """A listening socket and the address that leads to it. ``redirect_uri`` is what the broker is to send back to."""

    listener: socket.socket
    port: int
    redirect_uri: str


def open_door(redirect_uri: str) -> Door:
    """Listen where the profile's redirect URI says, if that is on this host; else on a free port, at a path that nobody
    can guess. Raises ``OSError`` for a port that is taken.
    """
    wanted = urlsplit(redirect_uri)
    ours = wanted.scheme == "http" and wanted.hostname == HOST
    listener = socket.create_server((HOST, (wanted.port or 0) if ours else 0))
    port = listener.getsockname()[1]
    path = (wanted.path or "/") if ours else f"/{secrets.token_urlsafe(16)}"
    return Door(listener, port, f"http://{HOST}:{port}{path}")


async def answer_at(door: Door, attempt: Attempt, seconds: float = SECONDS) -> Code:
    """The code that the browser brings.

    Raises:
        BadReturn: the user or the broker said no.
        TimeoutError: nobody came in time.
    """
    come: asyncio.Future[Code] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_ONE):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_page(*_judged(head, door, attempt, come)))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, sock=door.listener, limit=_MOST)
    try:
        async with asyncio.timeout(seconds):
            return await come
    finally:
        server.close()


def _judged(head: bytes, door: Door, attempt: Attempt, come: asyncio.Future[Code]) -> tuple[int, str]:
    """What to say to a request; settles ``come`` with the first that is the right one."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    target = rest.rpartition(" ")[0]
    hosts = [value.strip() for name, _, value in (line.partition(":") for line in lines) if name.lower() == "host"]
    address = urlsplit(door.redirect_uri)
    if method != "GET" or hosts != [address.netloc] or target.partition("?")[0] != address.path or come.done():
        return 404, _NOT
    try:
        code = attempt.code(f"http://{address.netloc}{target}")
    except Denied as error:
        come.set_exception(error)
        return 200, _DONE
    except BadReturn:
        return 400, _NOT
    come.set_result(code)
    return 200, _DONE


def _page(status: int, text: str) -> bytes:
    head = (
        f"HTTP/1.1 {status} X\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(text)}\r\n"
        "Connection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\r\n"
    )
    return f"{head}{text}".encode()
