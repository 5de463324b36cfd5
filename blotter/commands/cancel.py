"""``blotter cancel``: take single orders off the market, by their client order ids."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from blotter.commands.options import (
    EXIT_CODES,
    add_accounts,
    add_connection,
    add_sending,
    command,
    order_id,
    run,
)

if TYPE_CHECKING:
    from blotter.commands.codes import Code
    from blotter.commands.output import Output
    from blotter.commands.result import Result
    from blotter.config import Settings
    from blotter.core.book.row import Row
    from blotter.desk.survey import Survey

DESCRIPTION = """\
Cancel what is left of the orders with these client order ids (blotter orders lists them), and wait for the last word on
each. An id must be whole; one that is in no loaded account is refused without sending."""


def main(arguments: Sequence[str]) -> int:
    """Cancel the orders; returns the exit code."""
    parser = command("cancel", DESCRIPTION, EXIT_CODES)
    parser.add_argument("ids", metavar="ID", nargs="+", type=order_id, help="a client order id")
    add_sending(parser)
    add_accounts(parser)
    add_connection(parser)
    given = parser.parse_args(arguments)
    return run(given, _cancel)


async def _cancel(given: argparse.Namespace, chosen: Settings, output: Output) -> int:
    from blotter.broker.errors import BrokerError
    from blotter.commands import connection, sending

    wish = sending.Wish(given.yes, given.wait, given.json)
    sending.permitted(chosen, wish)
    ids = list(dict.fromkeys(given.ids))
    try:
        found, clock = await connection.look(chosen, output)
    except BrokerError as error:
        output.say(connection.told(error))
        return sending.nothing_read(ids, error, wish, output)
    call = sending.Call(wish, chosen, output, found, clock)
    rows, refused = _named(ids, found)
    made = sending.plan(rows, call.accounts, clock.now())
    made.results += refused
    if not given.yes:
        await sending.overrule(made, call)
    count = len(made.rows)
    what = "this order" if count == 1 else f"these {count} orders"
    return await sending.carry_out(made, call, f"cancel what is left of {what}")


def _named(ids: Sequence[str], found: Survey) -> tuple[list[Row], list[Result]]:
    """The orders of these ids, and the refusals of those that name none, or two."""
    from blotter.commands import codes
    from blotter.commands.result import untouched

    by_id: dict[str, list[Row]] = {}
    for row in found.rows():
        by_id.setdefault(row.order.cl_ord_id, []).append(row)
    rows: list[Row] = []
    refused: list[Result] = []
    for name in ids:
        match by_id.get(name, []):
            case [row]:
                rows.append(row)
            case []:
                refused.append(untouched(name, _nowhere(found), codes.worst([codes.Code.REFUSED, *_unread(found)])))
            case several:
                accounts = ", ".join(row.order.account for row in several)
                refused.append(untouched(name, f"it names an order in each of {accounts}: add --account"))
    return rows, refused


def _nowhere(found: Survey) -> str:
    if found.failed:
        return "no such order in the accounts that could be read"
    names = ", ".join(account.id for account in found.accounts) or "none"
    return f"no such order in the accounts that are loaded ({names})"


def _unread(found: Survey) -> list[Code]:
    from blotter.commands import codes

    return [codes.of_error(error) for error in found.failed.values()]
