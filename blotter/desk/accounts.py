"""Which accounts this run watches: those that were given, else all that the broker names and that can trade."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import replace

from blotter.broker.client import Client
from blotter.broker.errors import (
    BadRequest,
    BrokerError,
    Forbidden,
    NotFound,
    RateLimited,
    Redirected,
    Unauthorized,
    sentence,
)
from blotter.core.account import Account
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.desk.feed.backoff import Backoff
from blotter.desk.settings import DeskSettings

_FOR_THE_TRADER = (BadRequest, Forbidden, NotFound, Redirected, Unauthorized)
"""Asking again changes nothing about these: they wait for the trader."""

AGAIN = "r asks again"


class AccountFinder:
    """The accounts call at the start of a run. Every failure is a sentence, told once; none ends the desk."""

    def __init__(
        self,
        client: Client,
        settings: DeskSettings,
        clock: Clock,
        tell: Callable[[Notice], None],
        chance: random.Random,
        found_none: Callable[[str], None] = lambda then: None,
    ) -> None:
        """``found_none`` hears what happens next, each time that no account was found."""
        self._client = client
        self._given = tuple(dict.fromkeys(settings.accounts))
        self._nicknames = settings.nicknames
        self._view_only = settings.view_only
        self._clock = clock
        self._tell = tell
        self._backoff = Backoff(settings.patience.first_retry, settings.patience.last_retry, chance)
        self._asked_again = asyncio.Event()
        self._told = ""
        self._found_none = found_none

    def again(self) -> None:
        """The trader asks for another try now, and to be told what it comes to."""
        self._told = ""
        self._asked_again.set()

    async def find(self) -> tuple[Account, ...]:
        """At least one account, however long that takes."""
        while True:
            try:
                named = await self._client.accounts()
            except BrokerError as error:
                if self._given:
                    return self._named(self._unvouched(error))
                await self._failed(error)
                continue
            found = self._chosen(named) if self._given else self._usable(named)
            if found:
                return self._named(found)
            self._found_none(AGAIN)
            self._asked_again.clear()
            await self._asked_again.wait()

    async def once(self) -> tuple[Account, ...]:
        """One try, which may find none. Raises :class:`BrokerError` where there is nothing to go by."""
        try:
            named = await self._client.accounts()
        except BrokerError as error:
            if self._given:
                return self._named(self._unvouched(error))
            raise
        return self._named(self._chosen(named) if self._given else self._usable(named))

    def _chosen(self, named: tuple[Account, ...]) -> tuple[Account, ...]:
        by_id = {account.id: account for account in named}
        if strangers := [name for name in self._given if name not in by_id]:
            self._say(Severity.WARN, f"The broker does not name {', '.join(strangers)}: counted as LIVE")
        return tuple(by_id.get(name, Account(name)) for name in self._given)

    def _usable(self, named: tuple[Account, ...]) -> tuple[Account, ...]:
        usable = {account.id: account for account in named if account.id and account.status != "CLOSED"}
        closed = [f"{account.id} (CLOSED)" for account in named if account.id and account.id not in usable]
        nameless = sum(not account.id for account in named)
        if nameless:
            closed.append(f"{nameless} account{'s' if nameless > 1 else ''} without a trading id")
        left_out = f"left out: {', '.join(closed)}" if closed else ""
        if not usable:
            none = f"No accounts: this login has none that can trade{f' ({left_out})' if left_out else ''}"
            self._say(Severity.ALERT, f"{none}. Name one with --account or BLOTTER_ACCOUNTS; {AGAIN}")
        elif left_out:
            self._say(Severity.INFO, f"Accounts {left_out}")
        return tuple(usable.values())

    def _named(self, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        """The accounts as the trader knows them. A nickname that is another account's id would misdirect a cancel."""
        ids = {account.id for account in accounts}
        nicknames = {key: name for key, name in self._nicknames.items() if key in ids}
        if misleading := sorted(name for key, name in nicknames.items() if name in ids - {key}):
            self._say(Severity.WARN, f"Not used as a nickname, as it is another account's id: {', '.join(misleading)}")
        return tuple(
            replace(
                account,
                nickname="" if nicknames.get(account.id) in misleading else nicknames.get(account.id, ""),
                view_only=account.id in self._view_only,
            )
            for account in accounts
        )

    def _unvouched(self, error: BrokerError) -> tuple[Account, ...]:
        text = f"{sentence(error)} The accounts that were given are watched all the same and count as LIVE."
        self._say(Severity.WARN, text, error.words)
        return tuple(Account(name) for name in self._given)

    async def _failed(self, error: BrokerError) -> None:
        stuck = isinstance(error, _FOR_THE_TRADER)
        self._found_none(AGAIN if stuck else "asking again")
        self._say(
            Severity.ALERT if stuck else Severity.WARN,
            f"No accounts yet. {sentence(error)} {AGAIN if stuck else 'Asking again'}.",
            error.words,
        )
        wait = None if stuck else self._backoff.next()
        if isinstance(error, RateLimited) and wait is not None:
            wait = max(wait, error.retry_after or 0.0)
        self._asked_again.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._asked_again.wait()

    def _say(self, severity: Severity, text: str, broker_text: str = "") -> None:
        if text != self._told:
            self._told = text
            self._tell(Notice(self._clock.now().utc, severity, text, broker_text))
