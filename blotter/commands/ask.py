"""The question before anything is sent: on a terminal, and only there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import termios
from collections.abc import Sequence

from blotter.commands.output import Output
from blotter.core.account import Accounts
from blotter.core.book.row import Row
from blotter.core.book.status import words
from blotter.core.text import show
from blotter.core.words import ticket

NO_TERMINAL = "there is no terminal to ask on: --yes says yes beforehand"
MOST_TYPED = 4096


def possible() -> bool:
    """Whether somebody can read a question and answer it; standard output may go elsewhere."""
    return os.isatty(0) and os.isatty(2)


def described(row: Row, accounts: Accounts) -> str:
    """One order in a line, in full words; what is shown is also what goes into the journal."""
    order, account = row.order, accounts.of(row.order.account)
    facts = (
        f"{ticket.side(order)} {ticket.contract_in_full(order)}",
        ticket.left(order),
        ", ".join(ticket.terms(order)),
        words(row),
        f"{account.kind} {show(account.full_name)}",
        f"id {show(order.cl_ord_id)}",
    )
    return f"{row.tag}  {', '.join(facts)}"


async def confirmed(question: str, wanted: str, output: Output) -> bool:
    """Whether ``wanted`` is typed in answer. Keys typed before the question stood there do not count."""
    with contextlib.suppress(termios.error):
        termios.tcflush(0, termios.TCIFLUSH)
    output.ask(question)
    return (await _line()).strip() == wanted


def question(rows: Sequence[Row], accounts: Accounts) -> tuple[str, str]:
    """The last two lines of the question, the first with how many orders of which money, and the answer that sends."""
    names = dict.fromkeys(row.order.account for row in rows)
    whose = ", ".join(f"{account.kind} {show(account.full_name)}" for account in map(accounts.of, names))
    if len(rows) == 1:
        return f"cancel 1 order of {whose}?\ntype y and enter to cancel it, anything else keeps it: ", "y"
    count = str(len(rows))
    return (
        f"cancel {count} orders of {whose}?\ntype {count} and enter to cancel them all, anything else keeps them: ",
        count,
    )


async def _line() -> str:
    """One line from standard input without stopping the loop, so that signals and ctrl+c are heard."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[bytes] = loop.create_future()

    def read() -> None:
        loop.remove_reader(0)
        with contextlib.suppress(OSError):
            if not typed.done():
                typed.set_result(os.read(0, MOST_TYPED))
                return
        if not typed.done():
            typed.set_result(b"")

    loop.add_reader(0, read)
    try:
        return (await typed).decode("utf-8", "replace")
    finally:
        loop.remove_reader(0)
