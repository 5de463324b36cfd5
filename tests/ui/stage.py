"""A running blotter on a desk that tests speak for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual._compositor import CompositorUpdate
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from blotter.core.account import Account
from blotter.core.book.row import Row
from blotter.paths import styles
from blotter.ui.app import BlotterApp
from tests.ui.fake_desk import FakeDesk, HandClock, ok
from tests.ui.looks import screen
from tests.ui.orders import ACCOUNT
from tests.ui.pilots import until


class RecordingApp(BlotterApp):
    """Keeps what each frame would have sent to a terminal, frames that change nothing excepted."""

    frames: list[str]

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            frame = self.shadow.bring(renderable, self.console)
            self.frames += [frame] if frame else []
        super()._display(screen, renderable)


@dataclass
class Stage:
    """What a test holds in its hands."""

    app: RecordingApp
    pilot: Pilot[None]
    desk: FakeDesk
    clock: HandClock

    @property
    def screen(self) -> str:
        return screen(self.app)

    @property
    def is_drawn(self) -> bool:
        """Whether the table shows what the view holds."""
        table, view = self.app.table, self.app.view
        return bool(view.height and table._shown) and len(table._made) == len(view.window)

    def line(self, text: str) -> str:
        """The first line that holds ``text``."""
        return next((line for line in self.screen.splitlines() if text in line), "")

    async def sees(self, *texts: str) -> None:
        """Wait until all these texts are on the screen."""
        for text in texts:
            await until(self.pilot, lambda text=text: text in self.screen, f"to see {text!r} on\n{self.screen}")  # type: ignore[misc]  # mypy cannot infer a default of a lambda

    async def no_longer_sees(self, text: str) -> None:
        await until(self.pilot, lambda: text not in self.screen, f"not to see {text!r}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    def burst(self, *keys: str) -> None:
        """Keys that arrive together, as they do over a slow link."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))

    async def settled(self) -> None:
        """Wait until everything posted so far was handled and drawn."""
        done: list[bool] = []
        self.app.call_after_refresh(lambda: done.append(True))
        await until(self.pilot, lambda: done, "a frame")
        await self.pilot.pause()

    async def sent_by(self, *rows: Row, **others: Any) -> str:
        """What the terminal is sent when the desk says this."""
        taken = self.desk.taken
        self.app.frames.clear()
        self.desk.post(*rows, **others)
        await until(self.pilot, lambda: self.desk.taken > taken, "the desk's news to be taken")
        await self.settled()
        return "".join(self.app.frames)


@asynccontextmanager
async def blotter(
    rows: Iterable[Row] = (),
    *,
    size: tuple[int, int] = (80, 24),
    accounts: Iterable[str] = (ACCOUNT,),
    listed: bool = True,
    clock: HandClock | None = None,
    **options: Any,
) -> AsyncIterator[Stage]:
    """A blotter that shows ``rows``. ``options`` are those of the application."""
    clock, desk = clock or HandClock(), FakeDesk()
    links = [ok(Account(account), clock.now(), 12.0 if listed else None) for account in accounts]
    given = list(rows)
    desk.post(*given, links=links)
    app = RecordingApp(desk, clock, **{"practice": False, "styles": styles(), "frame": 0.01, **options})
    app.frames = []
    async with app.run_test(size=size) as pilot:
        stage = Stage(app, pilot, desk, clock)
        await until(pilot, lambda: desk.taken and (app.is_covered or stage.is_drawn), "the first frame")
        await stage.settled()
        yield stage
