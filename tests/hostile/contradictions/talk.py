"""What a client reads, and what it sends."""

from __future__ import annotations

from typing import Any

from blotter.broker.client import Client
from blotter.broker.wire.cancels import AccountFields
from blotter.core.book.book import Book
from blotter.core.book.report import Report, Source
from blotter.core.order import Order, OrderFields
from tests.broker.canary import TOKEN
from tests.broker.http_server import answer, replies, serve
from tests.broker.samples import ACCOUNT, ORDER, record
from tests.core.moments import at

TAKEN = {"success": True, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL"}


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
