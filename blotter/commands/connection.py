"""From settings to a survey of the broker's orders, with everything odd about it said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from blotter import paths
from blotter.broker.errors import (
    BrokerError,
    NoAnswer,
    NotSent,
    ServerTrouble,
    Unauthorized,
    Unreadable,
    clause,
    sentence,
)
from blotter.commands.output import Output
from blotter.commands.patient import PatientClient
from blotter.config import Settings
from blotter.core.clock import Clock
from blotter.core.notice import Notice
from blotter.desk.accounts import AGAIN
from blotter.desk.clock import SystemClock
from blotter.desk.journal.archive import Archive
from blotter.desk.settings import DeskSettings
from blotter.desk.survey import Survey, survey
from blotter.wiring import desk_settings

_SHUT_OUT = (NotSent, Unauthorized)
"""The list of accounts fails of these for the same reason as those of orders, which is said once."""


def told(error: BrokerError) -> str:
    """What happened and what to do, with the broker's words beside it."""
    said = sentence(error)
    if isinstance(error, NoAnswer | ServerTrouble | Unreadable):
        # The advice is for a screen, where what was read before still stands.
        said = f"{clause(error)}. Check the base URL, or run it again."
        said = said[0].upper() + said[1:]
    return f'{said} "{error.words}"' if error.words else said


async def look(chosen: Settings, output: Output) -> tuple[Survey, Clock]:
    """Read the accounts and their orders once. Raises :class:`BrokerError` where not even the accounts are known.

    What is odd about them is said, also which account could not be read and why; where none could be, for want
    of a line or a good token, that alone.
    """
    clock = SystemClock()
    desk = desk_settings(chosen, paths.state_folder(practice=False))

    odd: list[Notice] = []
    reading = asyncio.create_task(asyncio.to_thread(Archive(desk.state_dir, desk.base_url, "").look))
    try:
        async with PatientClient(desk, output.say) as client:
            found = await survey(client, desk, clock, odd.append, reading)
    finally:
        await asyncio.wait({reading})
    shut_out = found.failed and all(isinstance(found.failed.get(each.id), _SHUT_OUT) for each in found.accounts)
    for notice in () if shut_out else odd:
        output.say(notice.text.replace(f"; {AGAIN}", ""))
    failures: dict[str, list[str]] = {}
    for account in found.accounts:
        if error := found.failed.get(account.id):
            failures.setdefault(told(error), []).append(account.full_name)
    for trouble, names in failures.items():
        output.say(f"{', '.join(names)}: {trouble}")
    for account, record in found.unreadable:
        name = record.cl_ord_id or "without an id"
        output.say(f"{account.full_name}: an order ({name}) cannot be read and is missing here: {record.reason}")
    for account in found.cut_short:
        output.say(f"{account.full_name}: the list came cut short, orders may be missing")
    return found, clock


def touching(chosen: Settings, accounts: Iterable[str]) -> DeskSettings:
    """A desk for these accounts only."""
    return replace(desk_settings(chosen, paths.state_folder(practice=False)), accounts=tuple(sorted(accounts)))
