"""How much of an answer is read: so many bytes over the wire, so many unpacked, and none beyond them in memory."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import BadRequest, NoAnswer, Unreadable, sentence
from blotter.broker.http import Timeouts
from tests.broker.canary import TOKEN
from tests.broker.http_server import Request, Script, answer, cuts, replies, serve
from tests.broker.samples import ACCOUNT, ORDER
from tests.broker.test_exchange import OK, cancel_at

MIB = 2**20
GZIP = {"Content-Encoding": "gzip"}
EMPTY = '{"orders":null}'


async def orders_from(*answers: bytes) -> Unreadable | None:
    """What a list that is answered like this is refused for, if it is."""
    async with serve(replies(*answers)) as server, Client(server.url, TOKEN) as client:
        try:
            await client.orders(ACCOUNT)
        except Unreadable as error:
            return error
    return None


@pytest.mark.parametrize("packed", [False, True])
async def test_a_list_may_be_32_mebibytes_long_and_not_a_byte_longer(packed: bool) -> None:
    def page(length: int) -> bytes:
        body = EMPTY.ljust(length).encode()
        return answer(gzip.compress(body, 1), 200, GZIP) if packed else answer(body)

    assert await orders_from(page(32 * MIB)) is None
    refused = await orders_from(page(32 * MIB + 1))
    assert refused is not None
    assert refused.problem == "it is longer than 33,554,432 bytes"


async def test_what_is_compressed_may_be_8_mebibytes_over_the_wire_however_little_it_unpacks_to() -> None:
    def stored(length: int) -> bytes:
        """Compressed by no more than the frame around it."""
        return answer(gzip.compress(EMPTY.ljust(length).encode(), 0), 200, GZIP)

    assert await orders_from(stored(8 * MIB - 2**12)) is None
    assert await orders_from(answer(EMPTY.ljust(8 * MIB))) is None
    refused = await orders_from(stored(8 * MIB))
    assert refused is not None
    assert refused.problem == "it is longer than 8,388,608 bytes as it is compressed"


async def test_a_bomb_is_never_unpacked_beyond_what_may_be_read() -> None:
    """One piece of 64 KiB off the wire would be 64 MiB."""
    bomb = answer(gzip.compress(bytes(64 * MIB)), 200, GZIP)
    async with serve(replies(bomb)) as server, Client(server.url, TOKEN) as client:
        tracemalloc.start()
        try:
            with pytest.raises(Unreadable, match="longer than 1,048,576 bytes"):
                await client.cancel(ORDER)
            assert tracemalloc.get_traced_memory()[1] < 8 * MIB
        finally:
            tracemalloc.stop()


DAMAGED: dict[str, bytes] = {
    "not compressed at all": b"{}",
    "cut short": gzip.compress(EMPTY.encode())[:-9],
    "more behind its end": gzip.compress(EMPTY.encode()) + b"{}",
    "empty ones without end": gzip.compress(b"") * 200_000,
    "a wrong sum": gzip.compress(EMPTY.encode())[:-8] + bytes(8),
    "packed twice": gzip.compress(gzip.compress(EMPTY.encode())),
}


@pytest.mark.parametrize("kind", DAMAGED)
async def test_damaged_compression_is_unreadable(kind: str) -> None:
    refused = await orders_from(answer(DAMAGED[kind], 200, GZIP))
    assert refused is not None
    assert refused.problem in {"it cannot be decompressed", "it is not JSON"}
    assert (refused.problem == "it is not JSON") == (kind == "packed twice")


@asynccontextmanager
async def endless(head: str, piece: bytes) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A server whose answers do not end, and the event that the other side hung up on one."""
    left = asyncio.Event()

    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        try:
            while True:
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            left.set()
            raise

    async with serve(script) as server:
        yield server.url, left


CHUNK = b"10000\r\n" + b" " * 2**16 + b"\r\n"
NOTHING = zlib.compressobj(wbits=31)
PACKED_NOTHING = NOTHING.compress(b" ") + NOTHING.flush(zlib.Z_FULL_FLUSH)
# A stored block of no bytes, the cheapest way of saying nothing.
BLOCKS = b"\x00\x00\x00\xff\xff" * 2**13


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (f"Content-Length: {10**15}", b" " * 2**16),
        ("Transfer-Encoding: chunked", CHUNK),
        ("Connection: close", b" " * 2**16),
    ],
)
async def test_a_body_without_end_is_hung_up_on(head: str, piece: bytes) -> None:
    async with endless(head, piece) as (url, left):
        error = await cancel_at(url, Timeouts())
        assert type(error) is Unreadable
        assert "longer than 1,048,576 bytes" in sentence(error)
        async with asyncio.timeout(10):
            await left.wait()


async def test_nothing_packed_without_end_is_hung_up_on() -> None:
    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + PACKED_NOTHING)
        while True:
            writer.write(BLOCKS)
            await writer.drain()

    async with serve(script) as server:
        error = await cancel_at(server.url, Timeouts())
    assert type(error) is Unreadable
    assert "longer than 1,048,576 bytes as it is compressed" in sentence(error)


@pytest.mark.parametrize("kind", ["plain", "packed", "nothing packed"])
async def test_a_refusal_without_end_keeps_its_status(kind: str) -> None:
    heads = {"plain": "", "packed": "Content-Encoding: gzip\r\n", "nothing packed": "Content-Encoding: gzip\r\n"}
    first = {"plain": b"", "packed": gzip.compress(bytes(MIB)), "nothing packed": PACKED_NOTHING}

    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 400 Bad\r\n{heads[kind]}Connection: close\r\n\r\n".encode() + first[kind])
        while True:
            writer.write(b" " * 2**16 if kind == "plain" else BLOCKS)
            await writer.drain()

    async with serve(script) as server:
        error = await cancel_at(server.url, Timeouts())
    assert type(error) is BadRequest
    assert len(error.words) <= 2000


@pytest.mark.parametrize(
    "head", ["Content-Length: 1000000", "Transfer-Encoding: chunked", "Content-Encoding: gzip\r\nConnection: close"]
)
async def test_a_slow_body_meets_the_deadline_of_the_whole_call(head: str) -> None:
    """Every piece comes in time, and the answer never does: without a total deadline this test would hang."""
    piece = b"1\r\n \r\n" if "chunked" in head else b"\x00\x00\x00\xff\xff" if "gzip" in head else b" "
    first = PACKED_NOTHING if "gzip" in head else b""

    async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + first)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with asyncio.timeout(20), serve(drip) as server:
        error = await cancel_at(server.url, Timeouts(read=5.0, cancel=0.3))
    assert type(error) is NoAnswer
    assert "not complete in time" in sentence(error)


async def test_chunks_of_any_size_are_one_body() -> None:
    body = json.dumps(OK).encode()

    async def script(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(body), 7):
            piece = body[at : at + 7]
            writer.write(f"{len(piece):x}; note=x\r\n".encode() + piece + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\nX-Trailer: y\r\n\r\n")

    async with serve(script) as server, Client(server.url, TOKEN) as client:
        assert (await client.cancel(ORDER)).success


def with_length(length: int | str, body: bytes) -> bytes:
    return answer(body, 200, {"Content-Length": str(length)})


WHOLE = json.dumps(OK).encode()
WRONG_LENGTHS: dict[str, tuple[Script, type[Exception]]] = {
    "too long": (cuts(with_length(len(WHOLE) + 1, WHOLE)), NoAnswer),
    "too short": (replies(with_length(len(WHOLE) - 1, WHOLE)), Unreadable),
    "none where there is a body": (replies(with_length(0, WHOLE)), Unreadable),
    "less than none": (replies(with_length(-1, WHOLE)), NoAnswer),
    "no number": (replies(with_length("0x10", WHOLE)), NoAnswer),
    "two": (replies(with_length(f"{len(WHOLE)}, {len(WHOLE) - 1}", WHOLE)), NoAnswer),
}


@pytest.mark.parametrize("kind", WRONG_LENGTHS)
async def test_a_wrong_length_is_never_an_acknowledgement(kind: str) -> None:
    script, expected = WRONG_LENGTHS[kind]
    async with serve(script) as server:
        assert type(await cancel_at(server.url)) is expected
