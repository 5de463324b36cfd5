"""Many while the journal cannot be written: what that means is read, and the count typed a second time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from blotter.desk.messages import JournalState
from blotter.ui.many.many_confirm import OTHER_KEY, TOO_QUICK
from tests.ui.looks import looks_like
from tests.ui.many.question import EIGHT, answer, question
from tests.ui.orders import changed
from tests.ui.stage import Stage, blotter

FULL = "the journal in /x cannot be written: No space left on device"
AGAIN = "to send without a record, type 4 again, then enter:"


async def asked_again(stage: Stage) -> None:
    """Open the question about the buys without a journal, and type their count once."""
    stage.desk.post(journal=JournalState(FULL))
    await stage.settled()
    await question(stage, "b", "CANCEL 4 ORDERS?")
    assert "NO RECORD: the journal cannot be written   kept for the next file that works" in stage.screen
    assert AGAIN not in stage.screen
    await answer(stage, "4")
    await stage.sees(AGAIN)
    await stage.settled()


async def test_the_count_typed_twice_sends_and_says_what_was_overruled() -> None:
    async with blotter(EIGHT) as stage:
        await asked_again(stage)
        assert not stage.desk.masses
        stage.clock.advance(1)
        await answer(stage, "4")
        (mass,) = stage.desk.masses
        assert [request.tag for request in mass.requests] == ["ag", "ac", "ae", "aa"]
        assert {request.unaudited for request in mass.requests} == {FULL}
        assert {request.override for request in mass.requests} == {""}
        assert all("NO RECORD" in request.shown and AGAIN in request.shown for request in mass.requests)
        stage.desk.post(journal=JournalState())
        await stage.settled()
        await question(stage, "s", "CANCEL 4 ORDERS?")
        assert "NO RECORD" not in stage.screen
        await answer(stage, "4")
        assert {request.unaudited for request in stage.desk.masses[1].requests} == {""}


async def test_both_counts_typed_at_once_are_one() -> None:
    async with blotter(EIGHT) as stage:
        stage.desk.post(journal=JournalState(FULL))
        await stage.settled()
        await question(stage, "b", "CANCEL 4 ORDERS?")
        stage.burst("4", "enter", "4", "enter")
        await stage.sees("type 4 again", TOO_QUICK)
        await stage.settled()
        assert not stage.desk.masses
        stage.clock.advance(1)
        await answer(stage, "4")
        assert len(stage.desk.masses) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "nothing typed, nothing sent"), ("5", "5 is not the count, nothing sent"), ("y", OTHER_KEY)],
)
async def test_nothing_else_is_a_second_count(typed: str, said: str) -> None:
    async with blotter(EIGHT) as stage:
        await asked_again(stage)
        stage.clock.advance(1)
        await stage.press(*typed, *([] if typed == "y" else ["enter"]))
        await stage.sees("type 4 again, then enter:", said, "NO RECORD")
        assert not stage.desk.masses


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_keeps(key: str) -> None:
    async with blotter(EIGHT) as stage:
        await asked_again(stage)
        stage.clock.advance(1)
        await stage.press("4", key)
        await stage.no_longer_sees("CANCEL 4 ORDERS?")
        assert not stage.desk.masses


async def test_an_order_that_finishes_between_the_counts_leaves_the_set() -> None:
    async with blotter(EIGHT) as stage:
        await asked_again(stage)
        stage.desk.post(changed(EIGHT[2], ord_status="FILLED", leaves_qty=Decimal(0)))
        await stage.sees("CANCEL 3 ORDERS?", "type 3 again", "NO RECORD", "1 left the set meanwhile: ac")
        stage.clock.advance(1)
        await answer(stage, "4")
        await stage.sees("4 is not the count")
        await answer(stage, "3")
        assert [request.tag for request in stage.desk.masses[0].requests] == ["ag", "ae", "aa"]


async def test_a_journal_that_comes_back_leaves_the_question_as_it_is() -> None:
    """Which of the two is asked never changes while it is open; the desk puts them on record then."""
    async with blotter(EIGHT) as stage:
        await asked_again(stage)
        stage.desk.post(journal=JournalState())
        await stage.settled()
        stage.clock.advance(1)
        await answer(stage, "4")
        assert {request.unaudited for request in stage.desk.masses[0].requests} == {FULL}


async def test_looks() -> None:
    async with blotter(EIGHT) as stage:
        await asked_again(stage)
        looks_like(stage.app, "many-unaudited-80x24")
