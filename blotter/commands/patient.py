"""Lists for a command that asks once: a broker that asks for a short rest gets it, for reading is harmless."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from blotter.broker.client import Client
from blotter.broker.errors import RateLimited
from blotter.broker.wire.pages import Page
from blotter.core.account import Account
from blotter.desk.feed.lister import PAGE
from blotter.desk.settings import DeskSettings

T = TypeVar("T")

LONGEST_REST = 5.0
"""Seconds: a broker that asks for more is not waited for. So it is with cancels."""
MOST_REST = 10.0
"""Seconds from the first time that it turned something away, over all lists of one call."""


class PatientClient(Client):
    """``say`` hears once, in words, that something is waited for."""

    def __init__(self, settings: DeskSettings, say: Callable[[str], None]) -> None:
        super().__init__(
            settings.base_url, settings.token, account_fields=settings.account_fields, ca_file=settings.ca_file
        )
        self._say = say
        self._end: float | None = None

    async def accounts(self) -> tuple[Account, ...]:
        return await self._patiently(super().accounts)

    async def orders(self, account: str, cursor: int = 0, limit: int = PAGE) -> Page:
        read = super().orders
        return await self._patiently(lambda: read(account, cursor, limit))

    async def _patiently(self, read: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await read()
            except RateLimited as error:
                if not (rest := self._granted(error)):
                    raise
                await asyncio.sleep(rest)

    def _granted(self, error: RateLimited) -> float:
        """Seconds to wait before it is read again; 0 where it is not."""
        rest, now = error.retry_after or 0.0, asyncio.get_running_loop().time()
        if not 0 < rest <= LONGEST_REST:
            return 0.0
        if self._end is None:
            self._end = now + MOST_REST
            self._say(f"too many requests: {error.where} asks for {rest:g} s; waiting, {MOST_REST:g} s at most")
        return rest if now + rest <= self._end else 0.0
