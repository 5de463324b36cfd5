"""Everything that the broker can send, made up: no exception, in bounded time, and the good rows survive.

Each kind of answer goes through the real client on a transport that gives it back, or through the real stream's reader;
what may come out is a value of ours or an error of ours, and no third thing.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blotter.broker.auth import Code, Token, Verifier
from blotter.broker.client import Client
from blotter.broker.errors import BrokerError, sentence
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.wire.json import read_lines, text_of
from blotter.broker.wire.messages import (
    Heard,
    OrderEvent,
    RefreshWarning,
    SessionExpired,
    Snapshot,
    UnreadableEvent,
    read_envelope,
    read_events,
)
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.sheets.columns import columns_for, render_cells
from blotter.core.text import show
from tests.broker.canary import CANARY
from tests.broker.samples import ACCOUNT, ORDER, record
from tests.broker.wire.strategies import anything, damaged_records
from tests.core.moments import at
from tests.hostile.hanging import hanging_fails
from tests.hostile.payloads import PAYLOADS

TOKEN = Token(CANARY)
EXAMPLES = int(os.environ.get("BLOTTER_FUZZ", "40"))
"""For each of the tests; set the variable for a long run."""
QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

payloads = st.sampled_from(sorted(PAYLOADS.values()))
garbage = st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
statuses = st.sampled_from([200, 200, 200, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503, 504, 599])


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


@st.composite
def bent(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good body with a piece of it replaced: what a broken proxy makes of one."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 8)))
    return whole[:start] + draw(st.binary(max_size=6)) + whole[end:]


def bodies(whole: dict[str, Any], member: str) -> st.SearchStrategy[bytes]:
    """Bodies from nearly right to nothing at all."""
    return (
        anything.map(lambda value: as_json(whole | {member: value}))
        | st.dictionaries(st.sampled_from(sorted(whole)), anything | payloads, max_size=4).map(
            lambda changes: as_json(whole | changes)
        )
        | anything.map(as_json)
        | bent(as_json(whole))
        | garbage
    )


def outcome(body: bytes, status: int, call: Any) -> object:
    """What ``call`` makes of an answer: its value, or the error of ours."""

    async def run() -> object:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
        try:
            return await call(transport)
        except BrokerError as error:
            return error

    with hanging_fails():
        found = asyncio.run(run())
    if isinstance(found, BrokerError):
        assert CANARY not in sentence(found) + found.words
        assert "\n" not in sentence(found)
        found.words.encode()
    return found


async def with_client(transport: httpx.AsyncBaseTransport, ask: str, *arguments: Any) -> object:
    async with Client("http://127.0.0.1:1", TOKEN, transport=transport) as client:
        return await getattr(client, ask)(*arguments)


REPLY = {"success": True, "clOrdId": "C-1", "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL", "text": ""}
PEOPLE = {"accounts": [{"trading_account_id": ACCOUNT, "is_sim": True, "status": "OPEN"}]}
PAGE = {"orders": [record()], "nextCursor": 0}
GRANT = {
    "access_token": "t" * 20,
    "token_type": "Bearer",
    "expires_in": 3600,
    "refresh_token": "r" * 20,
    "scope": "a b",
}


@QUICK
@given(bodies(REPLY, "status"), statuses)
def test_any_answer_to_a_cancel(body: bytes, status: int) -> None:
    outcome(body, status, lambda transport: with_client(transport, "cancel", ORDER))


@QUICK
@given(bodies(PEOPLE, "accounts"), statuses)
def test_any_list_of_accounts(body: bytes, status: int) -> None:
    outcome(body, status, lambda transport: with_client(transport, "accounts"))


@QUICK
@given(bodies(PAGE, "orders"), statuses)
def test_any_page_of_orders(body: bytes, status: int) -> None:
    outcome(body, status, lambda transport: with_client(transport, "orders", ACCOUNT))


@QUICK
@given(bodies(GRANT, "expires_in"), statuses)
def test_any_answer_of_the_token_endpoint(body: bytes, status: int) -> None:
    async def call(transport: httpx.AsyncBaseTransport) -> object:
        endpoint = TokenEndpoint("http://127.0.0.1:1", "blotter", transport=transport)
        return await endpoint.redeem(Code("the-code"), Verifier("v" * 43), "https://localhost/cb")

    outcome(body, status, call)


@QUICK
@given(st.lists(damaged_records() | anything, max_size=6), st.integers(0, 6), st.randoms(use_true_random=False))
def test_the_good_rows_survive_among_any_others_up_to_the_screen(bad: list[object], good: int, chance: Any) -> None:
    """Through the page, the book and the cells: each good order is there, whole, whatever stands beside it."""
    wanted = {f"good-{number}" for number in range(good)}
    rows = [*bad, *(record(clOrdId=name) for name in wanted)]
    chance.shuffle(rows)
    page: Any = outcome(
        as_json({"orders": rows, "nextCursor": 0}), 200, lambda transport: with_client(transport, "orders", ACCOUNT)
    )
    book = Book()
    book.replace(
        ACCOUNT,
        [Report(ACCOUNT, name, fields, Source.LIST, at(1), at(0)) for name, fields in page.orders],
        at(0),
        at(1),
    )
    found = {row.key.cl_ord_id: row for row in book.rows()}
    assert wanted <= found.keys()
    assert len(page.orders) + len(page.unreadable) == len(rows)
    for row in found.values():
        for cell in render_cells(row, columns_for(200), at(2)):
            assert show(cell.text) == cell.text


def frames() -> st.SearchStrategy[bytes]:
    """Frames of the stream: envelopes of every kind around anything, several to a frame, cut and joined."""
    order = damaged_records() | st.just(record())
    data = (
        anything
        | order
        | st.lists(order, max_size=3)
        | st.fixed_dictionaries({"ordersV2": st.lists(order, max_size=3)})
    )
    payload = st.fixed_dictionaries(
        {},
        optional={
            "action": st.sampled_from(["authSuccess", "error", "refreshAuth", "authExpired"]) | payloads,
            "name": st.sampled_from(["account.order", "account.position"]) | payloads,
            "topic": st.just("account") | payloads,
            "target": st.just(ACCOUNT) | anything,
            "id": anything,
            "status": anything,
            "error": anything,
            "data": data,
        },
    )
    envelope = st.fixed_dictionaries(
        {"payload": payload | anything},
        optional={"type": st.sampled_from(["event", "response", "pong", "subscribed"]) | payloads, "id": anything},
    )
    whole = envelope.map(as_json)
    return st.lists(whole | garbage, min_size=1, max_size=3).map(b"\n".join)


@QUICK
@given(frames())
def test_any_frame_of_the_stream(frame: bytes) -> None:
    kinds = OrderEvent | Snapshot | UnreadableEvent | RefreshWarning | SessionExpired | Heard

    async def run() -> None:
        for value in read_lines(text_of(frame)):
            envelope = read_envelope(value)
            if envelope is not None:
                for event in await read_events(envelope, "", ACCOUNT):
                    assert isinstance(event, kinds)
                    if isinstance(event, UnreadableEvent):
                        event.reason.encode()
                assert envelope.refuses in (True, False)
                assert envelope.expires_in is None or envelope.expires_in > 0

    with hanging_fails():
        asyncio.run(run())


@QUICK
@given(st.text(min_size=1, max_size=20) | payloads)
def test_any_account_id_stays_one_piece_of_the_path_of_the_host_that_was_given(account: str) -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, content=as_json(PAGE))

    async def run() -> None:
        async with Client("https://api.aries.com", TOKEN, transport=httpx.MockTransport(answer)) as client:
            await client.orders(account)

    try:
        asyncio.run(run())
    except BrokerError:
        assert not asked
        return
    assert [(url.scheme, url.host, url.port) for url in asked] == [("https", "api.aries.com", None)]
    path = asked[0].raw_path.decode().partition("?")[0]
    assert path.startswith("/v2/accounts/")
    assert path.endswith("/orders")
    assert path.count("/") == 4
    assert ".." not in path.split("/")
