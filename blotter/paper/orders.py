"""The order calls: today's list, the history, place and cancel."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from blotter.paper.canceling import read_cancel
from blotter.paper.errors import flat, nested, no_such_account
from blotter.paper.exchange import Exchange
from blotter.paper.grants import EXECUTE, READ_ORDERS, Grants
from blotter.paper.order import PaperOrder, plain, timestamp
from blotter.paper.placing import read_placement
from blotter.paper.queries import read_paging, read_window

ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,50}")
LARGEST_BODY = 64 * 1024


class OrderRoutes:
    """Every call needs a bearer token: to read, with ``order:information``; to act, with ``order:execution``."""

    def __init__(self, exchange: Exchange, grants: Grants) -> None:
        self._exchange = exchange
        self._grants = grants

    def routes(self) -> list[Route]:
        return [
            Route("/v2/accounts/{id}/orders", self.active),
            Route("/v2/accounts/{id}/orders/history", self.history),
            Route("/v1/orders", self.place, methods=["POST"]),
            Route("/v1/orders/cancel", self.cancel, methods=["POST"]),
        ]

    async def active(self, request: Request) -> JSONResponse:
        """Orders at work and those that finished today. No orders at all is ``null``, as the vendor says."""
        account = self._account(request)
        paging = read_paging(request.query_params)
        page = self._exchange.active(account, paging.limit, paging.cursor)
        # The empty page that can follow a full one is a list: the vendor's client measures its length.
        nothing: list[Any] | None = [] if paging.cursor else None
        return JSONResponse({"orders": _records(page.orders) or nothing, "nextCursor": page.cursor})

    async def history(self, request: Request) -> JSONResponse:
        """Orders by the time of their creation, the superseded ones left out."""
        account = self._account(request)
        paging = read_paging(request.query_params)
        window = read_window(request.query_params, self._exchange.floor.now())
        page = self._exchange.ledger.page(
            account,
            paging.limit,
            paging.cursor,
            lambda order: window.start <= order.created <= window.end and order.status != "SUPERSEDED",
            oldest_first=window.oldest_first,
        )
        return JSONResponse({"orders": _records(page.orders), "nextCursor": page.cursor})

    async def place(self, request: Request) -> JSONResponse:
        self._grants.require(request.headers.get("authorization", ""), EXECUTE)
        draft = read_placement(await _body(request), self._exchange.accounts, self._exchange.today())
        order = self._exchange.place(draft)
        return JSONResponse(
            {
                "success": True,
                "clOrdId": order.cl_ord_id,
                "status": order.status,
                "symbol": draft.symbol,
                "side": draft.side,
                "qty": plain(draft.qty),
                "cumQty": plain(order.cum),
                "leavesQty": plain(order.leaves),
                "avgPrice": plain(order.average),
                "text": order.text,
                "ordRejReason": order.reject_reason,
                "transactTime": timestamp(order.created),
            }
        )

    async def cancel(self, request: Request) -> JSONResponse:
        self._grants.require(request.headers.get("authorization", ""), EXECUTE)
        order = read_cancel(await _body(request), self._exchange)
        ticket = self._exchange.begin_cancel(order)
        await asyncio.sleep(ticket.delay)
        return JSONResponse(self._exchange.answer_cancel(ticket))

    def _account(self, request: Request) -> str:
        self._grants.require(request.headers.get("authorization", ""), READ_ORDERS)
        account: str = request.path_params["id"]
        if ACCOUNT_ID.fullmatch(account) is None:
            raise nested(400, "VALIDATION", "BAD_ACCOUNT_ID", "account id is malformed", field="id")
        if account not in self._exchange.accounts:
            raise no_such_account(account)
        return account


def _records(orders: list[PaperOrder]) -> list[dict[str, Any]]:
    return [order.record() for order in orders]


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a request; 413 past 64 KB, 400 when it is none."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST_BODY:
            raise flat(413, "the request is too large")
    try:
        body = json.loads(received.decode())
    except (ValueError, RecursionError):
        raise flat(400, "the request is not JSON") from None
    if not isinstance(body, dict):
        raise flat(400, "the request is not a JSON object")
    return body
