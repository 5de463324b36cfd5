from __future__ import annotations

from blotter.core.account import Account
from blotter.ui.app import BlotterApp
from tests.ui.fake_desk import FakeDesk, HandClock, ok
from tests.ui.looks import screen
from tests.ui.orders import a_row
from tests.ui.pilots import until


async def test_starts() -> None:
    clock, desk = HandClock(), FakeDesk()
    app = BlotterApp(desk, clock, practice=False)
    desk.post(*[a_row(n) for n in range(12)], links=[ok(Account("ACC-1"), clock.now())])
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "> aa" in screen(app))
        await pilot.press("j")
        await pilot.press("c")
        await until(pilot, lambda: "CANCEL" in screen(app))
