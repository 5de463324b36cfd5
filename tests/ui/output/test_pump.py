from __future__ import annotations

import asyncio
from decimal import Decimal

from tests.ui.orders import a_row, changed
from tests.ui.pilots import until
from tests.ui.stage import blotter

ROW = a_row(0)


def left(quantity: int) -> Decimal:
    return Decimal(quantity)


async def test_news_in_the_rest_of_a_frame_is_taken_together() -> None:
    async with blotter([ROW], frame=0.3) as stage:
        await until(stage.pilot, lambda: not stage.app._pump._resting, "the frame to end")
        before = stage.desk.taken
        for quantity in range(99, 59, -1):
            stage.desk.post(changed(ROW, leaves_qty=left(quantity)))
            await asyncio.sleep(0)
        await stage.sees("60/100")
        assert stage.desk.taken - before <= 2


async def test_the_traders_own_key_does_not_make_the_answer_wait() -> None:
    async with blotter([ROW], frame=60) as stage:
        stage.desk.post(changed(ROW, leaves_qty=left(50)))
        await stage.settled()
        assert "100/100" in stage.screen
        await stage.press("j")
        await stage.sees("50/100")
        stage.desk.post(changed(ROW, leaves_qty=left(40)))
        await stage.sees("40/100")


async def test_a_desk_that_outlives_the_screen_wakes_nobody() -> None:
    async with blotter([ROW]) as stage:
        desk = stage.desk
    desk.post(changed(ROW, leaves_qty=left(50)))
    assert desk.taken
