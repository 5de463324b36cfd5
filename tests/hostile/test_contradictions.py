"""Where the broker's sources contradict each other (the API notes' section 10), both sides are understood.

Every test is named by its row. What a strict server might still refuse is a setting; what says the same in two ways
is read in both.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from blotter.broker.auth import Code, Verifier
from blotter.broker.client import Client
from blotter.broker.errors import Ask, NotSent, sentence
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.pkce import SCOPES, Attempt
from blotter.broker.stream import OrderEvent, connect
from blotter.broker.urls import check_base_url, check_stream_url, stream_url
from blotter.broker.wire.cancels import AccountFields
from blotter.broker.wire.failures import failure
from blotter.core.book import Book
from blotter.core.contract import display_symbol, security_type_to_send
from blotter.core.order import Order, OrderFields
from blotter.core.report import Report, Source
from blotter.core.status import WORKING, is_finished
from blotter.ui.view import View
from tests.broker.canary import TOKEN
from tests.broker.http_server import Request, Server, answer, replies, serve
from tests.broker.samples import ACCOUNT, LEG, ORDER, record
from tests.broker.stream_server import Peer, stream_server
from tests.broker.stream_talk import CANCELED, event, events_of
from tests.core.moments import at

ROWS = {*range(1, 12), *range(13, 16), *range(17, 21), 22, 24}
TAKEN = {"success": True, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL"}


def test_every_row_has_its_test() -> None:
    named = {int(row) for name in dir(sys.modules[__name__]) for row in re.findall(r"^test_row_(\d\d)_", name)}
    assert named == ROWS


async def listed(*records: object, **envelope: object) -> tuple[tuple[tuple[str, OrderFields], ...], list[str]]:
    """The orders that a client reads in a list of these, and the reasons why others could not be read."""
    body = {"orders": list(records), "nextCursor": 0} | envelope
    async with serve(replies(answer(body))) as server, Client(server.url, TOKEN) as client:
        page = await client.orders(ACCOUNT)
    return page.orders, [each.reason for each in page.unreadable]


async def order(**changes: Any) -> Order:
    """The order that a list's record becomes."""
    [(name, fields)], unreadable = await listed(record(**changes))
    assert not unreadable
    [change] = Book().apply(Report(ACCOUNT, name, fields, Source.LIST, at(0), at(0)))
    return change.after.order


async def canceled(what: Order, fields: AccountFields = AccountFields.BOTH) -> dict[str, object]:
    """The body that asks for a cancel of ``what``."""
    async with (
        serve(replies(answer(TAKEN | {"origClOrdId": what.cl_ord_id}))) as server,
        Client(server.url, TOKEN, account_fields=fields) as client,
    ):
        await client.cancel(what)
        body = server.requests[0].json
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (AccountFields.BOTH, {"accountId", "tradingAccountId"}),
        (AccountFields.ACCOUNT_ID, {"accountId"}),
        (AccountFields.TRADING_ACCOUNT_ID, {"tradingAccountId"}),
    ],
)
async def test_row_01_the_account_is_named_in_both_ways_or_as_a_strict_server_wants(
    fields: AccountFields, names: set[str]
) -> None:
    body = await canceled(ORDER, fields)
    assert {name: body[name] for name in body if "ccount" in name} == dict.fromkeys(names, ACCOUNT)


async def test_row_02_a_cancel_names_the_side_and_one_without_is_not_sent() -> None:
    assert (await canceled(await order(side="SELL_SHORT")))["side"] == "SELL_SHORT"
    async with serve(replies(answer(TAKEN))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent, match="names no side"):
            await client.cancel(await order(side=None))
        assert server.requests == []


@pytest.mark.parametrize(
    ("read", "sent"), [("EQUITY", "CS"), ("CS", "CS"), ("OPTION", "OPT"), ("OPT", "OPT"), ("equity", "CS"), ("", "CS")]
)
async def test_row_03_the_security_type_is_read_in_two_vocabularies_and_sent_in_one(read: str, sent: str) -> None:
    assert (await canceled(await order(securityType=read)))["securityType"] == sent


@pytest.mark.parametrize("category", ["EQUITY", "SINGLE_LEG", "MULTI_LEG", "", None, "NEW_ONE"])
async def test_row_04_the_category_decides_nothing(category: str | None) -> None:
    stock = await order(category=category)
    assert (display_symbol(stock), security_type_to_send(stock)) == ("MSFT", "CS")
    assert "putCall" not in await canceled(stock)
    option = await order(category=category, symbol="AAPL", securityType="OPTION", legs=[LEG])
    assert display_symbol(option) == "AAPL 19JUN26 205C"
    assert (await canceled(option))["putCall"] == "CALL"


@pytest.mark.parametrize("body", [{"orders": []}, {"orders": None}, {}])
async def test_row_05_an_empty_list_is_an_array_null_or_missing(body: dict[str, object]) -> None:
    async with serve(replies(answer(body | {"nextCursor": 0}))) as server, Client(server.url, TOKEN) as client:
        page = await client.orders(ACCOUNT)
    assert (page.orders, page.unreadable, page.next_cursor) == ((), (), 0)


async def test_row_06_no_list_asks_for_a_source() -> None:
    async with serve(replies(answer({"orders": [], "nextCursor": 0}))) as server, Client(server.url, TOKEN) as client:
        await client.orders(ACCOUNT)
        await client.orders(ACCOUNT, 7)
        await client.history(ACCOUNT, datetime(2026, 5, 4, tzinfo=UTC))
        asked = [set(parse_qs(urlsplit(request.target).query)) for request in server.requests]
    assert asked == [{"limit", "cursor"}, {"limit", "cursor"}, {"from", "limit", "cursor"}]


async def test_row_07_an_active_list_with_todays_finished_orders_shows_the_working_ones() -> None:
    statuses = [*sorted(WORKING), "FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED"]
    found, _ = await listed(*(record(clOrdId=status, ordStatus=status) for status in statuses))
    book = Book()
    reports = [Report(ACCOUNT, name, fields, Source.LIST, at(1), at(0)) for name, fields in found]
    view = View()
    view.resize(100)
    view.apply([change.after for change in book.replace(ACCOUNT, reports, at(0), at(1))])
    assert {row.key.cl_ord_id for row in view.window} == {str(status) for status in WORKING}
    assert view.counts.done == 5
    assert all(is_finished(row.order) for row in book.rows() if row.key.cl_ord_id not in set(map(str, WORKING)))


@pytest.mark.parametrize("own", [ORDER.cl_ord_id, "A7-000413", "", None])
async def test_row_08_a_cancels_answer_is_known_by_the_original_id(own: str | None) -> None:
    """Some examples give the cancel the order's own id, others a new one, and nothing obliges it to have any."""
    body = {"success": True, "clOrdId": own, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL", "text": ""}
    async with serve(replies(answer(body))) as server, Client(server.url, TOKEN) as client:
        reply = await client.cancel(ORDER)
    assert reply.orig_cl_ord_id == ORDER.cl_ord_id
    assert reply.success


@pytest.mark.parametrize("generation", ["v2", "v1"])
async def test_row_09_accounts_are_asked_for_in_the_new_way_and_then_in_the_old(generation: str) -> None:
    here = answer({"accounts": [{"trading_account_id": "ACC-1", "is_sim": False, "status": "OPEN"}]})

    async def script(request: Request, writer: Any) -> None:
        writer.write(here if request.target.startswith(f"/{generation}/") else answer("", 404))

    async with serve(script) as server, Client(server.url, TOKEN) as client:
        assert [account.id for account in await client.accounts()] == ["ACC-1"]
        asked = [request.target for request in server.requests]
    assert asked == ["/v2/users/me/accounts", "/v1/users/me/accounts"][: 1 if generation == "v2" else 2]


@pytest.mark.parametrize("symbol", ["A" * 20, "AAPL  260619C00205000", "O:AAPL260619C00205000", "B" * 40])
async def test_row_10_a_symbol_of_any_length_is_read_and_sent_back_as_it_came(symbol: str) -> None:
    assert (await canceled(await order(symbol=symbol)))["symbol"] == symbol


@pytest.mark.parametrize("venue", ["NASDAQ", "MNGD", "MNGDFTE", "", None, "somewhere else"])
async def test_row_11_the_venue_is_free_text(venue: str | None) -> None:
    assert (await order(exDestination=venue)).ex_destination == (venue or "")


@pytest.mark.parametrize("more", [{}, {"action": "auth"}, {"method": "POST"}, {"action": "AuthSuccess"}])
async def test_row_13_authentication_is_sent_as_documented_and_its_yes_is_taken_in_any_case(
    more: dict[str, str],
) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        assert asked["payload"] == {"method": "post", "path": "/auth", "body": {"token": TOKEN.reveal()}}
        await peer.say({"type": "response", "id": asked["id"], "payload": {"status": 200} | more})
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN):
        pass


@pytest.mark.parametrize("name", ["account.order", "accUpdates", "order", "orders", "somethingNew", "", None])
@pytest.mark.parametrize("topic", ["account", "accUpdates", None])
async def test_row_14_whatever_looks_like_an_order_is_one(name: str | None, topic: str | None) -> None:
    payload = {"name": name, "topic": topic, "target": ACCOUNT, "data": CANCELED}
    [heard] = await events_of(event(**{key: value for key, value in payload.items() if value is not None}))
    assert isinstance(heard, OrderEvent)
    assert (heard.account, heard.cl_ord_id, heard.fields["ord_status"]) == (ACCOUNT, "A7-000412", "CANCELED")


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        ({"expiresIn": 3_900_000}, 3900.0),
        ({"expiresIn": 2_700_000}, 2700.0),
        ({"expiresIn": "2700000"}, 2700.0),
        ({}, None),
        ({"expiresIn": None}, None),
        ({"expiresIn": -1}, None),
    ],
)
async def test_row_15_a_session_is_as_long_as_the_broker_says(data: dict[str, object], seconds: float | None) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        await peer.say(event(action="authSuccess", id=asked["id"], data=data))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        assert stream.expires_in == seconds


@pytest.mark.parametrize(
    "stamp", [1_777_901_460_000, "2026-05-04T13:31:00Z", "2026-05-04T13:31:00.123456789+00:00", None]
)
async def test_row_17_a_time_is_milliseconds_or_rfc_3339(stamp: object) -> None:
    message = {"timestamp": stamp} | event(name="account.order", target=ACCOUNT, timestamp=stamp, data=CANCELED)
    [heard] = await events_of(message)
    assert isinstance(heard, OrderEvent)
    assert (await order(updatedAt="1777901460000")).updated_at == datetime(2026, 5, 4, 13, 31, tzinfo=UTC)


GRANT = {"access_token": "eyJ-access-token", "token_type": "Bearer", "expires_in": 3600, "scope": "order:information"}


def fields_of(request: Request) -> dict[str, str]:
    if request.headers["content-type"] == "application/json":
        return dict(json.loads(request.body))
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


async def redeemed(*answers: bytes) -> Server:
    """The server that a login's code was exchanged at."""
    async with serve(replies(*answers)) as server:
        await TokenEndpoint(server.url, "blotter").redeem(Code("the-code"), Verifier("v" * 43), "https://localhost/cb")
        return server


@pytest.mark.parametrize("scope", ["account:information order:information order:execution", "read write trade", None])
async def test_row_18_scopes_are_asked_for_in_the_new_words_and_told_in_any(scope: str | None) -> None:
    assert set(SCOPES) == {"account:information", "order:information", "order:execution"}
    asked = Attempt("blotter", "https://localhost/cb").address("https://app.aries.com/oauth2/authorize")
    assert parse_qs(urlsplit(asked).query)["scope"] == [" ".join(SCOPES)]
    await redeemed(answer(GRANT | {"scope": scope}))


@pytest.mark.parametrize(("refusal", "bodies"), [(None, 1), (400, 2), (415, 2)])
async def test_row_19_a_token_is_asked_for_in_json_and_then_by_a_form(refusal: int | None, bodies: int) -> None:
    refused = [answer({"error": "unsupported media type"}, refusal)] if refusal else []
    server = await redeemed(*refused, answer(GRANT))
    kinds = ["application/json", "application/x-www-form-urlencoded"]
    assert [request.headers["content-type"] for request in server.requests] == kinds[:bodies]
    assert len({json.dumps(fields_of(request), sort_keys=True) for request in server.requests}) == 1


async def test_row_20_the_grant_is_called_authorization_code() -> None:
    [request] = (await redeemed(answer(GRANT))).requests
    assert fields_of(request)["grant_type"] == "authorization_code"


SHAPES: dict[str, tuple[object, str, bool]] = {
    "flat": ({"error": "symbol is required", "codes": [], "metadata": {}}, "symbol is required", True),
    "flat with codes": (
        {"error": "bad", "codes": [{"code": "REQUIRED", "description": "must not be empty", "field": "symbol"}]},
        "bad: symbol must not be empty",
        True,
    ),
    "nested": (
        {"error": {"type": "VALIDATION", "code": "BAD_SYMBOL", "message": "unknown symbol", "request_id": "r-1"}},
        "unknown symbol",
        True,
    ),
    "nested, lower case": ({"error": {"type": "rate_limit", "message": "slow down"}, "meta": {}}, "slow down", True),
    "old, with a message": ({"error": "unauthorized", "message": "token expired"}, "unauthorized: token expired", True),
    "with success": ({"success": False, "error": "closed"}, "closed", True),
    "OAuth's": ({"error": "invalid_grant", "error_description": "used"}, "invalid_grant: used", True),
    "an empty object": ({}, "", False),
    "none": ("", "", False),
    "a page": ("<html>no</html>", "", False),
    "plain text": ("upstream connect error", "upstream connect error", False),
}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("shape", SHAPES)
def test_row_22_every_shape_of_an_error_is_one_sentence_and_the_brokers_words(shape: str, status: int) -> None:
    body, words, from_broker = SHAPES[shape]
    text = body if isinstance(body, str) else json.dumps(body)
    error = failure(Ask.CANCEL, "api.aries.com", status, {}, text)
    said = sentence(error)
    assert said.endswith(".")
    assert f"HTTP {status}" in said
    assert "\n" not in said
    assert (error.words, error.from_broker) == (words, from_broker)
    assert not words or words not in said


@pytest.mark.parametrize("host", ["api.aries.com", "api.tradearies.dev", "api.ariesfinancial.com"])
def test_row_24_the_hosts_are_settings(host: str) -> None:
    assert check_base_url(f"https://{host}/") == f"https://{host}"
    assert stream_url(f"https://{host}") == f"wss://{host}/v1/accounts/ws"
    assert check_stream_url(f"wss://{host}/ws") == f"wss://{host}/ws"
