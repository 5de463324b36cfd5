"""What a bad line does to bytes, felt at a plain socket."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from blotter.paper.faults.line import Line
from blotter.paper.listener import listen
from tests.broker.http_server import closed_port
from tests.paper.faulty import Faulty
from tests.paper.serving import WAIT


@pytest.fixture(scope="module")
def broker() -> Iterator[Faulty]:
    with Faulty() as running:
        yield running


@pytest.fixture
def client(broker: Faulty) -> Iterator[socket.socket]:
    """A connection that was used, so that the relay knows it."""
    broker.mend()
    with connect(broker) as connection:
        ask(broker, connection)
        answer(connection)
        yield connection


def connect(broker: Faulty) -> socket.socket:
    host, port = broker.serving.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), WAIT)


def ask(broker: Faulty, connection: socket.socket) -> None:
    head = f"GET /v2/accounts/PAPER-1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {broker.grants.token}\r\n\r\n"
    connection.sendall(head.encode())


def answer(connection: socket.socket) -> bytes:
    """A whole answer, or what came of it before the end."""
    got = b""
    while b"\r\n\r\n" not in got or len(got) < whole(got):
        data = connection.recv(65536)
        if not data:
            break
        got += data
    return got


def whole(got: bytes) -> int:
    head = got.partition(b"\r\n\r\n")[0]
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(head) + 4 + int(length.split(b":")[1])


def test_a_line_that_holds_carries_everything(broker: Faulty, client: socket.socket) -> None:
    ask(broker, client)
    got = answer(client)
    assert got.startswith(b"HTTP/1.1 200")
    assert len(got) == whole(got) > 5000


def test_a_drop_ends_every_connection_and_new_ones_work(broker: Faulty, client: socket.socket) -> None:
    broker.strike("drop")
    assert client.recv(1) == b""
    with connect(broker) as again:
        ask(broker, again)
        assert answer(again).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("count", [1, 700, 3000])
def test_a_reset_comes_after_that_many_bytes(broker: Faulty, client: socket.socket, count: int) -> None:
    broker.strike(f"reset:{count}")
    ask(broker, client)
    got = b""
    while len(got) < count:
        got += client.recv(65536)
    assert len(got) == count
    with pytest.raises(ConnectionResetError):
        client.recv(1)


def test_a_half_open_connection_says_nothing_more_and_does_not_end(broker: Faulty, client: socket.socket) -> None:
    broker.strike("half-open")
    ask(broker, client)
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(1)
    with connect(broker) as again:
        ask(broker, again)
        assert answer(again).startswith(b"HTTP/1.1 200")


def test_an_outage_resets_whoever_comes_until_it_is_over(broker: Faulty, client: socket.socket) -> None:
    broker.strike("outage:0.3")
    start = time.monotonic()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    tries = 0
    while True:
        try:
            with connect(broker) as again:
                ask(broker, again)
                assert answer(again).startswith(b"HTTP/1.1 200")
            break
        except OSError:
            tries += 1
            time.sleep(0.02)
    assert tries > 0
    assert time.monotonic() - start >= 0.3


def test_a_drip_is_slow_and_then_over(broker: Faulty, client: socket.socket) -> None:
    broker.strike("drip:0.5")
    start = time.monotonic()
    ask(broker, client)
    first = client.recv(65536)
    assert len(first) <= 25
    got = first + answer_rest(client, first)
    assert len(got) == whole(got)
    assert time.monotonic() - start >= 0.4


def answer_rest(client: socket.socket, got: bytes) -> bytes:
    rest = b""
    while b"\r\n\r\n" not in got + rest or len(got + rest) < whole(got + rest):
        rest += client.recv(65536)
    return rest


async def test_a_line_that_leads_nowhere_is_hung_up() -> None:
    """The broker behind it is gone: whoever calls hears so, and does not wait."""
    listener = listen(0)
    relay = asyncio.create_task(Line().serve(listener, closed_port()))
    async with asyncio.timeout(WAIT):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
    assert relay.cancel()
    with pytest.raises(asyncio.CancelledError):
        await relay
