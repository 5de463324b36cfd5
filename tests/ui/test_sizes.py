"""Terminals of every size, and those too small for orders."""

from __future__ import annotations

import pytest

from tests.ui.orders import a_row
from tests.ui.pilots import until
from tests.ui.stage import blotter

TWELVE = [a_row(number) for number in range(12)]


async def test_a_terminal_too_small_says_so_and_recovers() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        await stage.pilot.resize_terminal(20, 5)
        await stage.sees("too small: 20x5", "60x16 needed")
        await stage.press("y", "c", "y")
        await stage.pilot.resize_terminal(80, 24)
        await stage.sees("> aa ", "confirmation closed, order kept: terminal too small", "c cancel")
        assert stage.desk.cancels == []


async def test_q_leaves_a_terminal_that_is_too_small() -> None:
    async with blotter(TWELVE, size=(20, 5)) as stage:
        await stage.sees("too small")
        await stage.press("q")
        await until(stage.pilot, lambda: not stage.app.is_running, "to end")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (132, 43), (200, 60)])
async def test_every_size_is_drawn_to_its_edge(size: tuple[int, int]) -> None:
    async with blotter([a_row(number) for number in range(100)], size=size) as stage:
        await stage.sees("> aa ", "LIVE ACC-1")
        lines = stage.screen.splitlines()
        assert len(lines) <= size[1]
        assert sum(" NEW " in line for line in lines[1 : size[1] - 6]) == size[1] - 8
        assert "of 100" in lines[-1]
