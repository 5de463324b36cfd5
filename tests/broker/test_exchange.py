"""The fault table: what is proven not to have left, and what may have been applied."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing

import httpx
import pytest

from blotter.broker.client import Client
from blotter.broker.errors import (
    BrokerError,
    NoAnswer,
    NotSent,
    sentence,
)
from blotter.broker.http import Timeouts
from tests.broker.canary import CANARY, TOKEN, everything_in
from tests.broker.http_server import Script, answer, closed_port, cuts, hang_up, replies, reset, serve, silence
from tests.broker.samples import ACCOUNT, ORDER

QUICK = Timeouts(read=0.5)
OK = {"success": True, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL"}


async def cancel_at(url: str, timeouts: Timeouts = QUICK) -> BrokerError:
    """The error that a cancel against ``url`` comes to."""
    async with Client(url, TOKEN, timeouts=timeouts) as client:
        with pytest.raises(BrokerError) as caught:
            await client.cancel(ORDER)
    return caught.value


async def test_a_refused_connection_means_not_sent() -> None:
    error = await cancel_at(f"http://127.0.0.1:{closed_port()}")
    assert type(error) is NotSent
    assert "refused" in sentence(error)


async def test_a_host_that_cannot_be_resolved_means_not_sent() -> None:
    error = await cancel_at("https://nowhere.invalid")
    assert type(error) is NotSent


async def test_a_connection_that_does_not_come_about_means_not_sent() -> None:
    # A listener whose queue is full leaves further connections without an answer.
    with closing(socket.socket()) as listener, closing(socket.socket()) as first, closing(socket.socket()) as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        error = await cancel_at(f"http://127.0.0.1:{listener.getsockname()[1]}", Timeouts(connect=0.3))
    assert type(error) is NotSent


async def test_a_request_that_waited_for_a_connection_in_vain_was_not_sent() -> None:
    async with serve(silence) as server, Client(server.url, TOKEN, timeouts=Timeouts(read=5.0, pool=0.1)) as client:
        waiting = [asyncio.create_task(client.cancel(ORDER)) for _ in range(16)]
        await server.received(16)
        with pytest.raises(NotSent, match="did not leave"):
            await client.cancel(ORDER)
        assert len(server.requests) == 16
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)


FAULTS: dict[str, Script] = {
    "reset after the request": reset,
    "closed after the request": hang_up,
    "no reply": silence,
    "cut in the status line": cuts(b"HTTP/1.1 20"),
    "cut in the headers": cuts(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "cut in the body": cuts(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
    "cut in a chunk": cuts(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"),
    "an error cut in the body": cuts(b"HTTP/1.1 400 Bad\r\nContent-Length: 500\r\n\r\n{"),
    "not HTTP": cuts(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "binary": cuts(bytes(range(256)) * 40),
    "endless headers": cuts(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000),
    "two lengths": cuts(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    "a control character in a header": cuts(b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_after_the_request_left_means_no_answer_and_one_request(fault: str) -> None:
    async with serve(FAULTS[fault]) as server:
        error = await cancel_at(server.url)
        assert type(error) is NoAnswer
        assert "only reading the order tells" in sentence(error)
        assert len(server.requests) == server.connections == 1


async def test_a_reset_on_accept_cannot_be_told_from_a_later_one() -> None:
    async with serve(silence, reset_on_accept=True) as server:
        error = await cancel_at(server.url)
    assert type(error) is NoAnswer


async def test_a_deadline_that_passes_before_the_request_left_means_not_sent() -> None:
    async with serve(replies(answer(OK))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent):
            await client.cancel(ORDER, within=0)
        assert server.requests == []
        assert (await client.cancel(ORDER, within=2)).success


async def test_a_transport_that_reports_nothing_counts_as_having_sent() -> None:
    class Stuck(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

    async with Client("http://127.0.0.1:1", TOKEN, transport=Stuck()) as client:
        with pytest.raises(NoAnswer):
            await client.cancel(ORDER, within=0.05)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.LocalProtocolError]
)
async def test_what_no_library_raises_after_writing_means_not_sent_on_any_transport(error: type[Exception]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error(f"Bearer {CANARY}")

    async with Client("http://127.0.0.1:1", TOKEN, transport=httpx.MockTransport(fail)) as client:
        with pytest.raises(NotSent) as caught:
            await client.cancel(ORDER)
    assert CANARY not in everything_in(caught.value)


async def test_an_abandoned_call_stays_abandoned() -> None:
    async with serve(silence) as server, Client(server.url, TOKEN) as client:
        call = asyncio.create_task(client.cancel(ORDER))
        await server.received(1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_the_environment_sends_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(replies(answer(OK))) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        async with serve(replies(answer(OK))) as server, Client(server.url, TOKEN) as client:
            await client.cancel(ORDER)
        assert proxy.connections == 0


async def test_a_cookie_is_not_kept() -> None:
    set_cookie = answer({"orders": []}, 200, {"Set-Cookie": "session=1; Path=/"})
    async with serve(replies(set_cookie)) as server, Client(server.url, TOKEN) as client:
        await client.orders(ACCOUNT)
        await client.orders(ACCOUNT)
        assert "cookie" not in server.requests[1].headers


LEAKS: list[Script] = [
    *FAULTS.values(),
    replies(answer({"error": f"token {CANARY} is bad"}, 401)),
    replies(answer({"error": {"message": CANARY, "code": CANARY, "request_id": CANARY}}, 400)),
    replies(answer(f"bad header: Bearer {CANARY}", 400)),
    replies(answer(f'{{"success": {CANARY}}}', 200)),
    replies(answer({"success": CANARY}, 200)),
    replies(answer("", 302, {"Location": f"http://x/?{CANARY}"})),
]


@pytest.mark.parametrize("leak", LEAKS)
async def test_the_token_is_in_no_error(leak: Script) -> None:
    async with serve(leak) as server:
        error = await cancel_at(server.url)
        assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in everything_in(error)
    assert CANARY not in sentence(error)


async def test_no_error_of_a_library_hangs_on_ours() -> None:
    async with serve(reset) as server:
        error = await cancel_at(server.url)
    assert error.__context__ is None
    assert error.__cause__ is None
