"""The filter, from its key to the rows."""

from __future__ import annotations

from tests.ui.orders import a_row
from tests.ui.stage import blotter

TWELVE = [a_row(number) for number in range(12)]


async def test_the_filter_is_typed_kept_and_cleared() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("/", "i", "b", "m")
        await stage.sees(" /ibm", "> af    S  IBM", "/ibm 2 of 12")
        assert "AAPL" not in stage.screen
        await stage.press("enter")
        await stage.sees("c cancel", "/ibm 2 of 12")
        await stage.press("/", "a", "m", "d")
        await stage.sees("/amd 2 of 12", "> ae    B  AMD")
        await stage.press("escape")
        await stage.sees("c cancel", "> ae    B  AMD", "AAPL")
        assert "of 12" not in stage.screen


async def test_keys_of_a_filter_that_arrive_together_are_typed() -> None:
    async with blotter(TWELVE) as stage:
        stage.burst("/", "c", "q", "r", "enter", "j")
        await stage.sees("/cqr 0 of 12", "no order matches /cqr; esc shows all 12")
        assert "CANCEL" not in stage.screen
        assert stage.desk.relists == 0


async def test_a_filter_and_the_key_after_it_meet_the_right_order() -> None:
    async with blotter(TWELVE) as stage:
        stage.burst("/", "i", "b", "m", "enter", "c")
        await stage.sees("CANCEL af?")


async def test_arrows_move_while_the_filter_is_typed() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("/", "i", "b", "m", "down")
        await stage.sees("> al    S  IBM", " /ibm")
