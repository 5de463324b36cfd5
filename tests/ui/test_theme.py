"""Colour is the second channel, and never more than sixteen of them."""

from __future__ import annotations

import re

import pytest
from textual import events

from blotter.core.account import Account
from blotter.desk.messages import LinkPhase, LinkState
from tests.ui.fake_desk import HandClock
from tests.ui.scenes import every_state, messages
from tests.ui.stage import Stage, blotter

STYLE = re.compile(r"\x1b\[([\d;]*)m")


async def tour(stage: Stage) -> str:
    """Everything that the screens send while one walks through them."""
    stage.desk.post(
        links=[LinkState(Account("ACC-1"), LinkPhase.STALE, stage.clock.ago(7))], notices=messages(stage.clock)
    )
    await stage.sees("STALE")
    for key, words in (("c", "CANCEL aa?"), ("n", "quit"), ("/", "esc clears"), ("escape", "quit")):
        await stage.press(key)
        await stage.sees(words)
    for key in ("enter", "?"):
        await stage.press(key)
        await stage.settled()
        await stage.press("q")
        await stage.settled()
    return "".join(stage.app.frames)


def codes(sent: str) -> set[int]:
    return {int(code or 0) for styles in STYLE.findall(sent) for code in styles.split(";")}


async def test_sixteen_colours_are_enough() -> None:
    clock = HandClock()
    async with blotter(every_state(clock), clock=clock) as stage:
        sent = codes(await tour(stage))
    assert not sent & {38, 48}
    assert sent & set(range(30, 38))


async def test_no_color_is_obeyed_and_words_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    clock = HandClock()
    async with blotter(every_state(clock), clock=clock) as stage:
        sent = await tour(stage)
    assert codes(sent) <= {0, 1, 2, 4, 7, 39, 49}
    for word in ("STALE", "CXL??", "CXL!", "unread!", "ALERT", "LIVE"):
        assert word in sent


async def test_a_window_that_loses_its_focus_is_sent_nothing() -> None:
    clock = HandClock()
    async with blotter(every_state(clock), clock=clock) as stage:
        stage.app.frames.clear()
        stage.app.post_message(events.AppBlur())
        await stage.settled()
        stage.app.post_message(events.AppFocus())
        await stage.settled()
        assert stage.app.frames == []
