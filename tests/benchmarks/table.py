"""What a changed order costs here and in the stock DataTable, side by side: ``python -m tests.benchmarks.table``.

Ratios count, milliseconds do not: both tables run in one process, in turns, on the same rows and the same terminal
size. A frame is one update of one visible row, formatted, composed and encoded for the terminal.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from statistics import median
from typing import Any

from rich.text import Text
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable

from blotter.core.account import Accounts
from blotter.core.book.row import Row
from blotter.core.sheets.columns import columns_for, render_cells
from blotter.ui.table.order_table import OrderTable
from blotter.ui.table.view import View
from tests.ui.fake_desk import HandClock
from tests.ui.orders import a_row, changed

ROUNDS = 3
UPDATES = 20


class Measured(App[None]):
    """Counts frames and bytes; frames are encoded as for a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = 0
        self.sent = 0
        self.drawn = asyncio.Event()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.frames += 1
            self.sent += len(renderable.render_segments(self.console))
            self.drawn.set()
        super()._display(screen, renderable)


class Ours(Measured):
    """The table of the blotter."""

    def __init__(self, rows: Iterable[Row], clock: HandClock) -> None:
        super().__init__()
        self.view = View()
        self.view.apply(list(rows))
        self.clock = clock
        self.table = OrderTable(self.view)

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.theme = "ansi-dark"

    def update(self, row: Row) -> None:
        self.view.apply([row])
        self.table.draw(self.clock.now(), Accounts())


class Stock(Measured):
    """A DataTable with the same cells, updated where they differ."""

    def __init__(self, rows: Iterable[Row], clock: HandClock) -> None:
        super().__init__()
        self.rows = list(rows)
        self.clock = clock
        self.columns = columns_for(160, 1)
        self.table: DataTable[Text] = DataTable(cursor_type="row", zebra_stripes=False)

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.theme = "ansi-dark"
        for column in self.columns:
            self.table.add_column(column.name, width=column.width, key=column.name)
        for row in self.rows:
            self.table.add_row(*self._texts(row), key=row.order.cl_ord_id)

    def update(self, row: Row) -> None:
        for column, text in zip(self.columns, self._texts(row), strict=True):
            if self.table.get_cell(row.order.cl_ord_id, column.name) != text:
                self.table.update_cell(row.order.cl_ord_id, column.name, text)

    def _texts(self, row: Row) -> list[Text]:
        return [Text(cell.text) for cell in render_cells(row, self.columns, self.clock.now())]


async def run(make: Callable[[], Ours | Stock], size: tuple[int, int]) -> tuple[float, float]:
    """Processor milliseconds and bytes for each update, when each is drawn."""
    app = make()
    async with app.run_test(size=size) as pilot:
        if isinstance(app, Ours):
            app.table.draw(app.clock.now(), Accounts())
        await still(app, pilot)
        app.sent = 0
        spent = time.process_time()
        for number in range(UPDATES):
            app.drawn.clear()
            app.update(changed(a_row(number % 10), leaves_qty=Decimal(number + 1)))
            await app.drawn.wait()
        spent = time.process_time() - spent
    return spent * 1000 / UPDATES, app.sent / UPDATES


async def still(app: Measured, pilot: Pilot[None]) -> None:
    """Wait until nothing more is drawn by itself."""
    before = -1
    while before != app.frames:
        before = app.frames
        await pilot.pause(0.3)


def main() -> None:
    print(f"{'rows':>6} {'terminal':>8}    cpu ms: here, stock    bytes: here, stock")  # noqa: T201
    for count in (100, 1000):
        rows, clock = [a_row(number, tag="aa") for number in range(count)], HandClock()
        for size in ((80, 24), (160, 48)):
            ours: list[tuple[float, float]] = []
            stock: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                ours.append(asyncio.run(run(lambda: Ours(rows, clock), size)))  # noqa: B023 - called within the round
                stock.append(asyncio.run(run(lambda: Stock(rows, clock), size)))  # noqa: B023
            figures = []
            for index in range(2):
                mine, theirs = median(r[index] for r in ours), median(r[index] for r in stock)
                figures.append(f"{mine:8.1f} {theirs:8.1f} 1/{theirs / mine:<4.0f}")
            print(f"{count:>6} {size[0]:>4}x{size[1]:<3}", *figures)  # noqa: T201


if __name__ == "__main__":
    main()
