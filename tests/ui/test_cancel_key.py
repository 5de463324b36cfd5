"""From the cancel key to the request, and what stands in its way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from blotter.core.book.cancel import CancelState
from blotter.desk.messages import DeskFailed
from blotter.ui.asking.attention import QUIET
from tests.ui.orders import a_row, changed
from tests.ui.pilots import until
from tests.ui.stage import blotter

TWELVE = [a_row(number) for number in range(12)]


async def test_a_cancel_from_key_to_request() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("j", "c")
        await stage.sees("CANCEL ab?", "LIVE", "account ACC-1")
        table = stage.screen.splitlines()[:18]
        await stage.settled()
        stage.clock.advance(QUIET + 0.1)
        await stage.press("y")
        await until(stage.pilot, lambda: stage.desk.cancels, "a request")
        (request,) = stage.desk.cancels
        assert request.order == TWELVE[1].order
        assert "CANCEL ab?" in request.shown
        await stage.sees("c cancel", "id clord-001")
        assert [line[:70] for line in table[1:]] == [line[:70] for line in stage.screen.splitlines()[1:18]]


async def test_no_key_keeps_the_order() -> None:
    async with blotter(TWELVE) as stage:
        for key in ("n", "escape", "enter"):
            await stage.press("c")
            await stage.sees("CANCEL aa?")
            await stage.press(key)
            await stage.no_longer_sees("CANCEL aa?")
            await stage.sees("c cancel")
        assert stage.desk.cancels == []


async def test_keys_that_arrive_together_do_not_cancel() -> None:
    async with blotter(TWELVE) as stage:
        stage.burst("c", "y", "y", "y")
        await stage.sees("CANCEL aa?")
        await stage.settled()
        assert stage.desk.cancels == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (changed(TWELVE[0], ord_status="FILLED"), "cancel: order is FILLED"),
        (
            replace(TWELVE[0], cancel=CancelState.PENDING, cancel_at=TWELVE[0].reported),
            "cancel: already pending cancel since 4 s",
        ),
    ],
)
async def test_a_cancel_that_cannot_be_says_why(row: object, reason: str) -> None:
    async with blotter([row, *TWELVE[1:]]) as stage:  # type: ignore[list-item]  # parametrize loses the type
        await stage.press("c")
        await stage.sees(reason)
        assert "CANCEL aa?" not in stage.screen


async def test_read_only_says_so_and_asks_nothing() -> None:
    async with blotter(TWELVE, read_only=True) as stage:
        await stage.press("c")
        await stage.sees("READ-ONLY", "cancel: read-only")
        assert "CANCEL" not in stage.screen


async def test_no_order_under_the_cursor() -> None:
    async with blotter() as stage:
        await stage.press("c")
        await stage.sees("cancel: no order under the cursor")
        await stage.press("enter")
        await stage.sees("details: no order under the cursor")


async def test_a_desk_that_is_gone_takes_no_request() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        await stage.settled()
        stage.desk.alive = False
        stage.clock.advance(QUIET + 0.1)
        await stage.press("y")
        await stage.sees("not sent: the desk has stopped", "1 unread!")


async def test_a_desk_that_failed_leaves_nothing_that_looks_alive() -> None:
    async with blotter(TWELVE) as stage:
        stage.desk.post(failed=DeskFailed("no such thing", stage.clock.now()))
        await stage.sees("OFFLINE", "the desk has stopped, nothing can be sent: no such thing")
        assert all("STALE 0s" in line for line in stage.screen.splitlines()[2:14])
        await stage.press("c")
        await stage.sees("not sent: the desk has stopped (no such thing)")
        await stage.press("r")
        await stage.sees("not asked: the desk has stopped")
        await stage.press("q")
        await until(stage.pilot, lambda: stage.app.return_code == 1, "to end")


async def test_a_failing_desk_blocks_an_open_question() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        stage.desk.post(failed=DeskFailed("no such thing", stage.clock.now()))
        await stage.sees("y is off")
        stage.clock.advance(QUIET + 0.1)
        await stage.press("y")
        await stage.settled()
        assert stage.desk.cancels == []


async def test_a_question_follows_its_order() -> None:
    async with blotter(TWELVE) as stage:
        await stage.press("c")
        await stage.sees("left 100 of 100")
        stage.desk.post(changed(TWELVE[0], leaves_qty=Decimal(40), cum_qty=Decimal(60)))
        await stage.sees("left 100 -> 40 since you pressed c")
