"""Ways of not getting a stream, and what is said of each."""

from __future__ import annotations

import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from typing import Any

import pytest

from blotter.broker.errors import StreamClosed, sentence
from blotter.broker.handshake import shake_hands
from blotter.broker.stream import (
    connect,
)
from tests.broker.canary import CANARY, TOKEN
from tests.broker.http_server import answer, closed_port, cuts, replies, serve, silence
from tests.broker.listening import listening
from tests.broker.stream_server import Peer, stream_server


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

    async with listening(answer) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StreamClosed) as closed:
            await shake_hands(f"ws://127.0.0.1:{port}/", f"127.0.0.1:{port}", open_timeout=5, close_timeout=1)
    assert closed.value.problem == said


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 429, 500, 503])
async def test_a_refused_handshake_follows_nothing_and_can_be_tried_again(status: int) -> None:
    async def elsewhere(peer: Peer) -> None:
        raise AssertionError(peer)

    async with stream_server(elsewhere) as other:
        script = replies(answer({"error": f"not {CANARY}"}, status, {"Location": other}))
        async with serve(script) as server:
            with pytest.raises(StreamClosed) as caught:
                async with connect(server.url.replace("http", "ws"), TOKEN):
                    raise AssertionError
            assert CANARY not in str(server.requests[0])
    assert (caught.value.status, caught.value.words) == (status, "not •••")
    assert str(status) in sentence(caught.value)


@pytest.mark.parametrize(
    "script", [cuts(b""), cuts(b"SSH-2.0\r\n"), cuts(b"HTTP/1.1 101 Switching\r\n"), cuts(answer("hello"))]
)
async def test_what_speaks_no_websocket_is_closed(script: Any) -> None:
    async with serve(script) as server:
        with pytest.raises(StreamClosed) as caught:
            async with connect(server.url.replace("http", "ws"), TOKEN):
                raise AssertionError
    assert caught.value.__context__ is None


async def test_nobody_there() -> None:
    with pytest.raises(StreamClosed, match="refused"):
        async with connect(f"ws://127.0.0.1:{closed_port()}", TOKEN):
            raise AssertionError


async def test_a_server_that_never_opens_is_given_up() -> None:
    async with serve(silence) as server:
        with pytest.raises(StreamClosed, match=r"within 0\.2 s"):
            async with connect(server.url.replace("http", "ws"), TOKEN, open_timeout=0.2):
                raise AssertionError


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.stay()

    async with serve(silence) as proxy:
        for name in (
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "ws_proxy",
            "wss_proxy",
        ):
            monkeypatch.setenv(name, proxy.url)
        async with stream_server(conversation) as url, connect(url, TOKEN):
            assert proxy.connections == 0


async def test_a_url_that_may_not_be_sent_a_token_is_refused() -> None:
    with pytest.raises(ValueError, match="must use wss"):
        async with connect("ws://api.aries.com/v1/accounts/ws", TOKEN):
            raise AssertionError
