"""``blotter orders``: the working orders once, for eyes or for a program."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from blotter.commands.options import (
    EXIT_CODES,
    add_accounts,
    add_connection,
    command,
    run,
)

if TYPE_CHECKING:
    from blotter.commands.output import Output
    from blotter.config import Settings
    from blotter.core.book.row import Row
    from blotter.desk.survey import Survey

DESCRIPTION = """\
List the working orders of one or several accounts, newest first, and end. QUERY keeps the orders in which every word of
it is found: in the symbol, an id, or the account."""


def main(arguments: Sequence[str]) -> int:
    """Print the orders; returns the exit code."""
    parser = command("orders", DESCRIPTION, EXIT_CODES)
    parser.add_argument("query", metavar="QUERY", nargs="*", help="plain text, case-blind")
    parser.add_argument("--json", action="store_true", help="one JSON array of the broker's own records")
    parser.add_argument("--all", action="store_true", help="today's finished orders, too")
    add_accounts(parser)
    add_connection(parser)
    given = parser.parse_args(arguments)
    return run(given, _list)


async def _list(given: argparse.Namespace, chosen: Settings, output: Output) -> int:
    from blotter.broker.errors import BrokerError
    from blotter.commands import codes, connection
    from blotter.core.account import Accounts

    try:
        found, clock = await connection.look(chosen, output)
    except BrokerError as error:
        output.say(connection.told(error))
        return codes.of_error(error)
    rows, hidden = _chosen(found, given)
    if given.json:
        from blotter.commands import document

        output.data(document.array(_record(found, row) for row in rows))
    else:
        from blotter.commands import table

        for line in table.lines(rows, Accounts(found.accounts), clock.now(), output.width):
            output.data(line)
        if not found.failed:
            output.say(f"{_count(rows, hidden, found)}, read at {clock.now().utc:%H:%M:%S}Z")
    if output.trouble:
        output.say(output.trouble)
        return codes.Code.REFUSED
    return codes.worst(map(codes.of_error, found.failed.values()))


def _count(rows: Sequence[Row], hidden: int, found: Survey) -> str:
    """How many orders were listed, and whose money they are about."""
    money = " and ".join(sorted({account.kind for account in found.accounts})) or "known"
    more = f", {hidden} finished today (--all)" if hidden else ""
    return f"{len(rows)} {money} order{'' if len(rows) == 1 else 's'}{more}"


def _chosen(found: Survey, given: argparse.Namespace) -> tuple[list[Row], int]:
    """The rows to print, and how many more are finished. Tags are of one run, so no query may find one."""
    from blotter.core.book.query import Query
    from blotter.core.book.status import is_finished

    query = Query(" ".join(given.query))
    names = {account.id: account.nickname for account in found.accounts}
    rows = [row for row in found.rows() if query.matches(replace(row, tag=""), names.get(row.order.account, ""))]
    if given.all:
        return rows, 0
    working = [row for row in rows if not is_finished(row.order)]
    return working, len(rows) - len(working)


def _record(found: Survey, row: Row) -> Mapping[str, object]:
    """As it came. A record that does not name its account gets it, for accounts stand in one array."""
    said = found.records.get(row.key)
    record = said if isinstance(said, dict) else {"clOrdId": row.order.cl_ord_id}
    return record if record.get("accountId") else {**record, "accountId": row.order.account}
