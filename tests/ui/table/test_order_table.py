"""What a change costs: bytes to the terminal and lines formatted, never seconds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from textual.strip import Strip

from blotter.core.book.cancel import CancelState
from tests.ui.orders import a_row, changed, option
from tests.ui.stage import blotter

HUNDRED = [a_row(number) for number in range(100)]
A_PLACE = 20
"""Bytes of cursor movement and styles that one place in a line may cost beside its cells."""


def fill(number: int) -> Decimal:
    return HUNDRED[number].order.leaves_qty - 10


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_changed_figure_costs_its_own_digits(size: tuple[int, int]) -> None:
    async with blotter(HUNDRED, size=size) as stage:
        sent = await stage.sent_by(changed(HUNDRED[3], leaves_qty=fill(3)))
        assert "390/400" in stage.screen
        assert sent.endswith("H39")
        assert len(sent) <= 2 + A_PLACE


async def test_a_change_out_of_view_sends_nothing() -> None:
    async with blotter(HUNDRED) as stage:
        assert await stage.sent_by(changed(HUNDRED[70], leaves_qty=fill(70))) == ""


async def test_news_that_changes_nothing_seen_sends_nothing() -> None:
    async with blotter(HUNDRED) as stage:
        assert await stage.sent_by(replace(HUNDRED[3], intent="journal-1")) == ""


async def test_a_change_of_style_alone_is_sent() -> None:
    async with blotter(HUNDRED) as stage:
        sent = await stage.sent_by(changed(HUNDRED[3], side="BUY"))
        assert sent.count("H") == 1
        sent = await stage.sent_by(replace(HUNDRED[3], stale_since=stage.clock.ago(4)))
        assert "STALE 4s" in sent


async def test_a_cursor_key_sends_two_rows_and_the_detail() -> None:
    async with blotter(HUNDRED) as stage:
        stage.app.frames.clear()
        await stage.press("j")
        await stage.settled()
        sent = "".join(stage.app.frames)
        assert sent.count("\x1b[") > 4
        assert len(sent) <= 4 * 3 * A_PLACE + 80


async def test_a_question_sends_no_row_of_the_table() -> None:
    async with blotter(HUNDRED) as stage:
        stage.app.frames.clear()
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        await stage.settled()
        sent = "".join(stage.app.frames)
        assert "left/total" not in sent
        assert "  ab  " not in sent


async def test_many_orders_cost_no_more_to_change_than_few() -> None:
    async with blotter([a_row(number, tag="aa") for number in range(5000)]) as stage:
        formatted: list[int] = []
        line = stage.app.table.render_line

        def counted(y: int) -> Strip:
            formatted.append(y)
            return line(y)

        stage.app.table.render_line = counted  # type: ignore[method-assign]  # counting what is drawn
        await stage.sent_by(*[changed(a_row(n, tag="aa"), leaves_qty=Decimal(7)) for n in (1, *range(1000, 2000))])
        assert formatted == [2]


async def test_the_cursor_is_a_mark_and_a_bold_tag() -> None:
    async with blotter(HUNDRED) as stage:
        strip = stage.app.table.render_line(1)
        bold = [segment.text for segment in strip if segment.style and segment.style.bold]
        assert strip.text.startswith("> aa ")
        assert bold[0].startswith("> aa")
        assert not any(segment.style and segment.style.bgcolor for segment in strip)


async def test_every_state_is_told_without_colour() -> None:
    rows = [
        replace(a_row(0), cancel=CancelState.SENT),
        replace(a_row(1), cancel=CancelState.UNKNOWN),
        replace(a_row(2), cancel=CancelState.REJECTED),
        changed(a_row(3), ord_status="CANCELED", leaves_qty=Decimal(0)),
        changed(a_row(4), ord_status="MYSTERY"),
    ]
    async with blotter(rows) as stage:
        for word in ("CXL> ", "CXL??", "CXL! ", "CXLD ", "?MYST"):
            await stage.sees(word)


async def test_options_read_as_contracts() -> None:
    async with blotter([option(0, "AAPL  260619C00205000", leaves_qty=Decimal(5), qty=Decimal(5))]) as stage:
        await stage.sees("AAPL 19JUN26 205C", "5/5")


async def test_wide_and_combining_characters_keep_the_columns() -> None:
    async with blotter([a_row(0, symbol="株式会社" * 12), a_row(1, symbol="e\u0301" * 50), a_row(2)]) as stage:
        strips = [stage.app.table.render_line(y) for y in range(4)]
        assert {strip.cell_length for strip in strips} == {80}
        assert len({strip.text[-16:] for strip in strips[1:3]}) == 1
