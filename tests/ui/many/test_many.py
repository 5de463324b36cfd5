"""The question about many on the screen: the scope, the frozen set, the count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from blotter.core.account import Account
from blotter.desk.messages import DeskFailed, LinkPhase, LinkState
from blotter.ui.many.many_confirm import OTHER_KEY, TO_THE_END, TOO_QUICK
from tests.ui.many.question import EIGHT, answer, question
from tests.ui.orders import a_row, changed
from tests.ui.stage import blotter


async def test_the_count_and_enter_send_each_order_as_it_was_shown() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        assert "all 4 buys   ACC-1 LIVE: 4" in stage.screen
        assert "LIVE" in stage.line("CANCEL 4 ORDERS?")
        assert "MSFT" not in stage.screen, "only the set stands there"
        await answer(stage, "4")
        (mass,) = stage.desk.masses
        assert [request.tag for request in mass.requests] == ["ag", "ac", "ae", "aa"], "the most money first"
        for request in mass.requests:
            assert request.order in [row.order for row in EIGHT]
            assert "all 4 buys" in request.shown
            assert f"  {request.tag}  " in request.shown
            assert "CANCEL 4 ORDERS?" in request.shown
        assert "MSFT" in stage.screen, "the table is back"
        assert not stage.desk.cancels


@pytest.mark.parametrize(("typed", "said"), [("", "nothing typed"), ("5", "5 is not the count"), ("44", "44 is not")])
async def test_an_empty_or_wrong_count_says_so_and_stays(typed: str, said: str) -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        await answer(stage, typed)
        await stage.sees(said, "CANCEL 4 ORDERS?")
        assert not stage.desk.masses
        await answer(stage, "4")
        assert stage.desk.masses


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_keeps(key: str) -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "*", "CANCEL 8 ORDERS?")
        await stage.press("8", key)
        await stage.no_longer_sees("CANCEL 8")
        assert not stage.desk.masses
        assert "MSFT" in stage.screen


@pytest.mark.parametrize("key", ["y", "c", "Y", "K", "delete"])
async def test_no_other_key_answers(key: str) -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "*", "CANCEL 8 ORDERS?")
        await stage.press(key)
        await stage.sees(OTHER_KEY)
        assert not stage.desk.masses


async def test_what_was_typed_before_it_can_have_been_read_does_not_count() -> None:
    async with blotter(EIGHT) as stage:
        stage.burst("K", "b", "4", "enter")
        await stage.sees("CANCEL 4 ORDERS?")
        await stage.settled()
        assert not stage.desk.masses
        await stage.press("4", "enter")
        await stage.sees(TOO_QUICK)
        assert not stage.desk.masses
        stage.clock.advance(1)
        await answer(stage, "4")
        assert stage.desk.masses


async def test_a_set_that_does_not_fit_must_be_read_to_its_end() -> None:
    async with blotter([a_row(number) for number in range(40)]) as stage:
        await question(stage, "*", "CANCEL 40 ORDERS?")
        assert "1-15 of 40" in stage.screen
        await answer(stage, "40")
        await stage.sees(TO_THE_END)
        assert not stage.desk.masses
        stage.clock.advance(1)
        await stage.press("end")
        await stage.sees("type 40")
        await answer(stage, "40")
        assert len(stage.desk.masses) == 1


async def test_an_order_that_finishes_leaves_the_set_and_is_said_to_and_no_row_moves() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        before = [line.split()[0] for line in stage.screen.splitlines()[3:7]]
        stage.desk.post(
            changed(EIGHT[2], ord_status="FILLED", leaves_qty=Decimal(0)), changed(EIGHT[4], price=Decimal(1))
        )
        await stage.sees("CANCEL 2 ORDERS?", "2 left the set meanwhile", "ac FILLED", "ae blocked: price")
        assert [line.split()[0] for line in stage.screen.splitlines()[3:7]] == before
        assert "left" in stage.line("  ac ")
        assert "block" in stage.line("  ae ")
        await answer(stage, "4")
        await stage.sees("4 is not the count")
        await answer(stage, "2")
        assert [request.tag for request in stage.desk.masses[0].requests] == ["ag", "aa"]


async def test_a_filter_cuts_the_scope_and_the_star_says_what_is_hidden() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press(*"/aapl", "enter")
        await question(stage, "f", "2 of 8 orders: filter aapl")
        await stage.press("n")
        await question(stage, "*", "all 8 orders; 6 of them hidden by filter aapl")
        assert "CANCEL 8 ORDERS?" in stage.screen
        await stage.press("n", "escape")
        await stage.press("K", "f")
        await stage.sees("K f: no filter is on")


async def test_a_filter_by_nickname_is_one_for_every_scope_and_for_marks() -> None:
    rows = [changed(row, account="ACC-2" if number < 3 else "ACC-1") for number, row in enumerate(EIGHT)]
    async with blotter(rows, accounts=("ACC-1", "ACC-2")) as stage:
        account = Account("ACC-2", nickname="ira")
        stage.desk.post(links=[LinkState(account, LinkPhase.OK, stage.clock.now(), heard=stage.clock.now())])
        await stage.press(*"/ira", "enter")
        await stage.sees("/ira 3 of 8")
        await question(stage, "f", "3 of 8 orders: filter ira   ira (ACC-2) LIVE: 3")
        await stage.press("n")
        await question(stage, "a", "3 of 3 orders of account ira (ACC-2): filter ira")
        await stage.press("n")
        await question(stage, "*", "all 8 orders; 5 of them hidden by filter ira")
        await stage.press("n", "space", "j", "space", "c")
        await stage.sees("2 marked orders   ira (ACC-2) LIVE: 2")
        await stage.press("n", "escape", "escape", *"/nobody", "enter", "K", "b")
        await stage.sees("K b: filter nobody leaves none of 4 buys")


async def test_a_scope_that_the_filter_cuts_to_one_order_says_so_beside_it() -> None:
    async with blotter(EIGHT) as stage:
        await stage.press(*"/ab", "enter", "K", "s")
        await stage.sees("CANCEL ab?", "1 of 4 sells: filter ab")


async def test_every_account_is_named() -> None:
    rows = [changed(row, account=f"ACC-{1 + number % 2}") for number, row in enumerate(EIGHT)]
    async with blotter(rows, accounts=("ACC-1", "ACC-2")) as stage:
        await question(stage, "d", "CANCEL 8 ORDERS?")
        assert "ACC-1 LIVE: 4   ACC-2 LIVE: 4" in stage.screen
        await stage.press("n")
        await question(stage, "a", "all 4 orders of account ACC-1")
        assert "ACC-2" not in stage.line("all 4 orders")


async def test_a_set_longer_than_the_screen_has_its_heading_in_its_first_frames() -> None:
    names = [f"ACC-{number}" for number in range(4)]
    rows = [a_row(number, account=names[number % 4]) for number in range(40)]
    async with blotter(rows, accounts=names) as stage:
        for timer in tuple(stage.app.questions.canceling.many._timers):
            timer.pause()  # it draws once a second, and would hide that nothing else did
        await question(stage, "*", "CANCEL 40 ORDERS?")
        assert "ACC-3" not in stage.line("all 40 orders"), "two lines stand above it"
        await stage.sees("left/total")


async def test_what_cannot_be_canceled_is_left_out_and_counted() -> None:
    rows = [changed(EIGHT[0], ord_status="PENDING_CANCEL"), *EIGHT[1:]]
    async with blotter(rows) as stage:
        await stage.press("K")
        await stage.sees("b  buys (also to cover): 4, 1 kept", "*  everything: 8, 1 kept", "s  sells (also short): 4\n")
        await stage.press("n")
        await question(stage, "b", "CANCEL 3 ORDERS?")
        assert "1 kept: CXL?" in stage.screen
        assert "kept" in stage.line("  aa ")


async def test_read_only_a_failed_desk_and_a_view_only_account_refuse_with_the_reason() -> None:
    async with blotter(EIGHT, read_only=True) as stage:
        await stage.press("K")
        await stage.sees("many: read-only")
    async with blotter(EIGHT) as stage:
        stage.desk.post(failed=DeskFailed("a bug", stage.clock.now()))
        await stage.sees("OFFLINE")
        await stage.press("K")
        await stage.sees("many: not sent: the desk has stopped")
    async with blotter(EIGHT) as stage:
        account = Account("ACC-1", view_only=True)
        stage.desk.post(links=[LinkState(account, LinkPhase.OK, stage.clock.now(), heard=stage.clock.now())])
        await stage.settled()
        await stage.press("K", "b")
        await stage.sees("K b: all 4 buys: none can be canceled now: account ACC-1 is", "view-only")
        assert not stage.app.questions.is_open


async def test_a_desk_that_dies_meanwhile_takes_the_question_back() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        stage.desk.post(failed=DeskFailed("a bug", stage.clock.now()))
        await stage.sees("the count is off: the desk has stopped")
        await answer(stage, "4")
        assert not stage.desk.masses


async def test_a_screen_that_stood_still_takes_the_question_back() -> None:
    async with blotter(EIGHT) as stage:
        await question(stage, "b", "CANCEL 4 ORDERS?")
        stage.clock.advance(30)
        await stage.press("4", "enter")
        await stage.no_longer_sees("CANCEL 4 ORDERS?")
        assert not stage.desk.masses
