"""Contradictions about the accounts, their lists of orders, and what a list is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from blotter.broker.client import Client
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.book.status import WORKING, is_finished
from blotter.ui.table.view import View
from tests.broker.canary import TOKEN
from tests.broker.http_server import Request, answer, replies, serve
from tests.broker.samples import ACCOUNT, record
from tests.core.moments import at
from tests.hostile.contradictions.talk import listed


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


@pytest.mark.parametrize("generation", ["v2", "v1"])
async def test_row_09_accounts_are_asked_for_in_the_new_way_and_then_in_the_old(generation: str) -> None:
    here = answer({"accounts": [{"trading_account_id": "ACC-1", "is_sim": False, "status": "OPEN"}]})

    async def script(request: Request, writer: Any) -> None:
        writer.write(here if request.target.startswith(f"/{generation}/") else answer("", 404))

    async with serve(script) as server, Client(server.url, TOKEN) as client:
        assert [account.id for account in await client.accounts()] == ["ACC-1"]
        asked = [request.target for request in server.requests]
    assert asked == ["/v2/users/me/accounts", "/v1/users/me/accounts"][: 1 if generation == "v2" else 2]
