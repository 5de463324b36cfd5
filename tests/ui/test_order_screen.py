from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from textual.pilot import Pilot

from blotter.core.account import Account
from blotter.core.book.row import Row
from blotter.core.notice import Notice, Severity
from blotter.ui.lines.line_view import LineView
from blotter.ui.lines.reader import Reader
from blotter.ui.order_screen import OrderScreen
from tests.core.samples import HOSTILE, condor, sample, with_order
from tests.ui.fake_desk import START, HandClock
from tests.ui.looks import screen
from tests.ui.pilots import until
from tests.ui.shelf import Shelf


@dataclass
class Scene:
    app: Shelf
    pilot: Pilot[None]
    clock: HandClock
    reading: OrderScreen

    async def seen(self, text: str) -> None:
        await until(self.pilot, lambda: text in screen(self.app), text)


@asynccontextmanager
async def reading(row: Row, *messages: Notice) -> AsyncIterator[Scene]:
    clock = HandClock()
    app = Shelf(LineView())
    async with app.run_test(size=(80, 24)) as pilot:
        shown = OrderScreen(row, Account(row.order.account), clock, messages)
        await app.push_screen(shown)
        scene = Scene(app, pilot, clock, shown)
        await scene.seen("ORDER ka")
        yield scene


@pytest.mark.parametrize("key", ["escape", "enter", "q"])
async def test_closes(key: str) -> None:
    async with reading(sample()) as on:
        await on.pilot.press(key)
        await until(on.pilot, lambda: on.app.screen is not on.reading)
        assert on.app.keys == []


@pytest.mark.parametrize("key", ["c", "y", "n", "slash", "m", "r", "t", "!"])
async def test_no_command_acts_on_the_table_behind(key: str) -> None:
    async with reading(sample()) as on:
        await on.pilot.press(key)
        await on.pilot.pause()
        assert on.app.screen is on.reading
        assert on.app.keys == []


async def test_all_of_it_can_be_reached() -> None:
    notice = Notice(START, Severity.INFO, "the very last message", key=sample().key, tag="ka")
    async with reading(condor(), notice) as on:
        assert "the very last message" not in screen(on.app)
        await on.pilot.press("end")
        await on.seen("the very last message")
        await on.pilot.press("home")
        await on.seen("ORDER ka")


async def test_follows_its_order_and_says_when_it_finished() -> None:
    row = sample()
    async with reading(row) as on:
        on.reading.follow(with_order(row, leaves_qty=Decimal(120), ord_status="PARTIALLY_FILLED"))
        await on.seen("120")
        other = replace(row, order=replace(row.order, cl_ord_id="other", ord_status="CANCELED"))
        on.reading.follow(other)
        on.reading.follow(with_order(row, ord_status="FILLED"))
        await on.seen("This order finished while you were reading: it is FILLED now.")


async def test_follows_a_replacement() -> None:
    row = sample()
    heir = replace(row, order=replace(row.order, cl_ord_id="the-heir"), former=row.key)
    async with reading(row) as on:
        on.reading.follow(heir)
        assert on.reading.key == heir.key
        await on.pilot.press("pagedown")
        await on.seen("the-heir")


async def test_messages_on_the_order_arrive() -> None:
    row = sample()
    async with reading(row) as on:
        mine = Notice(START, Severity.ALERT, "cancel refused", "too late", key=row.key, tag="ka")
        on.reading.tell([replace(mine, key=None, text="someone else's"), mine])
        await on.pilot.press("end")
        await on.seen('cancel refused: "too late"')
        assert "someone else's" not in screen(on.app)


async def test_ages_grow() -> None:
    row = replace(sample(), reported=HandClock().ago(5))
    async with reading(row) as on:
        await on.pilot.press("pagedown")
        await on.seen("5 s ago")
        on.clock.advance(3)
        await on.seen("8 s ago")


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_literal(text: str) -> None:
    async with reading(sample(symbol=text, text=text, ord_id=text)) as on:
        reader = on.reading.query_one(Reader)
        for segment in (segment for y in range(reader.size.height) for segment in reader.render_line(y)):
            assert segment.text.isprintable()
            assert segment.style is None or not segment.style.meta


async def test_no_line_is_cut_by_the_scroll_bar() -> None:
    row = sample(text="gamma " * 40)
    async with reading(row) as on:
        await on.pilot.press("end")
        await until(on.pilot, lambda: screen(on.app).count("gamma") == 40)
