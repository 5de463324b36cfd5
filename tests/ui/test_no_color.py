from __future__ import annotations

import pytest
from rich.segment import Segment

from blotter.core.account import Account
from blotter.paths import styles
from blotter.ui.app import BlotterApp
from tests.ui.fake_desk import FakeDesk, HandClock, ok
from tests.ui.looks import screen
from tests.ui.orders import a_row
from tests.ui.pilots import until


async def test_without_colour_the_terminal_s_own_two_remain_and_meaning_keeps_bold_and_reverse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    clock, desk = HandClock(), FakeDesk()
    desk.post(a_row(0), links=[ok(Account("ACC-1"), clock.now())])
    app = BlotterApp(desk, clock, practice=False, styles=styles())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "> aa" in screen(app))
        await pilot.press("c")
        await until(pilot, lambda: "CANCEL aa?" in screen(app))
        segments = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
    assert not [segment for segment in segments if _coloured(segment)]
    reversed_words = [segment.text.strip() for segment in segments if segment.style and segment.style.reverse]
    assert reversed_words == ["LIVE", "LIVE", "[ n  keep the order ]"]


def _coloured(segment: Segment) -> bool:
    style = segment.style
    return style is not None and any(color and not color.is_default for color in (style.color, style.bgcolor))
