"""The messages grown to a history that can be read: nothing is lost in it, and its keys are its own."""

from __future__ import annotations

import pytest

from blotter.core.notice import Severity
from blotter.core.words.piece import plain
from tests.ui.looks import screen
from tests.ui.panel import numbered, said, scene, text
from tests.ui.pilots import until


async def test_grown_nothing_of_a_long_message_is_lost() -> None:
    async with scene() as on:
        words = " ".join(f"word{number}" for number in range(60))
        await on.add(said("refused", Severity.ALERT, broker=words, tag="ka"))
        on.panel.grow()
        await on.seen("word59")
        shown = " ".join(screen(on.app).split())
        assert f'refused: "{words}"' in shown


async def test_grown_and_back_with_the_keyboard() -> None:
    async with scene() as on:
        await on.add(*numbered(40))
        on.panel.toggle()
        await on.seen("message 30")
        on.press("end")
        await on.seen("message 0")
        on.press("home")
        await on.seen("message 39")
        for key in ("down", "j", "pagedown"):
            before = on.panel.scroll_y
            on.press(key)
            assert on.panel.scroll_y > before
        for key in ("up", "k", "pageup"):
            before = on.panel.scroll_y
            on.press(key)
            assert on.panel.scroll_y < before


@pytest.mark.parametrize("key", ["escape", "m", "q"])
async def test_put_away_by_key(key: str) -> None:
    async with scene() as on:
        await on.add(*numbered(40))
        on.panel.grow()
        await on.seen("message 30")
        assert on.press("end", key) == [True, True]
        assert not on.panel.grown
        await on.pilot.pause()
        assert on.bottom()[0].endswith("message 39")


@pytest.mark.parametrize("key", ["c", "K", "y", "enter", "r", "/", "t", "?", "a", "f5"])
async def test_no_command_acts_on_the_table_behind_the_history_and_that_is_said(key: str) -> None:
    async with scene() as on:
        on.panel.grow()
        assert on.press(key) == [True]
        told = " esc, m or q closes  ! marks as read  arrows, PageUp, PageDown, Home, End scroll"
        assert plain(on.panel.keys(160)) == f" {key} does nothing while the messages are open {told}"
        assert on.press("down") == [True]
        assert plain(on.panel.keys(80)) == told


@pytest.mark.parametrize("width", [60, 80])
async def test_how_the_history_closes_stands_beside_what_a_key_does_not(width: int) -> None:
    async with scene() as on:
        on.panel.grow()
        assert plain(on.panel.keys(60)) == " esc, m or q closes  ! marks as read  arrows scroll"
        on.press("c")
        told = plain(on.panel.keys(width))
        assert told.startswith(" c does nothing while the messages are open  esc, m or q")
        assert len(told) <= width


async def test_acknowledging_gets_through_from_the_history() -> None:
    async with scene() as on:
        on.panel.grow()
        assert on.press("!") == [False]


async def test_alerts_scrolled_out_of_the_history_are_not_acknowledged() -> None:
    async with scene() as on:
        await on.add(said("deep down", Severity.ALERT, tag="ka"), *numbered(60))
        on.panel.grow()
        await on.seen("message 50")
        assert on.panel.acknowledge() == 0
        on.press("end")
        await on.seen("deep down")
        assert on.panel.acknowledge() == 1


async def test_a_history_being_read_keeps_its_place() -> None:
    async with scene() as on:
        await on.add(*numbered(60))
        on.panel.grow()
        await on.seen("message 50")
        for _ in range(5):
            on.press("down")
        await until(on.pilot, lambda: "message 54" in screen(on.app) and "message 55" not in screen(on.app))
        on.panel.add([said("news"), said("more news")])
        await on.pilot.pause()
        await until(on.pilot, lambda: "message 54" in screen(on.app) and "message 55" not in screen(on.app))


async def test_a_history_being_read_keeps_its_place_in_a_long_message() -> None:
    async with scene(size=(60, 16)) as on:
        on.panel.add([said(" ".join(f"w{number}" for number in range(400)))])
        on.panel.grow()
        await on.seen("w0")
        on.press("pagedown")
        await on.pilot.pause()
        before = text(on)
        on.panel.add([said("news", after=1)])
        await on.pilot.pause()
        assert text(on) == before
        on.press("home")
        await on.seen("news")


async def test_grown_without_messages() -> None:
    async with scene() as on:
        on.panel.grow()
        await on.seen("no messages yet")
