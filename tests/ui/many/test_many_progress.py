"""A mass cancel under way and over on the screen: how far it is, what stops it, what became of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.account import Account
from blotter.core.asking.mass import Fate
from blotter.desk.messages import DeskFailed, LinkPhase, LinkState
from tests.ui.fake_desk import HandClock
from tests.ui.looks import looks_like
from tests.ui.many.question import EIGHT, answer, progress, question
from tests.ui.scenes import every_state
from tests.ui.stage import blotter

SIZES = [(80, 24), (160, 48)]


async def test_progress_stop_and_the_table_stays_usable() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "*", "CANCEL 8 ORDERS?")
        await answer(stage, "8")
        await stage.sees("sent 0/8")
        bad = [Fate.UNKNOWN, Fate.REFUSED, Fate.REFUSED, Fate.CANCELED]
        stage.desk.post(mass=[progress(stage, [*bad, Fate.SENT, *[Fate.QUEUED] * 3])])
        await stage.sees("sent 5/8, canceled 1, refused 2, unknown 1", "x stops the 3 not sent yet")
        await stage.press("j", "j")
        await stage.sees("> ac")
        await stage.press("x")
        await stage.settled()
        assert stage.desk.stopped == [stage.desk.masses[0].name]
        stage.desk.post(mass=[progress(stage, [*bad, Fate.CANCELED, *[Fate.NOT_SENT] * 3], stopped=True)])
        await stage.sees("sent 5/8, canceled 2, refused 2, unknown 1, not sent 3")
        await stage.press("x")
        await stage.sees("stop: no cancel waits to be sent")


async def test_the_stop_key_reaches_one_that_waits_to_be_sent_again_where_nothing_else_is_sent() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        await answer(stage, "4")
        fates = [Fate.SENT, *[Fate.NOT_SENT] * 3]
        stage.desk.post(mass=[progress(stage, fates, stopped=True, again=1)])
        await stage.sees("x stops the 1 to be sent again")
        await stage.press("x")
        await stage.settled()
        assert stage.desk.stopped == [stage.desk.masses[0].name]
        stage.desk.post(mass=[progress(stage, [Fate.NOT_SENT] * 4, stopped=True, over=True)])
        await stage.sees("RESULT")
        await stage.press("escape", "x")
        await stage.sees("stop: no cancel waits to be sent")


async def test_the_result_comes_up_by_itself_worst_first_and_is_exported() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        await answer(stage, "4")
        fates = [Fate.CANCELED, Fate.REFUSED, Fate.CANCELED, Fate.UNKNOWN]
        stage.desk.post(mass=[progress(stage, fates, over=True)])
        await stage.sees("RESULT", "over: sent 4/4", '"as it is"')
        tags = [line.split()[1] for line in stage.screen.splitlines() if "ACC-1" in line]
        assert tags == ["aa", "ac", "ag", "ae"]
        await stage.press("e")
        await stage.sees("a file is asked for: the messages under this sheet name it")
        ((name, text),) = stage.desk.exported
        assert name == "cancels.csv"
        assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["unknown", "refused", "canceled", "canceled"]
        await stage.press("escape")
        await stage.no_longer_sees("RESULT")
        await stage.press("R")
        await stage.sees("RESULT")


async def test_an_open_result_grows_old_with_the_screen_under_it() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        await answer(stage, "4")
        fates = [Fate.CANCELED, Fate.REFUSED, Fate.CANCELED, Fate.PENDING]
        stage.desk.post(mass=[progress(stage, fates, over=True)])
        reported = f"last reported {EIGHT[2].reported.utc:%H:%M:%S}Z"
        await stage.sees("RESULT", " OK stream", f"it still works, {reported}")
        lost = stage.clock.now()
        link = LinkState(Account("ACC-1"), LinkPhase.OFFLINE, lost, heard=lost, listed=lost, trouble="no link")
        stale = [replace(row, stale_since=lost) for row in EIGHT]
        stage.desk.post(*stale, links=[link])
        stands = f"it worked, {reported}, STALE since {lost.utc:%H:%M:%S}Z"
        await stage.sees("OFFLINE no link", stands)
        assert stage.screen.count("STALE since") == 2, "the refused and the pending one"
        await stage.press("e")
        await stage.settled()
        ((_, text),) = stage.desk.exported
        assert stands in text
        stage.desk.post(failed=DeskFailed("a bug", stage.clock.now()))
        await stage.sees("OFFLINE  the desk has stopped")


async def test_the_result_never_comes_up_over_a_question() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        await answer(stage, "4")
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        stage.desk.post(mass=[progress(stage, [Fate.CANCELED] * 4, over=True)])
        await stage.settled()
        assert "CANCEL aa?" in stage.screen
        await stage.press("n")
        await stage.sees("RESULT")


async def test_the_result_of_the_next_comes_up_after_that_of_the_first_was_closed() -> None:
    async with blotter(EIGHT) as stage:
        for scope in ("b", "s"):
            await question(stage, scope, "CANCEL 4 ORDERS?")
            await answer(stage, "4")
            stage.desk.post(mass=[progress(stage, [Fate.CANCELED] * 4, over=True)])
            await stage.sees("RESULT", "over: sent 4/4", "buys" if scope == "b" else "sells")
            await stage.press("escape")
            await stage.no_longer_sees("RESULT")


async def test_a_second_one_may_be_confirmed_and_the_stop_key_stops_both() -> None:
    async with blotter(EIGHT) as stage:
        for scope, count in (("b", "4"), ("s", "4")):
            await question(stage, scope, "CANCEL 4 ORDERS?")
            await answer(stage, count)
        await stage.press("x")
        await stage.settled()
        assert stage.desk.stopped == [mass.name for mass in stage.desk.masses]
        assert len(set(stage.desk.stopped)) == 2


@pytest.mark.parametrize("size", SIZES)
async def test_looks(size: tuple[int, int]) -> None:
    clock, three = HandClock(), ("ACC-1", "ACC-2", "ACC-3")
    at = f"{size[0]}x{size[1]}"
    async with blotter(every_state(clock, three), size=size, clock=clock, accounts=three) as stage:
        await stage.press("space", "j", "j", "space", "K")
        await stage.sees("which orders?")
        await stage.settled()
        looks_like(stage.app, f"many-scopes-{at}")
        await stage.press("*")
        await stage.sees("ORDERS?")
        await stage.settled()
        looks_like(stage.app, f"many-question-{at}")
        stage.clock.advance(1)
        count = stage.line(", then enter").partition("type ")[2].partition(",")[0]
        await answer(stage, count)
        fates = [Fate.UNKNOWN, Fate.REFUSED, Fate.CANCELED, Fate.PENDING, Fate.CANCELED, Fate.SENT]
        queued = [Fate.QUEUED] * (len(stage.desk.masses[0].requests) - len(fates))
        stage.desk.post(mass=[progress(stage, [*fates, *queued])])
        await stage.sees("canceled 2")
        looks_like(stage.app, f"many-running-{at}")
        await stage.press("R")
        await stage.sees("RESULT")
        await stage.settled()
        looks_like(stage.app, f"many-result-{at}")


async def test_the_orders_shown_are_exported_in_the_order_shown() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press(*"/aapl", "enter", "e")
        await stage.settled()
        ((name, text),) = stage.desk.exported
        assert name == "orders.csv"
        assert [line.split(",")[1] for line in text.splitlines()] == ["tag", "aa", "ag"]
