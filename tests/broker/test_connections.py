"""Connections that died while they were idle: a read gets its answer all the same, a cancel does not meet them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import NoAnswer, NotSent
from blotter.broker.http import CANCELS_KEEP, Timeouts
from tests.broker.canary import TOKEN
from tests.broker.http_server import Request, Script, Server, answer, cut_off, cuts, hang_up, reset, serve, silence
from tests.broker.samples import ACCOUNT, ORDER

QUICK = Timeouts(read=1.0)
TAKEN = {"success": True, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL"}
CUT_IN_THE_BODY = cuts(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")


def good(request: Request) -> bytes:
    return answer(TAKEN if request.method == "POST" else {"orders": []})


def dead_after_one(dead: Script) -> Script:
    """Each connection answers its first request; what comes over it later meets ``dead``."""
    seen: set[int] = set()

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.connection in seen:
            await dead(request, writer)
        else:
            seen.add(request.connection)
            writer.write(good(request))

    return script


def ends_after_each(end: Script) -> tuple[Script, asyncio.Event]:
    """Each request is answered, and its connection ended when the event is set."""
    over = asyncio.Event()

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(good(request))
        await writer.drain()
        await over.wait()
        await end(request, writer)

    return script, over


def calls(server: Server) -> list[tuple[str, int]]:
    return [(request.method, request.connection) for request in server.requests]


async def read(client: Client) -> None:
    await client.orders(ACCOUNT)


async def cancel(client: Client) -> None:
    await client.cancel(ORDER)


@pytest.mark.parametrize("end", [hang_up, reset])
@pytest.mark.parametrize("call", [read, cancel])
async def test_a_connection_that_is_known_to_have_ended_is_not_used(
    end: Script, call: Callable[[Client], Awaitable[None]]
) -> None:
    script, over = ends_after_each(end)
    async with serve(script) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await call(client)
        over.set()
        await ended(server)
        await call(client)
    assert [number for _, number in calls(server)] == [1, 2]


@pytest.mark.parametrize("dead", [reset, hang_up, silence, cuts(b"HTTP/1.1 20")])
async def test_a_read_on_a_dead_connection_is_sent_again_at_once_on_a_new_one(dead: Script) -> None:
    async with serve(dead_after_one(dead)) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await read(client)
        await read(client)
    assert calls(server) == [("GET", 1), ("GET", 1), ("GET", 2)]


async def test_reads_side_by_side_each_get_past_a_dead_connection_of_their_own() -> None:
    async with serve(dead_after_one(reset)) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await asyncio.gather(*(read(client) for _ in range(4)))
        first = server.connections
        await asyncio.gather(*(read(client) for _ in range(4)))
    assert (first, server.connections, len(server.requests)) == (4, 8, 12)


async def test_a_read_that_fails_on_a_new_connection_as_well_has_failed() -> None:
    async def first_of_all(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(server.requests) == 1:
            writer.write(good(request))
        else:
            cut_off(writer)

    async with serve(first_of_all) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await read(client)
        with pytest.raises(NoAnswer):
            await read(client)
    assert calls(server) == [("GET", 1), ("GET", 1), ("GET", 2)]


async def test_a_read_whose_answer_had_begun_is_not_sent_again() -> None:
    async with serve(dead_after_one(CUT_IN_THE_BODY)) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await read(client)
        with pytest.raises(NoAnswer):
            await read(client)
    assert calls(server) == [("GET", 1), ("GET", 1)]


async def test_a_dead_connection_to_a_broker_that_is_gone_leads_to_the_truth() -> None:
    async with serve(dead_after_one(silence)) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await read(client)
        again = asyncio.create_task(read(client))
        await server.received(2)
        server.leave()
        with pytest.raises(NotSent, match="refused"):
            await again


async def test_a_cancel_goes_over_no_connection_of_a_read() -> None:
    async with serve(dead_after_one(silence)) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await read(client)
        await cancel(client)
    assert calls(server) == [("GET", 1), ("POST", 2)]


async def test_a_cancel_waits_for_no_read() -> None:
    async def silent_reads(request: Request, writer: asyncio.StreamWriter) -> None:
        await (silence(request, writer) if request.method == "GET" else dead_after_one(silence)(request, writer))

    async with serve(silent_reads) as server, Client(server.url, TOKEN) as client:
        reads = [asyncio.create_task(read(client)) for _ in range(16)]
        await server.received(16)
        await cancel(client)
        for each in reads:
            each.cancel()
        await asyncio.wait(reads)


async def test_cancels_in_a_row_share_a_connection_and_one_by_itself_has_its_own() -> None:
    async def always(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(good(request))

    async with serve(always) as server, Client(server.url, TOKEN) as client:
        await cancel(client)
        await cancel(client)
        await asyncio.sleep(CANCELS_KEEP + 0.05)
        await cancel(client)
    assert calls(server) == [("POST", 1), ("POST", 1), ("POST", 2)]


@pytest.mark.parametrize("dead", [reset, hang_up, silence])
async def test_a_cancel_that_did_meet_a_dead_connection_is_not_sent_again_and_its_outcome_unknown(dead: Script) -> None:
    async with serve(dead_after_one(dead)) as server, Client(server.url, TOKEN, timeouts=QUICK) as client:
        await cancel(client)
        with pytest.raises(NoAnswer) as caught:
            await cancel(client)
    assert type(caught.value) is NoAnswer
    assert calls(server) == [("POST", 1), ("POST", 1)]


async def ended(server: Server) -> None:
    """Wait until the server has ended all its connections: over loopback that is known at the other end, too."""
    _, standing = await asyncio.wait(server.tasks, timeout=5)
    assert not standing
