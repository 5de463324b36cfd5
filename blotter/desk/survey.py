"""The orders of all accounts read once over REST, for a command that asks and goes: no stream, no thread, no journal.

What other runs of this user have in the air is laid over the lists, so that an order that is being canceled from
another terminal reads here as it does there.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from blotter.broker.client import Client
from blotter.broker.errors import BrokerError
from blotter.broker.wire.orders import Unreadable
from blotter.core.account import Account
from blotter.core.book.book import Book
from blotter.core.book.report import Report
from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.desk.accounts import AccountFinder
from blotter.desk.feed.lister import Listing, read_list
from blotter.desk.journal.archive import Findings
from blotter.desk.journal.ledger import Cancel
from blotter.desk.recovery.elsewhere import overlay
from blotter.desk.settings import DeskSettings

AT_ONCE = 8
"""Lists read at a time: each is one connection."""


@dataclass(slots=True)
class Survey:
    """``records`` are the broker's own, as they came, behind the rows. ``failed`` are the accounts without a list;
    ``elsewhere`` are the cancels that other runs have in the air, by their orders' keys.
    """

    accounts: tuple[Account, ...] = ()
    book: Book = field(default_factory=Book)
    records: dict[OrderKey, object] = field(default_factory=dict)
    unreadable: list[tuple[Account, Unreadable]] = field(default_factory=list)
    cut_short: list[Account] = field(default_factory=list)
    failed: dict[str, BrokerError] = field(default_factory=dict)
    elsewhere: dict[OrderKey, Cancel] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """As the screen sorts them: the newest first."""
        rows = sorted(self.book.rows(), key=lambda row: row.key)
        return sorted(rows, key=lambda row: row.order.created_at or row.reported.utc, reverse=True)


async def survey(
    client: Client,
    settings: DeskSettings,
    clock: Clock,
    tell: Callable[[Notice], None],
    findings: Awaitable[Findings],
) -> Survey:
    """Read everything once. Raises :class:`BrokerError` where not even the accounts are known.

    ``tell`` hears what is odd about the accounts; ``findings`` come from the journals, which are read meanwhile.
    """
    chance = random.Random()  # noqa: S311 - the finder spreads retries with it, and is asked once
    found = Survey(await AccountFinder(client, settings, clock, tell, chance).once())
    turns = asyncio.Semaphore(AT_ONCE)

    async def read(account: Account) -> None:
        kept: dict[str, object] = {}
        reports: dict[str, Report] = {}

        async def take(_: Listing, page: Sequence[Report]) -> None:
            reports.update((report.cl_ord_id, report) for report in page)

        async with turns:
            try:
                listing = await read_list(client, account.id, clock, take, kept=kept)
            except BrokerError as error:
                found.failed[account.id] = error
                return
        found.book.replace(account.id, reports.values(), listing.requested, listing.received)
        found.records.update((OrderKey(account.id, name), record) for name, record in kept.items())
        found.unreadable += [(account, each) for each in listing.unreadable]
        if listing.cut_short:
            found.cut_short.append(account)

    await asyncio.gather(*map(read, found.accounts))
    found.elsewhere = overlay(found.book, await findings, clock.now(), settings.patience)
    return found
