"""Many cancels by one confirmation, for the tests of what becomes of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from blotter.core.asking.mass import Fate, MassCancel, MassProgress
from tests.broker.http_server import Request, Script
from tests.desk.desk_broker import DeskBroker, running_broker, taken
from tests.desk.seat import QUICK, Seat, seated
from tests.desk.values import request

PATIENT = replace(QUICK, pending=(30.0,), long_pending=30.0)
"""The scripted broker's list goes on calling an order NEW, whatever it said of the cancel."""

NAMES = [f"ORD-{number}" for number in range(1, 8)]


@contextmanager
def a_desk(folder: Path, *scripts: Script, **settings: Any) -> Iterator[tuple[DeskBroker, Seat]]:
    with running_broker(*NAMES) as broker, seated(broker, folder, **{"patience": PATIENT, **settings}) as seat:
        broker.on_cancel = list(scripts) or [taken()]
        seat.live(len(NAMES))
        yield broker, seat


def confirm(seat: Seat, names: list[str] = NAMES, *, name: str = "m-1", unaudited: str = "") -> MassCancel:
    """Hand over a mass cancel of these orders, as displayed; ``unaudited``: in spite of this."""
    asked = tuple(replace(request(seat.row(name).order, seat.row(name).tag), unaudited=unaudited) for name in names)
    mass = MassCancel(name, f"all {len(names)} orders", asked, asked[0].confirmed)
    assert seat.desk.cancel_many(mass)
    return mass


def until(seat: Seat, holds: Any, name: str = "m-1") -> MassProgress:
    seat.until(lambda: name in seat.mass and holds(seat.mass[name]))
    return seat.mass[name]


def fates(seat: Seat) -> Counter[Fate]:
    return Counter(result.fate for result in seat.results.values())


class Gate:
    """Holds every cancel until it is opened, and counts how many are held at a time."""

    def __init__(self) -> None:
        self.held = 0
        self.most = 0
        self._open = asyncio.Event()

    async def open(self) -> None:
        self._open.set()

    async def opened(self) -> None:
        await self._open.wait()

    async def __call__(self, asked: Request, writer: asyncio.StreamWriter) -> None:
        self.held += 1
        self.most = max(self.most, self.held)
        await self._open.wait()
        self.held -= 1
        await taken()(asked, writer)


def by_order(scripts: dict[str, Script]) -> Script:
    """Another answer for some of the orders."""

    async def script(asked: Request, writer: asyncio.StreamWriter) -> None:
        name = asked.json["origClOrdId"]  # type: ignore[index]  # the client always names it
        await scripts.get(name, taken())(asked, writer)

    return script
