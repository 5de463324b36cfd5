"""What ``cancel`` and ``kill`` have in common: from the orders that are meant to one result for each.

An order whose cancel is in the air already, asked from wherever, is not asked about again: it is waited for like the
others. Whatever else stands against a cancel leaves the order alone and says so.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from blotter import crash
from blotter.broker.errors import BrokerError
from blotter.commands import ask, codes, connection, document, result, summary
from blotter.commands.codes import Code
from blotter.commands.options import Refused
from blotter.commands.output import Output, folded
from blotter.commands.result import Result
from blotter.config import Settings
from blotter.core.account import Accounts
from blotter.core.asking.override import why_tag
from blotter.core.book.cancel import CancelRequest, CancelState
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished, why_not_cancel
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.core.text import show
from blotter.desk.errand import Errand, Job, in_the_air
from blotter.desk.journal import recall
from blotter.desk.journal.ledger import Cancel
from blotter.desk.survey import Survey

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
KEPT = "kept, as you answered"
NOT_AGAIN = "none is sent now, as you answered; a cancel was asked for before"
BY_FLAG = "confirmed by --yes"


@dataclass(frozen=True, slots=True)
class Wish:
    """How it was asked: ``yes`` beforehand, ``wait`` in seconds, ``json``, and ``reason`` for the record."""

    yes: bool
    wait: float
    json: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: what was asked, of whom, and what the broker's orders were a moment ago."""

    wish: Wish
    chosen: Settings
    output: Output
    found: Survey
    clock: Clock

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.found.accounts)


@dataclass(slots=True)
class Plan:
    """``rows`` are to be asked about, ``waiting`` to be waited for, ``results`` known without any of that. For those
    ``overruled`` the answer was given already. ``overrides`` are the reasons that stood against a cancel.
    ``least`` is the best exit code that there can be.
    """

    rows: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    overruled: list[Row] = field(default_factory=list)
    overrides: dict[OrderKey, str] = field(default_factory=dict)
    least: Code = Code.DONE


def permitted(chosen: Settings, wish: Wish) -> None:
    """Raises :class:`Refused` where nothing could be sent, before the broker is asked anything."""
    if why_not := "the settings say read-only" if chosen.read_only else chosen.token.why_not_cancel:
        raise Refused(f"nothing is sent: {why_not}")
    if not wish.yes and not ask.possible():
        raise Refused(ask.NO_TERMINAL)


def plan(rows: Iterable[Row], accounts: Accounts, now: Instant) -> Plan:
    """Sort orders by what can be done about them."""
    made = Plan()
    for row in rows:
        account, name = accounts.of(row.order.account), row.order.cl_ord_id
        if is_finished(row.order):
            made.results.append(result.untouched(name, f"the order is {row.order.ord_status} already", row=row))
        elif account.view_only:
            made.results.append(result.untouched(name, f"account {account.full_name} is view-only", row=row))
        elif in_the_air(row):
            made.waiting.append(row)
        elif why := why_not_cancel(row, now):
            made.results.append(result.untouched(name, why, row=row))
        else:
            made.rows.append(row)
            if row.cancel is CancelState.UNCONFIRMED:
                made.overrides[row.key] = why_tag(row, now) or "an earlier cancel is unconfirmed"
    return made


def nothing_read(ids: Sequence[str], error: BrokerError, wish: Wish, output: Output) -> int:
    """The broker's orders could not be had: nothing is sent. Returns the exit code."""
    code = codes.of_error(error)
    printer = _Printer(wish, output)
    for name in ids:
        printer.add(result.untouched(name, "the orders could not be read", code))
    printer.finish()
    output.say("nothing was sent")
    return code


async def overrule(made: Plan, call: Call) -> None:
    """Where something stands against a cancel that a typed tag can overrule, ask for the tag, order by order."""
    for row in tuple(made.waiting):
        reason = why_tag(row, call.clock.now())
        if reason is None:
            continue
        text = call.output.item(f"{ask.described(row, call.accounts)}; {show(reason)}")
        text += f"type {row.tag} and enter to send another all the same, anything else waits for the first: "
        if await ask.confirmed(text, row.tag, call.output):
            made.waiting.remove(row)
            made.overruled.append(row)
            made.overrides[row.key] = reason


async def carry_out(made: Plan, call: Call, heading: str) -> int:
    """Ask, send, wait and print; returns the exit code. ``heading`` says what is meant; it may hold broker text."""
    pressed = call.clock.now()
    if made.rows and not call.wish.yes and not await _asked(made, call, heading):
        for rows, why in ((made.rows, KEPT), (made.waiting, NOT_AGAIN)):
            made.results += [result.untouched(row.order.cl_ord_id, why, Code.NOT_SENT, row) for row in rows]
        made.rows, made.waiting = [], []
    printer = _Printer(call.wish, call.output)
    for each in made.results:
        printer.add(each)
    stopped = 0
    sent = (*made.rows, *made.overruled)
    if sent or made.waiting:
        confirmed = call.clock.now()
        jobs = [Job(row, _request(row, made, call, pressed, confirmed)) for row in sent]
        stopped = await _run([*jobs, *map(Job, made.waiting)], made, call, heading, printer)
    else:
        printer.finish()
    for line in () if call.wish.json else summary.lines(printer.results):
        call.output.say(line)
    if call.output.trouble:
        call.output.say(call.output.trouble)
    return stopped or codes.worst([made.least, *(each.code for each in printer.results)])


async def _asked(made: Plan, call: Call, heading: str) -> bool:
    listed = "".join(call.output.item(f"{ask.described(row, call.accounts)}{_beside(row, made)}") for row in made.rows)
    last, wanted = ask.question(made.rows, call.accounts)
    return await ask.confirmed(f"{show(heading)}:\n{listed}{last}", wanted, call.output)


def _beside(row: Row, made: Plan) -> str:
    return f"; {show(made.overrides[row.key])}" if row.key in made.overrides else ""


def _request(row: Row, made: Plan, call: Call, pressed: Instant, confirmed: Instant) -> CancelRequest:
    shown = f"{ask.described(row, call.accounts)}{_beside(row, made)}"
    return CancelRequest(
        order=row.order,
        tag=row.tag,
        shown=f"{shown}; {BY_FLAG}" if call.wish.yes else shown,
        pressed=pressed,
        confirmed=confirmed,
        override=made.overrides.get(row.key, ""),
        reason=call.wish.reason,
    )


async def _run(jobs: Sequence[Job], made: Plan, call: Call, scope: str, printer: _Printer) -> int:
    """The exit code of a signal that cut it short, else 0."""
    accounts = {job.key.account for job in jobs}
    loop, cut = asyncio.get_running_loop(), 0
    async with Errand(connection.touching(call.chosen, accounts), call.clock) as errand:

        def end(number: signal.Signals) -> None:
            nonlocal cut
            cut = cut or 128 + number
            errand.stop(number.name)

        for number in SIGNALS:
            loop.add_signal_handler(number, end, number)
        await errand.listed(accounts, call.chosen.timeout)
        async for job in errand.run(jobs, call.wish.wait, scope):
            printer.add(result.of(job, _who(call.found.elsewhere, job.key)))
        printer.finish()
        if call.output.gone:
            # Whoever opens the screen next has to be told what nobody has read here.
            errand.stop("its output was closed")
    if errand.failed is not None:
        # What became of the orders is known and printed, or it is unknown, and that is worse than the error.
        crash.last_word(errand.failed)
        made.least = Code.REFUSED
    return cut


def _who(elsewhere: Mapping[OrderKey, Cancel], key: OrderKey) -> str:
    """Whose cancel was waited for."""
    cancel = elsewhere.get(key)
    if cancel is None:
        return "not sent again: a cancel was pending already, not asked from here"
    where = recall.place(cancel.runs[0].start)
    return f"not sent again: {where} asked for it at {cancel.asked.utc:%H:%M:%S}Z"


class _Printer:
    """Collects the results. Prints each at once where they are for people, else all of them at the end."""

    def __init__(self, wish: Wish, output: Output) -> None:
        self.results: list[Result] = []
        self._output = output
        self._json = wish.json

    def add(self, each: Result) -> None:
        self.results.append(each)
        if not self._json:
            self._output.data(folded(each.line, self._output.width))

    def finish(self) -> None:
        if self._json:
            self._output.data(document.array(each.record for each in self.results))
