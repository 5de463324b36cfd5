"""Which keys answer the question about one order, and from when on."""

from __future__ import annotations

import pytest
from textual import events

from blotter.core.sheets.sheet import HEIGHT
from blotter.ui.asking.attention import QUIET
from blotter.ui.asking.confirm import OTHER_KEY, TOO_QUICK
from tests.core.samples import sample
from tests.ui.asking.scene import LONG_AGO, scene
from tests.ui.looks import lines


async def test_y_sends_what_was_shown() -> None:
    async with scene() as on:
        row = sample()
        pressed = on.clock.now()
        await on.ask(row)
        shown = "\n".join(line.replace("▌", " ", 1).rstrip() for line in lines(on.app)[:HEIGHT])
        on.read()
        await on.pilot.press("y")
        request = (await on.decision()).request
        assert request is not None
        assert request.order is row.order
        assert request.tag == "ka"
        assert request.shown == shown
        assert request.pressed == pressed
        assert request.confirmed.since(pressed) == pytest.approx(LONG_AGO, abs=5)
        assert not on.confirm.is_open
        assert not on.confirm.display


@pytest.mark.parametrize("key", ["n", "escape", "enter"])
async def test_keeps(key: str) -> None:
    async with scene() as on:
        await on.ask(sample())
        on.read()
        await on.pilot.press(key)
        assert (await on.decision()).request is None
        assert not on.confirm.is_open


@pytest.mark.parametrize(
    "key", ["Y", "c", "q", "space", "tab", "j", "down", "left", "right", "r", "!", "question_mark", "delete", "ctrl+y"]
)
async def test_no_other_key_answers_or_gets_through(key: str) -> None:
    async with scene() as on:
        await on.ask(sample())
        on.read()
        await on.pilot.press(key)
        await on.seen(OTHER_KEY)
        await on.still_open()
        assert on.app.keys == []


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_keys_that_leave_the_program_get_through(key: str) -> None:
    async with scene() as on:
        await on.ask(sample())
        event = events.Key(key, None)
        on.confirm.on_key(event)
        assert not event._no_default_action


async def test_y_right_after_the_frame_is_too_quick() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.clock.advance(QUIET / 2)
        await on.pilot.press("y")
        await on.seen(TOO_QUICK)
        await on.still_open()
        on.read()
        await on.pilot.press("y")
        assert (await on.decision()).request is not None


async def test_y_before_any_frame_is_too_quick_however_late_it_is() -> None:
    async with scene() as on:
        on.confirm.open(sample(), "LIVE", on.clock.now())
        on.read()
        on.confirm.on_key(events.Key("y", "y"))
        await on.seen(TOO_QUICK)
        await on.still_open()


async def test_y_that_was_read_before_the_frame_is_too_quick_however_late_it_is_handled() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.clock.advance(5)
        typed_blind = events.Key("y", "y")
        typed_blind.time -= 30
        on.confirm.on_key(typed_blind)
        await on.seen(TOO_QUICK)
        await on.still_open()


async def test_a_held_key_never_becomes_a_yes() -> None:
    async with scene() as on:
        await on.ask(sample())
        for _ in range(20):
            on.clock.advance(QUIET / 4)
            on.confirm.on_key(events.Key("y", "y"))
        await on.still_open()


async def test_raw_pasted_bytes_never_become_a_yes() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.read()
        for letter in "buy yyy":
            on.confirm.on_key(events.Key("space" if letter == " " else letter, letter))
        await on.still_open()


async def test_a_paste_fires_nothing() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.read()
        on.confirm.post_message(events.Paste("y"))
        await on.still_open()


async def test_the_keyboard_goes_back_to_whoever_had_it() -> None:
    async with scene() as on:
        assert not on.has_keyboard()
        await on.ask(sample())
        assert on.has_keyboard()
        await on.pilot.press("n")
        await on.decision()
        assert not on.has_keyboard()
        await on.pilot.press("y")
        assert on.app.keys == ["y"]
