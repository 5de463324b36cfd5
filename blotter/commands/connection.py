"""From settings to a survey of the broker's orders, with everything odd about it said."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from blotter import paths
from blotter.broker.client import Client
from blotter.broker.errors import BrokerError, sentence
from blotter.commands.output import Output
from blotter.config import Settings
from blotter.core.clock import Clock
from blotter.core.notice import Notice
from blotter.desk.archive import Archive
from blotter.desk.clock import SystemClock
from blotter.desk.settings import DeskSettings
from blotter.desk.survey import Survey, survey
from blotter.wiring import desk_settings


def told(error: BrokerError) -> str:
    """What happened and what to do, with the broker's words beside it."""
    return f'{sentence(error)} "{error.words}"' if error.words else sentence(error)


def of(chosen: Settings) -> DeskSettings:
    return desk_settings(chosen, paths.state_folder(practice=False))


async def look(chosen: Settings, output: Output) -> tuple[Survey, Clock]:
    """Read the accounts and their orders once. Raises :class:`BrokerError` where not even the accounts are known."""
    clock = SystemClock()
    desk = of(chosen)

    def tell(notice: Notice) -> None:
        output.say(notice.text.replace("; r asks again", ""))

    reading = asyncio.create_task(asyncio.to_thread(Archive(desk.state_dir, desk.base_url, "").look))
    try:
        async with Client(
            desk.base_url, desk.token, account_fields=desk.account_fields, ca_file=desk.ca_file
        ) as client:
            found = await survey(client, desk, clock, tell, reading)
    finally:
        await asyncio.wait({reading})
    for account in found.accounts:
        if error := found.failed.get(account.id):
            output.say(f"{account.full_name}: {told(error)}")
    for account, record in found.unreadable:
        name = record.cl_ord_id or "without an id"
        output.say(f"{account.full_name}: an order ({name}) cannot be read and is missing here: {record.reason}")
    for account in found.cut_short:
        output.say(f"{account.full_name}: the list came cut short, orders may be missing")
    return found, clock


def touching(desk: DeskSettings, accounts: set[str]) -> DeskSettings:
    """The same desk for these accounts only."""
    return replace(desk, accounts=tuple(name for name in sorted(accounts)))
