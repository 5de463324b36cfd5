"""What becomes of calls over HTTP: the answers of a broker that is not well."""

from __future__ import annotations

import asyncio
import re
from random import Random

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blotter.paper.errors import flat
from blotter.paper.faults.fault import Fault, Kind

LIST = re.compile(r"/v2/accounts/[^/]+/orders(/history)?")
CANCEL = "/v1/orders/cancel"
RETRY_AFTER = 2
PAGE = "<!doctype html><html><body><h1>Scheduled maintenance</h1><p>We will be back shortly.</p></body></html>"


class Calls:
    """Passes calls on to the broker, unless a fault has it otherwise."""

    def __init__(self, app: ASGIApp, chance: Random) -> None:
        self._app = app
        self._chance = chance
        self._until: dict[Kind, float] = {}
        self._unanswered = 0

    def strike(self, fault: Fault) -> None:
        if fault.kind is Kind.MUTE:
            self._unanswered += int(fault.amount)
        else:
            self._until[fault.kind] = asyncio.get_running_loop().time() + fault.amount

    def mend(self) -> None:
        self._until.clear()
        self._unanswered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_list, is_cancel = bool(LIST.fullmatch(scope["path"])), scope["path"] == CANCEL
        if is_cancel and self._unanswered:
            self._unanswered -= 1
            await self._app(scope, receive, _nowhere)
            while (await receive())["type"] != "http.disconnect":
                pass
        elif (is_list or is_cancel) and (answer := await self._ill(scope, receive, is_cancel)):
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _ill(self, scope: Scope, receive: Receive, is_cancel: bool) -> Response | None:
        if self._is(Kind.BUSY):
            body = flat(429, "too many requests").body
            return JSONResponse(body, 429, headers={"Retry-After": str(RETRY_AFTER)})
        if self._is(Kind.FAIL):
            if is_cancel and self._chance.random() < 0.5:
                await self._app(scope, receive, _nowhere)
            return JSONResponse(flat(500, "internal error").body, 500)
        if self._is(Kind.HTML) and not is_cancel:
            return HTMLResponse(PAGE)
        return None

    def _is(self, kind: Kind) -> bool:
        return asyncio.get_running_loop().time() < self._until.get(kind, 0.0)


async def _nowhere(_message: Message) -> None:
    """An answer that never left."""
