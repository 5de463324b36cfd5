"""Ways of not getting a stream, and what is said of each."""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable

import pytest

from blotter.broker.errors import StreamClosed
from blotter.broker.handshake import shake_hands


def closes(writer: StreamWriter) -> None:
    writer.close()


def resets(writer: StreamWriter) -> None:
    end = writer.get_extra_info("socket")
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def babbles(writer: StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (closes, "the connection was closed before an answer"),
        (resets, "the connection was closed before an answer"),
        (babbles, "it does not speak WebSocket"),
    ],
)
async def test_a_line_that_breaks_is_not_called_another_protocol(
    end: Callable[[StreamWriter], None], said: str
) -> None:
    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        end(writer)

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StreamClosed) as closed:
            await shake_hands(f"ws://127.0.0.1:{port}/", f"127.0.0.1:{port}", open_timeout=5, close_timeout=1)
    assert closed.value.problem == said
