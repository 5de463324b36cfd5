"""Orders that end while nobody looks: none is put away unseen, and one key leads back to those that work."""

from __future__ import annotations

from dataclasses import replace

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.notice import Notice, Severity
from blotter.ui.table.view import View
from tests.ui.orders import a_row, changed
from tests.ui.stage import Stage, blotter

HUNDRED = [a_row(number, tag=f"t{number}") for number in range(100)]
ENDED = [changed(row, ord_status="FILLED") for row in HUNDRED[5:61]]
"""Eleven are in the window of an 80x24 terminal, 45 are below it."""


def tags(view: View) -> list[str]:
    return [row.tag for row in view.window]


async def left_alone(stage: Stage, *rows: Row) -> None:
    stage.desk.post(*rows)
    await stage.settled()


async def test_a_full_screen_says_how_many_ended_and_which_keys_make_room() -> None:
    async with blotter(HUNDRED) as stage:
        assert "ended" not in stage.screen
        await left_alone(stage, *ENDED)
        await stage.sees("56 ended, 11 here: t hides  1-16 of 100")
        await stage.pilot.resize_terminal(100, 24)
        await stage.sees("56 ended, 11 here: t hides, ! puts away  1-16 of 100")
        await stage.pilot.resize_terminal(60, 16)
        await stage.sees("K many  ? keys  q quit         56 ended: t hides")


async def test_one_key_brings_the_working_orders_and_the_unseen_ends_stay_counted() -> None:
    async with blotter(HUNDRED) as stage:
        await left_alone(stage, *ENDED)
        await stage.press("t")
        await stage.sees("+56 done", "45 ended unseen: ! shows  1-16 of 44")
        assert tags(stage.app.view) == [row.tag for row in (*HUNDRED[:5], *HUNDRED[61:72])]


async def test_what_ended_unseen_is_shown_page_by_page_and_put_away_only_then() -> None:
    async with blotter(HUNDRED) as stage:
        await left_alone(stage, *ENDED)
        await stage.press("t")
        seen = {"t5"}
        for _ in range(99):
            if "ended" not in stage.screen:
                break
            await stage.press("!")
            await stage.settled()
            seen |= {row.tag for row in stage.app.table.drawn}
        assert {row.tag for row in ENDED[11:]} <= seen
        assert stage.app.view.ended.unseen == 0
        await stage.sees("+56 done")


async def test_the_same_key_leads_through_everything_that_ended() -> None:
    async with blotter(HUNDRED) as stage:
        await left_alone(stage, *ENDED)
        presses = 0
        while "ended" in stage.screen:
            await stage.press("!")
            await stage.settled()
            presses += 1
        assert presses == 6
        await stage.sees("+56 done", "1-16 of 44")


async def test_an_end_far_away_is_gone_to_and_the_cursor_says_where() -> None:
    async with blotter(HUNDRED) as stage:
        await left_alone(stage, changed(HUNDRED[70], ord_status="FILLED"))
        await stage.sees("1 ended: t hides, ! shows")
        await stage.press("!")
        await stage.sees("> t70", "1 ended: ! puts away  71-86 of 100")
        await stage.press("!")
        await stage.no_longer_sees("ended")


async def test_reading_messages_moves_nothing() -> None:
    async with blotter(HUNDRED) as stage:
        alert = Notice(stage.clock.now().utc, Severity.ALERT, "read me")
        stage.desk.post(changed(HUNDRED[70], ord_status="FILLED"), notices=[alert])
        await stage.sees("read me", "1 ended")
        await stage.press("!")
        await stage.sees("> t0 ", "1-16 of 100")
        await stage.no_longer_sees("unread")


async def test_a_fill_in_place_of_a_cancel_is_never_put_away_unseen() -> None:
    missed = replace(changed(HUNDRED[70], ord_status="FILLED"), cancel=CancelState.MOOT)
    async with blotter(HUNDRED) as stage:
        await left_alone(stage, missed, *ENDED)
        await stage.press("t")
        await stage.sees("46 ended unseen")
        await stage.press("t")
        await stage.sees("57 done shown")
        await stage.press("t")
        await stage.sees("46 ended unseen")
        await stage.press("/", *"clord-070", "enter")
        assert "FILL!" not in stage.screen
        await stage.press("!")
        await stage.sees("FILL!", "> t70")


async def test_an_end_that_no_frame_has_shown_is_not_put_away() -> None:
    async with blotter(HUNDRED[:3]) as stage:
        view = stage.app.view
        view.apply([changed(HUNDRED[1], ord_status="FILLED")])
        stage.app.acknowledge()
        assert tags(view) == ["t0", "t1", "t2"]
        stage.app.redraw()
        await stage.settled()
        await stage.press("!")
        assert tags(view) == ["t0", "t2"]


async def test_a_row_that_looks_as_before_counts_as_seen() -> None:
    ended = changed(HUNDRED[1], ord_status="FILLED")
    async with blotter([HUNDRED[0], ended]) as stage:
        await left_alone(stage, replace(ended, intent="journal-1"))
        await stage.press("!")
        assert tags(stage.app.view) == ["t0"]


async def test_the_finished_orders_of_today_are_shown_where_none_is() -> None:
    before = [replace(row, finished_before=True) for row in ENDED[:3]]
    async with blotter([*HUNDRED[:2], *before]) as stage:
        await stage.press("t")
        await stage.sees("3 done shown", " t7 ")
        await stage.press("t")
        await stage.sees("+3 done")
        await stage.no_longer_sees(" t7 ")
