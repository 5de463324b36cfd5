"""Logins for tests of the token's life: a clock by hand, a token endpoint whose answers are scripted."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.pkce import SCOPES
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.desk.messages import LoginState
from blotter.desk.secrets.login import LoginFile, StoredLogin
from blotter.desk.secrets.tokens import LoginTokens
from tests.broker.http_server import Request, Server, answer, serve

DOWN = answer("", 503)
LACKS = "the login lacks order:execution; log in again: blotter login"
READ_ONLY = LoginState("READ-ONLY", LACKS)
START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


class HandClock:
    """Both clocks, moved together."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> Instant:
        return Instant(START + timedelta(seconds=self.seconds), 1000 + self.seconds)


@dataclass
class Endpoint:
    """Answers each refresh with the next number; ``failing`` takes its place while it is set."""

    failing: bytes | None = None
    hold: asyncio.Event | None = None
    scope: str | None = None
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    shown: list[object] = field(default_factory=list)

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        body = request.json
        assert isinstance(body, dict)
        self.shown.append(body["refresh_token"])
        if self.hold is not None:
            await self.hold.wait()
        if self.failing is not None:
            writer.write(self.failing)
            return
        number = next(self.numbers)
        given = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 3600}
        writer.write(answer(given | ({"scope": self.scope} if self.scope is not None else {})))


class Kept:
    """A login of an hour in a file, and the tokens that live off it."""

    def __init__(self, folder: Path, server: Server, clock: HandClock) -> None:
        self.clock = clock
        self.server = server
        self.notices: list[Notice] = []
        self.states: list[LoginState] = []
        self.file = LoginFile(folder / "default.json")
        self.login = StoredLogin(
            base_url=server.url,
            client_id="blotter",
            access=Token("access-0"),
            given=START,
            ends=START + timedelta(hours=1),
            refresh=RefreshToken("refresh-0"),
            refresh_ends=None,
            scopes=frozenset(SCOPES),
        )
        self.file.write(self.login)
        self.tokens = self.another()

    def another(self, **changes: object) -> LoginTokens:
        """The same login in another blotter, or a changed one."""
        login = replace(self.login, **changes)  # type: ignore[arg-type]  # names of its fields
        if changes:
            self.file.write(login)
        endpoint = TokenEndpoint(login.base_url, login.client_id)
        tokens = LoginTokens(self.file, login, endpoint, self.clock, command="blotter login")
        tokens.tell(self.notices.append, self.states.append)
        return tokens

    @property
    def texts(self) -> list[str]:
        return [notice.text for notice in self.notices]


@asynccontextmanager
async def kept(folder: Path, endpoint: Endpoint) -> AsyncIterator[Kept]:
    async with serve(endpoint) as server:
        yield Kept(folder, server, HandClock())


async def now(tokens: LoginTokens) -> str:
    return (await tokens.current()).reveal()


async def settle(tokens: LoginTokens) -> None:
    await tokens.settle(5)
