from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from textual import events
from textual.pilot import Pilot
from textual.strip import Strip

from blotter.core.row import Row
from blotter.core.sheet import HEIGHT
from blotter.ui.attention import QUIET
from blotter.ui.confirm import OTHER_KEY, TOO_QUICK, Confirm
from tests.core.samples import HOSTILE, sample, stop_limit, with_order
from tests.ui.fake_desk import HandClock
from tests.ui.looks import lines, screen
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


async def test_keep_has_the_focus_and_money_stands_in_reverse() -> None:
    async with scene() as on:
        await on.ask(sample(), "PRACTICE")
        reverse = [
            segment.text
            for y in range(HEIGHT)
            for segment in on.confirm.render_line(y)
            if segment.style is not None and segment.style.reverse
        ]
        assert reverse == [" PRACTICE ", "[ n  keep the order ]"]


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


async def test_figures_follow_a_fill_and_y_still_sends() -> None:
    async with scene() as on:
        row = sample()
        await on.ask(row)
        filled = with_order(row, leaves_qty=Decimal(200), cum_qty=Decimal(100), ord_status="PARTIALLY_FILLED")
        on.confirm.follow(filled)
        await on.seen("left 300 -> 200 since you pressed c")
        assert "left 200 of 300" in screen(on.app)
        on.read()
        await on.pilot.press("y")
        request = (await on.decision()).request
        assert request is not None
        assert request.order is filled.order
        assert "left 300 -> 200 since you pressed c" in request.shown


async def test_news_that_no_frame_has_shown_is_not_in_the_proof() -> None:
    async with scene() as on:
        row = sample()
        await on.ask(row)
        on.read()
        on.confirm.follow(with_order(row, leaves_qty=Decimal(200), cum_qty=Decimal(100)))
        on.confirm.on_key(events.Key("y", "y"))
        request = (await on.decision()).request
        assert request is not None
        assert request.order is row.order
        assert "left 300 of 300" in request.shown


async def test_a_changed_price_blocks_at_once() -> None:
    async with scene() as on:
        row = stop_limit()
        await on.ask(row)
        on.read()
        on.confirm.follow(with_order(row, price=Decimal("176.00")))
        on.confirm.on_key(events.Key("y", "y"))
        await on.seen("y is off: price 175.50 -> 176.00 since you pressed c")
        await on.pilot.press("y")
        await on.still_open()
        await on.pilot.press("n")
        assert (await on.decision()).request is None


async def test_an_end_of_the_order_blocks() -> None:
    async with scene() as on:
        row = sample()
        await on.ask(row)
        on.confirm.follow(with_order(row, ord_status="FILLED", leaves_qty=Decimal(0), cum_qty=Decimal(300)))
        await on.seen("y is off: order is FILLED")
        on.read()
        await on.pilot.press("y")
        await on.still_open()


async def test_the_end_of_the_desk_blocks() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.confirm.block("the desk has stopped, nothing can be sent")
        await on.seen("y is off: the desk has stopped")
        on.read()
        await on.pilot.press("y")
        await on.still_open()


async def test_stale_figures_grow_older_before_the_trader_s_eyes() -> None:
    async with scene() as on:
        await on.ask(replace(sample(), stale_since=on.clock.ago(7)))
        assert "STALE since 7 s: figures may be old" in screen(on.app)
        on.clock.advance(5)
        await on.seen("STALE since 12 s: figures may be old")


async def test_withdrawn() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.confirm.close("the terminal was away")
        decided = await on.decision()
        assert decided.request is None
        assert decided.reason == "the terminal was away"


async def test_a_second_question_withdraws_the_first() -> None:
    async with scene() as on:
        await on.ask(sample())
        on.read()
        on.confirm.open(replace(sample(), tag="kb"), "LIVE", on.clock.now())
        on.confirm.on_key(events.Key("y", "y"))
        await on.seen("CANCEL kb?")
        assert [decided.request for decided in on.app.decided] == [None]
        assert on.confirm.is_open


async def test_news_while_no_question_is_open_is_ignored() -> None:
    async with scene() as on:
        on.confirm.follow(sample())
        on.confirm.block("x")
        on.confirm.close("y")
        await on.pilot.pause()
        assert not on.confirm.is_open
        assert not on.app.decided


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


async def test_a_terminal_too_small_refuses_and_one_made_larger_does_not() -> None:
    async with scene(size=(40, 12)) as on:
        await on.ask(sample())
        assert "y is off" in screen(on.app)
        on.read()
        await on.pilot.press("y")
        await on.still_open()
        await on.pilot.resize_terminal(160, 48)
        await on.seen("placed")
        on.read()
        await on.pilot.press("y")
        assert (await on.decision()).request is not None


async def test_only_lines_that_changed_are_drawn_again() -> None:
    async with scene() as on:
        row = sample()
        await on.ask(row)
        on.confirm.drawn.clear()
        on.confirm.follow(with_order(row, ord_status="SUSPENDED"))
        await until(on.pilot, lambda: on.confirm.drawn, "drawn")
        assert set(on.confirm.drawn) == {0, 4}


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_fields_are_literal(text: str) -> None:
    async with scene(size=(160, 24)) as on:
        row = sample(symbol=text, ord_id=text)
        await on.ask(replace(row, order=replace(row.order, account=text, cl_ord_id=text)))
        strips = [on.confirm.render_line(y) for y in range(HEIGHT)]
        for segment in (segment for strip in strips for segment in strip):
            assert segment.control is None
            assert segment.style is None or not segment.style.meta
        assert "".join(strip.text for strip in strips).isprintable()
