"""Plays one cell of the fault table to a whole desk, and reads what it leaves: on the screen, the wire, the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from blotter.core.book.row import Row
from tests.broker.http_server import Request, Script
from tests.commands.running import journal_of, run
from tests.desk.cancels.faults import Cell
from tests.desk.desk_broker import DeskBroker, first
from tests.desk.seat import QUICK, Seat, seated

IMPATIENT = replace(QUICK, pending=(0.05, 0.05, 0.05))

Record = dict[str, Any]


@dataclass
class Run:
    """One cancel, to its outcome. ``posts`` are the requests that reached the broker, read or not."""

    posts: int
    records: list[Record]
    row: Row
    alerts: list[str]
    texts: list[str]

    def of(self, kind: str) -> list[Record]:
        return [record for record in self.records if record["kind"] == kind]

    @property
    def kinds(self) -> list[str]:
        return [record["kind"] for record in self.records]

    @property
    def verdicts(self) -> list[str]:
        return [record["verdict"] for record in self.of("answer")]

    @property
    def outcomes(self) -> list[Record]:
        return self.of("outcome")


def play(
    broker: DeskBroker,
    home: Path,
    script: Script,
    ending: str,
    *,
    then: Callable[[Seat], object] | None = None,
    **changes: Any,
) -> Run:
    """Cancel ORD-1, and wait until the journal says ``ending`` and nothing is left to read; ``then`` comes after."""
    broker.on_cancel = [script]
    settings: dict[str, Any] = {"timeout": 0.4, "relist_every": 60.0, "patience": IMPATIENT} | changes
    with seated(broker, journal_of(home), **settings) as seat:
        seat.live()
        seat.yes()
        seat.until(lambda: any(record["outcome"] == ending for record in seat.records("outcome")))
        seat.until(lambda: not seat.row().needs_read)
        if then is not None:
            then(seat)
    seat.look()
    posts = len(broker.cancels) + broker.server.early_posts
    played = Run(posts, seat.records(), seat.row(), seat.alerts, seat.texts)
    verified(home, len(played.records))
    return played


def strike(broker: DeskBroker, home: Path, cell: Cell, ending: str, **changes: Any) -> Run:
    """One cell of the table."""
    changes = {"timeout": 0.8 if cell.fault.endless else 2.0} | changes
    if not cell.early:
        script = first(lambda: apply(broker), cell.fault.script) if cell.applied else cell.fault.script
        return play(broker, home, script, ending, **changes)

    goes_on = cell.applied and cell.fault.endless

    async def read_all_the_same(request: Request, writer: asyncio.StreamWriter) -> None:
        apply(broker)
        if goes_on:
            await cell.fault.script(request, writer)

    broker.server.early = _nothing_yet if goes_on else cell.fault.script
    broker.server.late = read_all_the_same if cell.applied else None
    return play(broker, home, cell.fault.script, ending, **changes)


def apply(broker: DeskBroker) -> None:
    """The cancel takes effect, after a part of the order had filled."""
    broker.feed.set("ORD-1", "CANCELED", cum=10, avgPrice="10.40")


def verified(home: Path, records: int) -> None:
    """``blotter audit --verify`` finds every record of one run, and nothing wrong."""
    ran = run(home, "audit", "--verify")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"verified: 1 file, {records} records in {journal_of(home)}")


async def _nothing_yet(_: Request, __: asyncio.StreamWriter) -> None:
    """A fault that has no end goes on while the request is read."""
