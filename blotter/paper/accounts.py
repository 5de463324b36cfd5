"""``GET /v2/users/me/accounts`` and its predecessor: whose accounts these are. All money here is simulated."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from blotter.paper.exchange import Exchange
from blotter.paper.grants import READ_ACCOUNTS, Grants

OPENED = "2026-01-05T14:30:00.000000Z"


class AccountRoutes:
    """The accounts of the one user of the practice broker."""

    def __init__(self, exchange: Exchange, grants: Grants) -> None:
        self._exchange = exchange
        self._grants = grants

    def routes(self) -> list[Route]:
        return [Route("/v2/users/me/accounts", self.current), Route("/v1/users/me/accounts", self.former)]

    async def current(self, request: Request) -> JSONResponse:
        self._grants.require(request.headers.get("authorization", ""), READ_ACCOUNTS)
        accounts = [
            {
                "trading_account_id": account,
                "broker_account_id": "",
                "status": "OPEN",
                "is_sim": True,
                "account_type": "",
                "account_class": "",
            }
            for account in self._exchange.accounts
        ]
        return JSONResponse({"accounts": accounts})

    async def former(self, request: Request) -> JSONResponse:
        self._grants.require(request.headers.get("authorization", ""), READ_ACCOUNTS)
        accounts = [
            {
                "id": number,
                "fdid": "",
                "apex_id": "",
                "apex_account_id": "",
                "sterling_account_id": account,
                "status": "OPEN",
                "is_sim": True,
                "account_type": "",
                "account_class": "",
                "primary_user_id": 1,
                "joint_user_id": None,
                "primary_user": {"id": 1},
                "joint_user": None,
                "account_application": None,
                "created_at": OPENED,
                "updated_at": OPENED,
            }
            for number, account in enumerate(self._exchange.accounts, 1)
        ]
        return JSONResponse({"accounts": accounts})
