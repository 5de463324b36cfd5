"""``blotter kill``: take all working orders of one account, or one side or symbol of it, off the market."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from blotter.arguments import account
from blotter.commands.options import (
    EXIT_CODES,
    Once,
    add_connection,
    add_sending,
    command,
    reason,
    run,
)

if TYPE_CHECKING:
    from blotter.commands.output import Output
    from blotter.config import Settings
    from blotter.core.order import Order
    from blotter.desk.survey import Survey

DESCRIPTION = """\
Cancel all working orders of one account, or those of one side (buy: BUY and BUY_TO_COVER, sell: SELL and SELL_SHORT) or
one symbol as blotter orders shows it (an option is not its underlying). The set is frozen when it is shown: no order
that arrives later joins it. Each order has its own outcome; none stops the others."""


def main(arguments: Sequence[str]) -> int:
    """Cancel the scope; returns the exit code."""
    parser = command("kill", DESCRIPTION, EXIT_CODES)
    parser.add_argument(
        "--account", metavar="A", type=account, action=Once, required=True, help="the account, by its id"
    )
    parser.add_argument("--side", choices=("buy", "sell"), action=Once, help="only this side")
    parser.add_argument("--symbol", metavar="S", action=Once, help="only this symbol, as blotter orders shows it")
    parser.add_argument("--reason", metavar="TEXT", action=Once, type=reason, help="why, for the journal")
    add_sending(parser)
    add_connection(parser)
    given = parser.parse_args(arguments)
    if given.symbol is not None and not given.symbol.strip():
        parser.error("--symbol names no symbol")
    given.accounts = [given.account]
    return run(given, _kill)


async def _kill(given: argparse.Namespace, chosen: Settings, output: Output) -> int:
    from blotter.broker.errors import BrokerError
    from blotter.commands import codes, connection, sending
    from blotter.commands.result import untouched
    from blotter.core.asking.risk import by_risk
    from blotter.core.book.status import is_finished

    wish = sending.Wish(given.yes, given.wait, given.json, given.reason or "")
    sending.permitted(chosen, wish)
    try:
        found, clock = await connection.look(chosen, output)
    except BrokerError as error:
        output.say(connection.told(error))
        return sending.nothing_read((), error, wish, output)
    if found.failed:
        return sending.nothing_read((), next(iter(found.failed.values())), wish, output)
    call = sending.Call(wish, chosen, output, found, clock)
    meant = [row for row in found.rows() if not is_finished(row.order) and _is_meant(row.order, given)]
    made = sending.plan(sorted(meant, key=by_risk), call.accounts, clock.now())
    made.results += [
        untouched(record.cl_ord_id, f"the order cannot be read: {record.reason}") for _, record in found.unreadable
    ]
    if not meant:
        output.say(f"nothing to cancel: no {_scope(given)}{_hint(found, given)}")
    if made.results:
        output.say(f"{len(made.results)} of {len(meant) + len(found.unreadable)} cannot be canceled from here")
    if found.cut_short:
        made.least = codes.Code.UNKNOWN
    return await sending.carry_out(made, call, f"cancel all {_scope(given)}")


def _is_meant(order: Order, given: argparse.Namespace) -> bool:
    return _is_side(order, given) and (given.symbol is None or _is_symbol(order, given.symbol))


def _is_side(order: Order, given: argparse.Namespace) -> bool:
    from blotter.core.asking.scope import BUYS, SELLS

    return given.side is None or order.side in (BUYS if given.side == "buy" else SELLS)


def _is_symbol(order: Order, symbol: str) -> bool:
    """By the name that the table shows, or any notation of the same option."""
    from blotter.core.contract import contract, display_symbol, parse_osi

    option = parse_osi(symbol.upper())
    if option is not None and contract(order) == option:
        return True
    return " ".join(display_symbol(order).casefold().split()) == " ".join(symbol.casefold().split())


def _scope(given: argparse.Namespace) -> str:
    """Raw, in words."""
    what = f"working {given.side} orders" if given.side else "working orders"
    symbol = f" in {given.symbol}" if given.symbol else ""
    return f"{what}{symbol} of account {given.account}"


def _hint(found: Survey, given: argparse.Namespace) -> str:
    """Working orders of the side on the symbol that are not orders in it."""
    from blotter.core.book.status import is_finished

    if given.symbol is None:
        return ""
    named = given.symbol.casefold()
    orders = [row.order for row in found.rows()]
    near = sum(
        order.symbol.casefold() == named and not is_finished(order) and _is_side(order, given) for order in orders
    )
    what = "1 works in a contract" if near == 1 else f"{near} work in contracts"
    return f"; {what} on it: give --symbol as blotter orders shows it" if near else ""
