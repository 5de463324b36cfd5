"""``q`` while cancels have no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.asking.mass import Fate, MassProgress
from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Row
from blotter.core.notice import Notice, Severity
from blotter.desk.messages import DeskFailed
from blotter.ui.asking.attention import QUIET
from tests.ui.fake_desk import HandClock
from tests.ui.orders import a_row, changed
from tests.ui.pilots import until
from tests.ui.stage import Stage, blotter

LONG_AGO = 60.0


def unknown(number: int = 0, state: CancelState = CancelState.UNKNOWN) -> Row:
    clock = HandClock()
    ask = Ask("run-1", state, clock.ago(9), clock.ago(4))
    return a_row(number, row={"cancel": state, "cancel_at": ask.at, "asks": (ask,)})


def left(stage: Stage) -> bool:
    return stage.app._exit


async def read(stage: Stage) -> None:
    await stage.settled()
    stage.clock.advance(QUIET + 0.1)


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_it_asks_and_says_which(key: str) -> None:
    async with blotter([unknown(), a_row(1)]) as stage:
        await stage.press(key)
        await stage.sees(
            "QUIT?  1 cancel without an answer",
            "aa  LIVE ACC-1  BUY 100 AAPL",
            "outcome unknown",
            "the next start asks",
        )
        assert not left(stage)
        await read(stage)
        await stage.press("l")
        assert left(stage)
        assert stage.app.return_code == 0
        assert stage.desk.cancels == []


async def test_with_nothing_open_it_does_not_ask() -> None:
    async with blotter([unknown(0, CancelState.PENDING), unknown(1, CancelState.REJECTED)]) as stage:
        await stage.press("q")
        assert left(stage)


@pytest.mark.parametrize("key", ["escape", "n"])
async def test_back_to_the_table(key: str) -> None:
    async with blotter([unknown(), a_row(1)]) as stage:
        await stage.press("q")
        await stage.sees("QUIT?")
        await stage.press(key)
        await stage.no_longer_sees("QUIT?")
        await stage.press("j")
        await stage.sees("> ab", "? keys")
        assert not left(stage)


async def test_a_key_before_it_could_be_read_does_not_leave() -> None:
    async with blotter([unknown()]) as stage:
        stage.burst("q", "l")
        await stage.sees("QUIT?")
        assert not left(stage)


async def test_ctrl_c_twice_leaves() -> None:
    async with blotter([unknown()]) as stage:
        await stage.press("ctrl+c")
        await stage.sees("QUIT?")
        await read(stage)
        await stage.press("ctrl+c")
        assert left(stage)


async def test_other_keys_say_nothing_and_do_nothing() -> None:
    async with blotter([unknown(), a_row(1)]) as stage:
        await stage.press("q")
        await stage.sees("QUIT?")
        await read(stage)
        await stage.press("q", "c", "y", "j", "/")
        await stage.sees("QUIT?")
        assert not left(stage)


async def test_waiting_ends_with_the_answer_on_the_screen_and_not_with_the_screen_gone() -> None:
    async with blotter([unknown(), unknown(1)]) as stage:
        await stage.press("q", "w")
        await stage.sees("2 cancels", "closes when all are answered")
        stage.desk.post(changed(unknown(1), ord_status="FILLED"))
        await stage.sees("1 cancel without an answer")
        refused = replace(unknown(), cancel=CancelState.REJECTED)
        told = Notice(stage.clock.now().utc, Severity.ALERT, "Cancel refused after all", key=refused.key, tag="aa")
        stage.desk.post(refused, notices=[told])
        await stage.no_longer_sees("QUIT?")
        await stage.sees("every cancel has its answer; q quits", "Cancel refused after all")
        assert not left(stage)
        await stage.press("q")
        assert left(stage)


async def test_it_takes_the_place_of_a_confirmation() -> None:
    async with blotter([a_row(0), unknown(1)]) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        await stage.press("ctrl+q")
        await stage.sees("QUIT?")
        assert "CANCEL aa?" not in stage.screen
        await read(stage)
        await stage.press("y", "escape")
        await stage.sees("confirmation closed, order kept: you asked to quit")
        assert stage.desk.cancels == []


async def test_a_desk_that_has_stopped_will_answer_nothing() -> None:
    async with blotter([unknown()]) as stage:
        stage.desk.post(failed=DeskFailed("x", stage.clock.now()))
        await stage.sees("the desk has stopped")
        await stage.press("q")
        assert left(stage)
        assert stage.app.return_code == 1


async def test_cancels_that_wait_for_their_turn_are_asked_about() -> None:
    rows = [a_row(number) for number in range(3)]
    async with blotter(rows) as stage:
        await stage.press("K", "*")
        await stage.sees("CANCEL 3 ORDERS?")
        await read(stage)
        await stage.press("3", "enter", "q")
        await stage.sees("QUIT?  3 cancels not sent yet: leaving drops these")
        (mass,) = stage.desk.masses
        stage.desk.post(mass=[MassProgress(mass.name, mass.sentence, 3, {Fate.CANCELED: 3}, over=True)])
        await stage.no_longer_sees("QUIT?")
        assert not left(stage)


async def test_a_cancel_of_an_earlier_run_whose_order_is_in_no_list_is_asked_about_and_named_to_the_shell() -> None:
    async with blotter([a_row(1)]) as stage:
        stage.desk.post(unlisted=(replace(unknown(), tag=""),))
        await stage.settled()
        await stage.press("q")
        await stage.sees(
            "QUIT?  1 cancel without an answer", "--  LIVE ACC-1  BUY 100 AAPL   asked in an earlier run, in no list"
        )
        stage.desk.post(unlisted=())
        await stage.no_longer_sees("QUIT?")
        stage.desk.post(unlisted=(replace(unknown(), tag=""),))
        await stage.settled()
        await stage.press("q")
        await read(stage)
        await stage.press("l")
        await until(stage.pilot, lambda: not stage.app.is_running, "to end")
    assert stage.app.questions.last_words() == (
        "1 cancel had no answer at the end; the next start asks the broker: clord-000 BUY 100 AAPL",
    )


async def test_a_cancel_that_the_screen_showed_as_pending_is_named_to_the_shell() -> None:
    async with blotter([changed(unknown(state=CancelState.PENDING), ord_status="PENDING_CANCEL")]) as stage:
        await stage.press("q")
        await until(stage.pilot, lambda: not stage.app.is_running, "to end")
    (line,) = stage.app.questions.last_words()
    assert line.startswith("1 cancel was pending at the end, the order can still fill")
    assert line.endswith("aa clord-000 BUY 100 AAPL")


async def test_the_last_words_are_about_what_the_screen_never_heard() -> None:
    async with blotter([unknown(), unknown(1)]) as stage:
        stage.app.leave(143)
        await until(stage.pilot, lambda: not stage.app.is_running, "to end")
    stage.desk.post(changed(unknown(1), ord_status="FILLED"))
    still, answered = stage.app.questions.last_words()
    assert still.endswith("asks the broker: aa clord-000 BUY 100 AAPL")
    assert answered.startswith("1 cancel got an answer after you left: ab clord-001 SELL 200 MSFT: FILLED")
