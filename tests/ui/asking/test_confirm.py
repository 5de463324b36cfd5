"""The question about one order: what it follows, what blocks it and what withdraws it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from textual import events

from blotter.core.sheets.sheet import HEIGHT
from tests.core.samples import HOSTILE, sample, stop_limit, with_order
from tests.ui.asking.scene import scene
from tests.ui.looks import screen
from tests.ui.pilots import until


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
