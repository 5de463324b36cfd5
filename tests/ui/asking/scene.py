"""The question about one order by itself, for the tests of what it says and what answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.pilot import Pilot
from textual.strip import Strip

from blotter.core.book.row import Row
from blotter.ui.asking.confirm import Confirm
from tests.ui.fake_desk import HandClock
from tests.ui.looks import screen
from tests.ui.pilots import until
from tests.ui.shelf import Shelf

LONG_AGO = 60.0
"""More than any delay of a busy machine: a key's own age is measured in real time."""


class Watched(Confirm):
    """Notes which of its lines were drawn."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.drawn: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)


@dataclass
class Scene:
    app: Shelf
    pilot: Pilot[None]
    clock: HandClock
    confirm: Watched

    async def ask(self, row: Row, kind: str = "LIVE") -> None:
        """Open the question and let its frame be written."""
        self.confirm.open(row, kind, self.clock.now())
        await self.seen("CANCEL ka?")

    async def seen(self, text: str) -> None:
        await until(self.pilot, lambda: text in screen(self.app), text)
        await self.pilot.pause()

    def read(self) -> None:
        self.clock.advance(LONG_AGO)

    async def decision(self) -> Confirm.Decided:
        await until(self.pilot, lambda: self.app.decided, "decided")
        assert len(self.app.decided) == 1
        return self.app.decided[0]

    def has_keyboard(self) -> bool:
        return self.app.focused is self.confirm

    async def still_open(self) -> None:
        await self.pilot.pause()
        assert self.confirm.is_open
        assert not self.app.decided


@asynccontextmanager
async def scene(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Scene]:
    clock = HandClock()
    confirm = Watched(clock)
    app = Shelf(confirm)
    async with app.run_test(size=size) as pilot:
        yield Scene(app, pilot, clock, confirm)
