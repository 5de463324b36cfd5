"""How much of a stream is taken in."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import tracemalloc
import zlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from blotter.broker.errors import StreamClosed
from blotter.broker.handshake import shake_hands
from blotter.broker.stream import Snapshot, Stream, connect
from tests.broker.canary import TOKEN
from tests.broker.listening import listening
from tests.broker.samples import ACCOUNT, record
from tests.broker.stream_server import Peer, stream_server
from tests.broker.stream_talk import take


async def test_a_long_snapshot_is_read_and_an_endless_message_is_not() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.subscribed(data={"ordersV2": [record(clOrdId=f"o-{number}") for number in range(5000)]})
        await peer.say("x" * (33 * 2**20))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        await stream.subscribe(ACCOUNT)
        [snapshot] = await take(stream)
        assert isinstance(snapshot, Snapshot)
        assert len(snapshot.orders) == 5000
        with pytest.raises(StreamClosed, match="code 1009"):
            await take(stream)


async def test_what_nobody_takes_ends_the_stream_instead_of_filling_the_memory() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        for _ in range(5):
            await peer.say(*[{"type": "pong"}] * 5000)
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        async with asyncio.timeout(10):
            await until_ended(stream)
        with pytest.raises(StreamClosed, match="more than can be taken in"):
            async for _ in stream:
                pass


async def until_ended(stream: Stream) -> None:
    """Wait without reading events: a subscription fails as soon as the stream has ended."""
    with pytest.raises(StreamClosed):
        await stream.subscribe(ACCOUNT)


async def test_a_message_in_pieces_is_as_long_as_all_of_them() -> None:
    """Each piece is small, the last one never comes, and the other side is hung up on."""
    hung_up = asyncio.Event()

    async def pieces() -> AsyncIterator[str]:
        while True:
            yield "x" * 2**20

    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        try:
            await peer.socket.send(pieces())
        finally:
            hung_up.set()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        with pytest.raises(StreamClosed, match="code 1009"):
            async for _ in stream:
                pass
        async with asyncio.timeout(10):
            await hung_up.wait()


@asynccontextmanager
async def by_hand(talk: Callable[[StreamWriter, str], object]) -> AsyncIterator[str]:
    """A server that reads the handshake, and leaves what it says to ``talk``, which gets the key of the answer."""

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert "Sec-WebSocket-Extensions" not in asked
        key = next(line.split(": ")[1] for line in asked.split("\r\n") if line.startswith("Sec-WebSocket-Key"))
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        try:
            talk(writer, base64.b64encode(digest).decode())
            await writer.drain()
            await reader.read()
        finally:
            writer.close()

    async with asyncio.timeout(20), listening(answer) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def opened(key: str, *more: str) -> bytes:
    lines = ["HTTP/1.1 101 OK", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {key}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def bomb() -> bytes:
    """One compressed frame of 64 KiB that would be 64 MiB of text."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(b" " * 2**26) + packer.flush(zlib.Z_SYNC_FLUSH)
    payload = packed.removesuffix(b"\x00\x00\xff\xff")
    return b"\xc1\x7f" + len(payload).to_bytes(8, "big") + payload


async def test_a_compression_that_was_not_asked_for_opens_no_stream() -> None:
    def talk(writer: StreamWriter, key: str) -> None:
        writer.write(opened(key, "Sec-WebSocket-Extensions: permessage-deflate") + bomb())

    async with by_hand(talk) as url:
        with pytest.raises(StreamClosed, match="does not speak WebSocket"):
            await shake_hands(url, "there", open_timeout=10, close_timeout=1)


async def test_a_compressed_message_breaks_the_rules() -> None:
    async with by_hand(lambda writer, key: writer.write(opened(key) + bomb())) as url:
        with pytest.raises(StreamClosed, match=r"broke the rules \(code 1002\)"):
            async with connect(url, TOKEN):
                raise AssertionError


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 403 No\r\nContent-Length: 1000000000\r\n\r\n",
        "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
        "HTTP/1.1 403 No\r\n\r\n",
        "HTTP/1.1 101 OK\r\nX: ",
        "HTTP/1.1 101 ",
    ],
)
async def test_a_handshake_without_end_is_thrown_away_until_its_time_is_over(head: str) -> None:
    """What goes on behind too long a line, or a body that nobody wants, is not kept."""
    hung_up = asyncio.Event()

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode())
        try:
            while True:
                writer.write(b"x" * 2**16)
                await writer.drain()
        except ConnectionError:
            hung_up.set()

    async with asyncio.timeout(20), listening(answer) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        tracemalloc.start()
        try:
            with pytest.raises(StreamClosed):
                await shake_hands(url, "there", open_timeout=0.5, close_timeout=1)
            assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
        finally:
            tracemalloc.stop()
        await hung_up.wait()
