"""Draws the README's picture from the program itself: ``python -m tests.looks.picture``.

The practice broker, the desk and the screen are the real ones; one order is canceled and another is being asked about.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from blotter.config import Practice
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.paper.child import Child
from blotter.paths import styles
from blotter.ui.app import BlotterApp
from blotter.wiring import desk_settings

PICTURE = Path(__file__).with_name("readme.svg")
SIZE = (100, 24)


async def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the picture did not come about"
        await asyncio.sleep(0.05)


async def draw(app: BlotterApp) -> str:
    """The screen as SVG, in the middle of the main job."""

    def code_under_cursor() -> str:
        row = app.view.current
        return row.order.ord_status if row else ""

    async with app.run_test(size=SIZE) as pilot:
        await until(lambda: code_under_cursor() != "")
        while code_under_cursor() != "NEW":
            await pilot.press("j")
        await pilot.press("c")
        await asyncio.sleep(0.8)
        await pilot.press("y")
        await until(lambda: code_under_cursor() == "CANCELED")
        await pilot.press("j", "j")
        while code_under_cursor() != "NEW":
            await pilot.press("j")
        await pilot.press("c")
        await asyncio.sleep(0.5)
        return app.export_screenshot(title="blotter --paper")


def with_local_fonts(svg: str) -> str:
    """Without the fonts that it would fetch from elsewhere."""
    bare = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: Fira Code", "font-family: ui-monospace, Menlo, Consolas", bare)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Child() as child:
        settings = desk_settings(Practice().at(child.url, child.token), Path(folder))
        clock = SystemClock()
        with Desk(settings, clock) as desk:
            drawn = asyncio.run(draw(BlotterApp(desk, clock, practice=True, styles=styles())))
    PICTURE.write_text(with_local_fonts(drawn))


if __name__ == "__main__":
    main()
