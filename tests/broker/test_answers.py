"""Answers that came whole: which leaf each status is, and which successes are not ours."""

from __future__ import annotations

import gzip
import zlib

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import (
    Answered,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    Redirected,
    ServerTrouble,
    Unauthorized,
    Unreadable,
    sentence,
)
from tests.broker.canary import TOKEN
from tests.broker.http_server import answer, replies, serve
from tests.broker.samples import ACCOUNT
from tests.broker.test_exchange import OK, cancel_at

STATUSES: list[tuple[int, type[Answered]]] = [
    (301, Redirected),
    (302, Redirected),
    (303, Redirected),
    (307, Redirected),
    (308, Redirected),
    (400, BadRequest),
    (401, Unauthorized),
    (402, Unreadable),
    (403, Forbidden),
    (404, NotFound),
    (405, Unreadable),
    (407, Unreadable),
    (408, ServerTrouble),
    (409, Conflict),
    (418, Unreadable),
    (422, BadRequest),
    (425, ServerTrouble),
    (429, RateLimited),
    (500, ServerTrouble),
    (502, ServerTrouble),
    (503, ServerTrouble),
    (504, ServerTrouble),
    (599, ServerTrouble),
    (700, Unreadable),
]


@pytest.mark.parametrize(("status", "leaf"), STATUSES)
async def test_each_status_is_one_leaf(status: int, leaf: type[Answered]) -> None:
    async with serve(replies(answer({"error": "no luck"}, status))) as server:
        error = await cancel_at(server.url)
        assert type(error) is leaf
        assert (error.status, error.words) == (status, "no luck")
        assert error.where == server.url.removeprefix("http://")
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with serve(replies(answer(OK))) as elsewhere:
        there = answer("", status, {"Location": f"{elsewhere.url}/v1/orders/cancel"})
        async with serve(replies(there)) as server:
            assert type(await cancel_at(server.url)) is Redirected
        assert elsewhere.connections == 0


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"Retry-After": "3"}, 3.0),
        ({"Retry-After": "0"}, 0.0),
        ({"retry-after-ms": "250", "Retry-After": "3"}, 0.25),
        ({"Retry-After": "Sun, 22 Nov 2026 03:00:09 GMT", "Date": "Sun, 22 Nov 2026 03:00:05 GMT"}, 4.0),
        ({"Retry-After": "Sun, 22 Nov 2026 03:00:00 GMT", "Date": "Sun, 22 Nov 2026 03:00:05 GMT"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 2026 03:00:09 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "1e9"}, None),
        ({"Retry-After": "9" * 400}, None),
    ],
)
async def test_how_long_the_broker_asks_to_wait(headers: dict[str, str], wait: float | None) -> None:
    async with serve(replies(answer("", 429, headers))) as server:
        error = await cancel_at(server.url)
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


MIB = b" " * 2**20


BODIES: dict[str, tuple[bytes, dict[str, str], str]] = {
    "longer than a reply may be": (MIB + b" ", {}, "longer than 1,048,576 bytes"),
    "a bomb": (gzip.compress(MIB * 40), {"Content-Encoding": "gzip"}, "longer than 1,048,576 bytes"),
    "a bomb in a bomb": (gzip.compress(gzip.compress(MIB * 40)), {"Content-Encoding": "gzip, gzip"}, "decompressed"),
    "not the compression it says": (b"{}", {"Content-Encoding": "gzip"}, "decompressed"),
    "a compression not asked for": (b"{}", {"Content-Encoding": "br"}, "decompressed"),
    "a page": (b"<!doctype html><title>Sign in</title>", {"Content-Type": "text/html"}, "HTML"),
    "nothing": (b"", {}, "not JSON"),
    "not JSON": (b"OK", {}, "not JSON"),
    "nested too deeply": (b"[" * 100_000, {}, "nested"),
}


@pytest.mark.parametrize("kind", BODIES)
async def test_a_success_that_is_not_ours_is_unreadable(kind: str) -> None:
    body, headers, why = BODIES[kind]
    async with serve(replies(answer(body, 200, headers))) as server:
        error = await cancel_at(server.url)
    assert type(error) is Unreadable
    assert why in sentence(error)
    assert error.status == 200


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_plain_compression_that_was_not_asked_for_is_read_all_the_same(encoding: str) -> None:
    body = gzip.compress(b'{"orders":null}') if encoding == "gzip" else zlib.compress(b'{"orders":null}')
    async with (
        serve(replies(answer(body, 200, {"Content-Encoding": encoding}))) as server,
        Client(server.url, TOKEN) as client,
    ):
        assert (await client.orders(ACCOUNT)).orders == ()
        assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("body", [b"x" * 3 * 2**20, gzip.compress(MIB * 40)])
async def test_an_error_keeps_its_status_however_long_its_body(body: bytes) -> None:
    headers = {"Content-Encoding": "gzip"} if body[:2] == b"\x1f\x8b" else {}
    async with serve(replies(answer(body, 409, headers))) as server:
        error = await cancel_at(server.url)
    assert type(error) is Conflict
    assert len(error.words) <= 2000
