"""The practice broker as a web application, and the server that runs it.

Everything a client can meet goes through the one ASGI application that ``application`` returns, both protocols
alike: faults belong around it, as another ASGI application, and around the listening socket, as a proxy.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from blotter.paper.accounts import AccountRoutes
from blotter.paper.errors import ApiError, nested
from blotter.paper.exchange import Exchange
from blotter.paper.grants import Grants
from blotter.paper.login_page import LoginPage
from blotter.paper.logins import Logins
from blotter.paper.orders import OrderRoutes
from blotter.paper.pacer import Pacer
from blotter.paper.session import Session
from blotter.paper.settings import PaperSettings
from blotter.paper.token_route import TokenRoute


def application(exchange: Exchange, grants: Grants, settings: PaperSettings) -> Starlette:
    """The REST calls and the stream over one exchange, which lives at the settings' pace while the app runs."""

    @asynccontextmanager
    async def living(_app: Starlette) -> AsyncIterator[None]:
        pacer = asyncio.create_task(Pacer(exchange, settings.rate).run())
        try:
            yield
        finally:
            pacer.cancel()
            with suppress(asyncio.CancelledError):
                await pacer

    async def stream(client: WebSocket) -> None:
        await Session(client, exchange, grants, settings).run()

    logins = Logins(grants, settings)
    routes: list[BaseRoute] = [
        *AccountRoutes(exchange, grants).routes(),
        *OrderRoutes(exchange, grants).routes(),
        *TokenRoute(logins).routes(),
        *LoginPage(logins).routes(),
        WebSocketRoute("/v1/accounts/ws", stream),
    ]
    handlers = {ApiError: _refused, HTTPException: _not_served, Exception: _failed}
    return Starlette(routes=routes, exception_handlers=handlers, lifespan=living)


class PaperServer(uvicorn.Server):
    """A server without a farewell: there is nothing to save, so signals keep the meaning they had."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: ASGIApp) -> PaperServer:
    """A server for the application; ``serve`` a bound socket with it."""
    return PaperServer(
        uvicorn.Config(
            app,
            http="h11",
            loop="asyncio",
            ws="websockets-sansio",
            ws_max_size=64 * 1024,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            # Only a server that is told to stop gets here; a client that does not answer the close must not hold it.
            timeout_graceful_shutdown=1,
        )
    )


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return JSONResponse(error.body, error.status)


async def _not_served(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kind = "NOT_FOUND" if error.status_code == 404 else "BAD_REQUEST"
    body = nested(error.status_code, kind, error.detail.upper().replace(" ", "_"), error.detail).body
    return JSONResponse(body, error.status_code, headers=error.headers)


async def _failed(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse(nested(500, "INTERNAL", "INTERNAL", "the practice broker made a mistake").body, 500)
