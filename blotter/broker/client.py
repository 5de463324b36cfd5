"""The broker's calls over HTTP: accounts, orders, history, cancel.

A read that meets a 401 is sent once more with a renewed token, and one that meets a dead connection on a new one. A
cancel is sent once: whether it may be sent again is not decided here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from blotter.broker.auth import Bearer, NoToken, Token, Tokens
from blotter.broker.errors import Ask, LoggedOut, NoAnswer, NotFound, NotSent, Unauthorized, Unreadable
from blotter.broker.exchange import Answer, Departure, exchange
from blotter.broker.http import Connections, Timeouts, is_traced
from blotter.broker.urls import check_base_url, host_and_port, segment
from blotter.broker.wire.accounts import read_accounts
from blotter.broker.wire.cancels import AccountFields, CancelReply, cancel_body, read_cancel
from blotter.broker.wire.json import NotJson, read, writable
from blotter.broker.wire.pages import Page, read_page
from blotter.broker.wire.pieces import read_in_pieces
from blotter.core.account import Account
from blotter.core.order import Order

_MOST_OF_A_LIST = 32 * 2**20
_MOST_OF_A_REPLY = 2**20
_MOST_ORDERS = 500

INTERRUPTED = 3.0
"""Seconds for a refresh that is under way when the client is left because of an error, or by ctrl+c."""


class Client:
    """An asynchronous context manager: its connections are made in the loop that enters it and closed when it leaves.

    ``base_url`` must pass :func:`~blotter.broker.urls.check_base_url` (:class:`ValueError` otherwise). Calls raise
    only errors of the tree in :mod:`blotter.broker.errors`. ``transport`` takes the place of the network;
    ``ca_file`` holds further authorities to trust.
    """

    def __init__(
        self,
        base_url: str,
        tokens: Tokens,
        *,
        account_fields: AccountFields = AccountFields.BOTH,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts | None = None,
        ca_file: Path | None = None,
    ) -> None:
        self._base = check_base_url(base_url)
        self._where = host_and_port(self._base)
        self._tokens = tokens
        self._refused: Token | None = None
        self._account_fields = account_fields
        self._transport = transport
        self._timeouts = timeouts or Timeouts()
        self._ca_file = ca_file
        self._connections: Connections | None = None

    async def __aenter__(self) -> Self:
        self._connections = Connections.to(self._base, self._timeouts, self._transport, self._ca_file)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connections, self._connections = self._connections, None
        if connections is not None:
            await connections.aclose()
        await self._tokens.settle(self._timeouts.token if kind is None else INTERRUPTED)

    async def accounts(self) -> tuple[Account, ...]:
        """All accounts of the token's user, closed and nameless ones included: the caller filters."""
        try:
            answer = await self._get(Ask.ACCOUNTS, "/v2/users/me/accounts")
        except NotFound:
            answer = await self._get(Ask.ACCOUNTS, "/v1/users/me/accounts")
        try:
            return read_accounts(read(answer.text))
        except NotJson as error:
            problem = str(error)
        raise self._unreadable(Ask.ACCOUNTS, problem, answer)

    async def orders(self, account: str, cursor: int = 0, limit: int = _MOST_ORDERS) -> Page:
        """One page of the *active* list, which also holds today's finished orders."""
        path = f"{self._of(Ask.ORDERS, account)}/orders"
        return await self._page(Ask.ORDERS, path, account, {"limit": str(limit), "cursor": str(cursor)})

    async def history(self, account: str, start: datetime, cursor: int = 0, limit: int = _MOST_ORDERS) -> Page:
        """One page of the orders created since ``start`` (aware, at most 90 days back), newest first."""
        since = start.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        path = f"{self._of(Ask.HISTORY, account)}/orders/history"
        return await self._page(Ask.HISTORY, path, account, {"from": since, "limit": str(limit), "cursor": str(cursor)})

    async def cancel(
        self, order: Order, *, within: float | None = None, departure: Departure | None = None
    ) -> CancelReply:
        """Ask for the rest of ``order`` to be taken off the market, and return the broker's acknowledgement.

        ``within`` bounds the whole call in seconds (else :class:`Timeouts`): past it, the error says whether the
        request had left; ``departure`` says it of a call that is cut off. Nothing is concluded here; a reply that
        leaves the outcome in doubt is ``Unreadable``.
        """
        try:
            body = json.dumps(cancel_body(order, self._account_fields)).encode("ascii")
        except ValueError as error:
            unfit = str(error)
        else:
            limit = self._timeouts.cancel if within is None else within
            return await self._cancel(order.cl_ord_id, body, limit, departure)
        raise NotSent(Ask.CANCEL, unfit, where=self._where)

    async def renew(self) -> bool:
        """After a cancel met a 401: whether there is another token now, with which it can be sent again."""
        try:
            return self._refused is not None and await self._tokens.renewed(self._refused) is not None
        except NoToken:
            return False

    async def _cancel(self, asked: str, body: bytes, within: float, departure: Departure | None) -> CancelReply:
        http = self._open.cancels

        def request() -> httpx.Request:
            return http.build_request(
                "POST", f"{self._base}/v1/orders/cancel", content=body, headers={"Content-Type": "application/json"}
            )

        answer = await self._once(http, Ask.CANCEL, request, most=_MOST_OF_A_REPLY, within=within, departure=departure)
        try:
            return read_cancel(answer.text, asked)
        except NotJson as error:
            problem = str(error)
        raise self._unreadable(Ask.CANCEL, problem, answer)

    async def _page(self, ask: Ask, path: str, account: str, query: dict[str, str]) -> Page:
        answer = await self._get(ask, path, query)
        try:
            return await read_page(await read_in_pieces(answer.text), account)
        except NotJson as error:
            problem = str(error)
        raise self._unreadable(ask, problem, answer)

    async def _get(self, ask: Ask, path: str, query: dict[str, str] | None = None) -> Answer:
        def request() -> httpx.Request:
            return self._open.reads.build_request("GET", f"{self._base}{path}", params=query)

        try:
            return await self._read(ask, request)
        except Unauthorized as error:
            refusal = error
        if not await self._renewed(ask):
            raise refusal
        return await self._read(ask, request)

    async def _read(self, ask: Ask, request: Callable[[], httpx.Request]) -> Answer:
        """A read may be sent twice: nothing but a new connection tells a dead one from a broker that is not there."""
        clock, within = asyncio.get_running_loop(), self._timeouts.list
        start = clock.time()
        try:
            return await self._once(self._open.reads, ask, request, most=_MOST_OF_A_LIST, within=within)
        except NoAnswer as error:
            silence = error
        left = within - (clock.time() - start)
        if not silence.reused or left <= 0:
            raise silence
        return await self._once(self._open.fresh, ask, request, most=_MOST_OF_A_LIST, within=left)

    async def _once(
        self,
        http: httpx.AsyncClient,
        ask: Ask,
        request: Callable[[], httpx.Request],
        *,
        most: int,
        within: float,
        departure: Departure | None = None,
    ) -> Answer:
        """One exchange; waiting for a good token counts as a part of it."""
        clock = asyncio.get_running_loop()
        start = clock.time()
        token = await self._token(ask, within)
        left = within - (clock.time() - start)
        traced = is_traced(self._transport)
        try:
            return await exchange(
                http, request(), ask, Bearer(token), most=most, within=left, traced=traced, departure=departure
            )
        except Unauthorized:
            self._refused = token
            raise

    async def _token(self, ask: Ask, within: float) -> Token:
        try:
            async with asyncio.timeout(within):
                token = await self._tokens.current()
            # Asked now and not before: the refresh that brought this token may have cost it the right to cancel.
            problem = self._tokens.why_not_cancel if ask is Ask.CANCEL else ""
            if not problem:
                return token
        except NoToken as error:
            problem = str(error)
        except TimeoutError:
            problem = "no fresh token came in time"
        raise LoggedOut(ask, problem, where=self._where)

    async def _renewed(self, ask: Ask) -> bool:
        try:
            return self._refused is not None and await self._tokens.renewed(self._refused) is not None
        except NoToken as error:
            problem = str(error)
        raise LoggedOut(ask, problem, where=self._where)

    def _of(self, ask: Ask, account: str) -> str:
        if not account:
            raise NotSent(ask, "the account has no id", where=self._where)
        return f"/v2/accounts/{segment(account)}"

    def _unreadable(self, ask: Ask, problem: str, answer: Answer) -> Unreadable:
        html = answer.text.lstrip().startswith("<")
        said = "it is a page of HTML" if html else problem
        error = Unreadable(ask, said, where=self._where, status=answer.status)
        if ask is Ask.CANCEL:
            error.raw = writable(answer.text)
        return error

    @property
    def _open(self) -> Connections:
        if self._connections is None:
            raise RuntimeError("the client is not entered")
        return self._connections
