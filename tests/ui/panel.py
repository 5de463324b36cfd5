"""The panel of messages by itself, for the tests of what it shows and which keys it takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from textual.events import Key
from textual.pilot import Pilot

from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.ui.lines.line_view import LineView
from blotter.ui.notifications import HEIGHT, NotificationPanel
from tests.ui.fake_desk import START
from tests.ui.looks import lines, screen
from tests.ui.pilots import until
from tests.ui.shelf import Shelf

KEY = OrderKey("ACC-1", "clord-1")


def said(text: str, severity: Severity = Severity.INFO, *, broker: str = "", tag: str = "", after: int = 0) -> Notice:
    return Notice(START + timedelta(seconds=after), severity, text, broker, KEY if tag else None, tag)


def numbered(count: int) -> list[Notice]:
    return [said(f"message {number}", after=number) for number in range(count)]


def text(on: Scene) -> str:
    """The screen without the bar that shows how far it is scrolled."""
    return "\n".join(line[: on.app.size.width - 1].rstrip() for line in screen(on.app).splitlines())


@dataclass
class Scene:
    app: Shelf
    pilot: Pilot[None]
    panel: NotificationPanel

    async def seen(self, text: str) -> None:
        await until(self.pilot, lambda: text in screen(self.app), text)
        await self.pilot.pause()

    async def add(self, *notices: Notice) -> None:
        """Add them, and let the frame be written."""
        self.panel.add(notices)
        await self.seen(notices[-1].text)

    def press(self, *names: str) -> list[bool]:
        """Whether each of these keys was the panel's."""
        return [self.panel.press(Key(name, name if len(name) == 1 else None)) for name in names]

    def bottom(self) -> list[str]:
        return lines(self.app)[-HEIGHT:]


@asynccontextmanager
async def scene(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Scene]:
    table, panel = LineView(id="table"), NotificationPanel()
    app = Shelf(table, panel)
    async with app.run_test(size=size) as pilot:
        table.styles.height = "1fr"
        await pilot.pause()
        yield Scene(app, pilot, panel)
