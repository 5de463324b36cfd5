"""Marks: orders chosen one by one, and what ``c`` does about them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from blotter.core.asking.mass import Fate
from tests.ui.many.question import EIGHT, answer, progress, question
from tests.ui.orders import changed
from tests.ui.stage import blotter


async def test_marks_win_over_the_cursor_and_hidden_ones_count() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("space", "j", "space", "j")
        assert stage.line("*ab ").startswith(" *ab")
        await stage.sees("2 marked")
        await stage.press(*"/aapl", "enter")
        await stage.sees("2 marked (1 hidden)")
        await stage.press("c")
        await stage.sees("2 marked orders; 1 of them hidden by filter aapl", "CANCEL 2 ORDERS?")
        await stage.settled()
        stage.clock.advance(1)
        await answer(stage, "2")
        assert {request.tag for request in stage.desk.masses[0].requests} == {"aa", "ab"}
        await stage.no_longer_sees("marked (")


async def test_one_marked_order_is_asked_about_as_one() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("j", "space", "j", "c")
        await stage.sees("CANCEL ab?")
        stage.clock.advance(1)
        await stage.press("y")
        await stage.no_longer_sees("CANCEL ab?")
        assert [request.tag for request in stage.desk.cancels] == ["ab"]
        assert not stage.app.view.marks


async def test_a_single_order_says_how_it_was_chosen_where_the_cursor_did_not_choose_it() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("j", "space", "j", "c")
        await stage.sees("CANCEL ab?", "1 marked order")
        await stage.press("n", *"/aapl", "enter", "c")
        await stage.sees("CANCEL ab?", "1 marked order, hidden by filter aapl")
        stage.clock.advance(1)
        await stage.press("y")
        await stage.no_longer_sees("CANCEL ab?")
        assert "hidden by filter aapl" in stage.desk.cancels[0].shown


async def test_a_mark_on_an_order_that_finished_never_falls_to_the_cursor() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("j", "space", "j")
        stage.desk.post(changed(EIGHT[1], ord_status="FILLED", leaves_qty=Decimal(0)))
        await stage.sees(" *ab")
        await stage.sees("FILL")
        await stage.press("c")
        await stage.sees("every marked order is finished")
        await stage.press("escape", "c")
        await stage.sees("CANCEL ac?")


async def test_a_mark_follows_a_replaced_order_and_escape_clears_them() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("space")
        heir = replace(changed(EIGHT[0], cl_ord_id="heir"), former=EIGHT[0].key)
        stage.desk.post(heir)
        await stage.settled()
        assert stage.app.view.marks == {heir.key}
        await stage.press("escape")
        assert not stage.app.view.marks


async def test_the_marks_of_a_mass_cancel_of_which_nothing_left_come_back() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("space", "j", "space", "j", "c")
        await stage.sees("CANCEL 2 ORDERS?")
        await stage.settled()
        stage.clock.advance(1)
        await answer(stage, "2")
        assert not stage.app.view.marks
        stage.desk.post(mass=[progress(stage, [Fate.NOT_SENT] * 2, over=True)])
        await stage.sees("not sent 2")
        await stage.press("escape")
        await stage.sees("2 marked")
        assert stage.app.view.marks == {request.key for request in stage.desk.masses[0].requests}


async def test_the_marks_of_a_mass_cancel_of_which_one_left_do_not() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press("space", "j", "space", "j")
        await question(stage, "b", "CANCEL 4 ORDERS?")
        await answer(stage, "4")
        stage.desk.post(mass=[progress(stage, [Fate.CANCELED, *[Fate.NOT_SENT] * 3], over=True)])
        await stage.sees("not sent 3")
        assert {EIGHT[1].key} == stage.app.view.marks, "that of the sell was never taken off"
