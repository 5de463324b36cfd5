from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.words import ticket
from blotter.core.words.piece import length, plain
from blotter.ui.details import NONE, DetailStrip, strip_lines
from tests.core.samples import HOSTILE, condor, sample, single_option, with_order
from tests.ui.looks import screen
from tests.ui.pilots import until
from tests.ui.shelf import Shelf


def shown(row: Row | None, width: int = 80) -> list[str]:
    return [plain(line) for line in strip_lines(row, width)]


def test_an_order_in_two_lines() -> None:
    assert shown(sample(text="routed to ARCA")) == [
        " ka  BUY 300 AAPL LIMIT 175.50 DAY · NEW",
        ' id clord-2026-000001 / B-90211 · broker: "routed to ARCA"',
    ]


def test_options_and_several_legs() -> None:
    assert shown(single_option())[0] == " ka  SELL 10 AAPL 19 JUN 2026 205 CALL LIMIT 5.20 DAY · NEW"
    what, legs = shown(condor(), 160)
    assert what == " ka  SELL 5 4-leg SPX LIMIT 1.20 DAY · NEW"
    assert legs == " " + "  ".join(ticket.legs(condor().order)) + " · id clord-2026-000001 / B-90211"
    assert "BUY 1 4700C · id" in shown(condor())[1], "on a narrow terminal the ids give way"


def test_a_refusal_comes_before_the_ids() -> None:
    row = replace(sample(text="old remark"), cancel=CancelState.REJECTED, cancel_text="Too late to cancel")
    assert shown(row)[1] == ' broker: "Too late to cancel" · id clord-2026-000001 / B-90211'


def test_a_long_standing_moves_to_the_second_line_rather_than_being_cut() -> None:
    row = replace(single_option(ord_status="PARTIALLY_FILLED"), cancel=CancelState.PENDING)
    first, second = shown(row)
    assert first == " ka  SELL 10 AAPL 19 JUN 2026 205 CALL LIMIT 5.20 DAY"
    assert second.startswith(" PARTIALLY_FILLED: cancel pending, can still fill · id ")


def test_no_order() -> None:
    assert shown(None) == [f" {NONE}", ""]


def test_an_order_without_a_broker_id() -> None:
    assert shown(sample(ord_id=""))[1] == " id clord-2026-000001 / no broker id yet"
    assert shown(sample(ord_id="", ord_status="REJECTED"))[1] == " id clord-2026-000001 / no broker id"


@pytest.mark.parametrize("width", [1, 20, 80, 160])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_marks_and_fits(text: str, width: int) -> None:
    row = replace(sample(symbol=text, side=text, ord_id=text, text=text), cancel_text=text)
    lines = strip_lines(row, width)
    assert all(length(line) <= width for line in lines)
    assert all(piece.text.isprintable() for line in lines for piece in line)


async def test_follows_the_cursor() -> None:
    strip = DetailStrip()
    app = Shelf(strip)
    async with app.run_test(size=(80, 24)) as pilot:
        strip.follow(None)
        await until(pilot, lambda: NONE in screen(app))
        row = sample()
        strip.follow(row)
        await until(pilot, lambda: "BUY 300 AAPL" in screen(app))
        strip.follow(with_order(row, price=Decimal("176.25")))
        await until(pilot, lambda: "LIMIT 176.25" in screen(app))
        await pilot.resize_terminal(30, 10)
        await until(pilot, lambda: "…" in screen(app))
