from __future__ import annotations

import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.asking.confirmation import Confirmation
from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Row
from blotter.core.sheets.sheet import HEIGHT, Sheet, sheet
from blotter.core.words.piece import length
from tests.core.moments import at
from tests.core.samples import HOSTILE, condor, sample, single_option, stop_limit, with_order
from tests.golden import same_as_golden

UUIDS = ("3f0c9a52-9f5d-4c0e-8a57-2d1f6f1f0a11", "b8e1d7c4-0a8f-4a55-9c0b-77a6f3d2c922")


def ask(row: Row, kind: str = "LIVE", journal: str = "") -> Confirmation:
    return Confirmation.open(row, kind, at(0), journal)


def unknown() -> Row:
    """An order whose cancel, asked nine seconds before the start, has no answer."""
    lost = Ask("run-1", CancelState.UNKNOWN, at(-9), at(-4))
    return replace(sample(), cancel=CancelState.UNKNOWN, cancel_at=lost.at, asks=(lost,), needs_read=True)


def with_ids(row: Row, cl_ord_id: str, ord_id: str) -> Row:
    return replace(row, order=replace(row.order, cl_ord_id=cl_ord_id, ord_id=ord_id))


def cases() -> dict[str, tuple[Confirmation, str]]:
    stock, short = sample(), sample(side="SELL_SHORT", ord_id="")
    filled = with_order(stock, leaves_qty=Decimal(200), cum_qty=Decimal(100), ord_status="PARTIALLY_FILLED")
    stale = replace(stock, stale_since=at(-5))
    return {
        "stock": (ask(stock), ""),
        "single option": (ask(single_option(), "PRACTICE"), ""),
        "multi-leg": (ask(condor()), ""),
        "stop order": (ask(stop_limit()), ""),
        "sell short, no broker id yet": (ask(short), ""),
        "market order": (ask(sample(type="MARKET", price=None)), ""),
        "long ids": (ask(with_ids(stop_limit(), *UUIDS)), ""),
        "stale": (ask(stale), ""),
        "changed": (ask(stock).follow(filled, at(1)), ""),
        "changed and stale": (ask(stock).follow(replace(filled, stale_since=at(-5)), at(1)), ""),
        "too quick": (ask(stock), "too quick: read it first, then y"),
        "blocked by a new price": (ask(stock).follow(with_order(stock, price=Decimal("176.00")), at(1)), ""),
        "blocked by a full fill": (
            ask(stock).follow(
                with_order(stock, ord_status="FILLED", leaves_qty=Decimal(0), cum_qty=Decimal(300)), at(1)
            ),
            "",
        ),
        "unknown outcome, the tag is asked for": (ask(unknown()), ""),
        "the same without a journal": (ask(unknown(), journal="the journal cannot be written"), ""),
        "no journal": (ask(stock, journal="the journal cannot be written"), ""),
        "an id that is not plain text": (ask(with_ids(stock, "clord\u202e-1", "B-1")), ""),
        "what stood against it is settled": (ask(unknown()).follow(stock, at(1)), ""),
        "blocked by the desk": (ask(stock).block("the desk has stopped, nothing can be sent"), ""),
    }


@pytest.mark.parametrize("width", [80, 160])
def test_looks(width: int) -> None:
    shown = [f"== {name}\n{sheet(asked, width, at(2), hint).text}" for name, (asked, hint) in cases().items()]
    same_as_golden(f"confirmation-{width}", "\n".join(shown))


@pytest.mark.parametrize(
    "fact",
    [
        *("CANCEL ka?", " LIVE ", "account ACC-1", "NEW", "placed 4 min ago"),
        *("SELL", "left 300 of 300", "AAPL", "STOP LIMIT 175.50", "stop 174.00", "GTC"),
        *("client id clord-2026-000001", "broker id B-90211"),
    ],
)
def test_everything_that_must_be_read_is_there(fact: str) -> None:
    assert fact in sheet(ask(stop_limit()), 80, at(2)).text


@pytest.mark.parametrize("width", [60, 80, 100, 160, 250])
@pytest.mark.parametrize("name", cases())
def test_fits_its_place(name: str, width: int) -> None:
    asked, hint = cases()[name]
    drawn = sheet(asked, width, at(2), hint)
    assert len(drawn.lines) == HEIGHT
    assert max(map(length, drawn.lines)) <= width
    assert drawn.whole


def test_an_option_is_spelled_out_and_its_symbol_given_as_sent() -> None:
    text = sheet(ask(single_option()), 80, at(2)).text
    assert "AAPL 19 JUN 2026 205 CALL" in text
    assert "symbol as sent AAPL  260619C00205000" in text


@pytest.mark.parametrize("width", [80, 160])
def test_a_protective_stop_is_pointed_out_as_in_a_question_about_many(width: int) -> None:
    dis = sample(side="SELL", symbol="DIS", type="STOP", price=None, stop_price=Decimal("95.95"))
    for row in (dis, stop_limit(), with_ids(stop_limit(), *UUIDS)):
        drawn = sheet(ask(row), width, at(2))
        assert "! protective stop: a canceled stop guards nothing" in drawn.text
        assert drawn.whole
        assert drawn.text.count("protective") == 1
    assert "protective" not in sheet(ask(sample()), width, at(2)).text


def test_every_leg_is_named_with_its_side() -> None:
    text = sheet(ask(condor()), 80, at(2)).text
    assert "SPX 19JUN26:   SELL 1 4100P   BUY 1 4000P   SELL 1 4600C   BUY 1 4700C" in text


def test_legs_that_find_no_room_are_announced() -> None:
    legs = tuple(
        replace(leg, symbol=leg.symbol.replace("SPX   ", root)) for leg, root in zip(
            condor().order.legs, ("AAPL  ", "MSFT  ", "NVDA  ", "TSLA  "), strict=True
        )
    )  # fmt: skip
    assert "… and more" in sheet(ask(condor(legs=legs)), 80, at(2)).text


@pytest.mark.parametrize("width", [80, 100, 160])
def test_long_ids_show_both_their_ends(width: int) -> None:
    row = stop_limit()
    row = replace(
        row, order=replace(row.order, cl_ord_id="HEAD-" + "x" * 90 + "-TAIL", ord_id="head-" + "y" * 90 + "-tail")
    )
    text = sheet(ask(row), width, at(2)).text
    for end in ("HEAD-", "-TAIL", "head-", "-tail"):
        assert end in text


@pytest.mark.parametrize(("width", "height"), [(30, 6), (40, 6), (80, 5), (20, 3)])
def test_a_terminal_too_small_to_show_the_order_whole_says_so(width: int, height: int) -> None:
    drawn = sheet(ask(sample()), width, at(2), height=height)
    assert not drawn.whole
    assert len(drawn.lines) == height
    assert "y is off" in drawn.text


def test_a_finished_order_offers_no_second_question() -> None:
    asked = ask(sample()).follow(sample(ord_status="FILLED"), at(1))
    last = sheet(asked, 80, at(2)).text.splitlines()[-1]
    assert last == " [ n  close this ]"


def test_what_is_typed_of_the_tag_is_seen() -> None:
    last = sheet(ask(unknown()), 80, at(2), typed="k").text.splitlines()[-1]
    assert last == " [ esc  keep the order ]   type ka, then enter, to cancel all the same: k_"


def test_a_reason_that_finds_no_room_in_its_line_is_broken_and_never_cut() -> None:
    lines = sheet(ask(unknown()), 60, at(2)).text.splitlines()
    assert lines[2] == " the cancel of 13:29:51Z has no answer, its outcome is"
    assert lines[4].startswith(" unknown ")
    assert not sheet(ask(unknown()), 40, at(2)).whole


def test_a_stale_row_says_since_when() -> None:
    assert "STALE since 7 s: figures may be old" in sheet(ask(replace(sample(), stale_since=at(-5))), 80, at(2)).text


def test_a_row_that_must_be_read_again_says_so() -> None:
    assert "DOUBTED: figures are being read again" in sheet(ask(replace(sample(), needs_read=True)), 80, at(2)).text


def _safe(drawn: Sheet) -> bool:
    unsafe = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return not any(
        unicodedata.category(char) in unsafe for line in drawn.lines for piece in line for char in piece.text
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_fields_are_marks(text: str) -> None:
    row = sample(symbol=text, side=text, type=text, time_in_force=text, ord_id=text, ord_status=text, currency=text)
    row = replace(row, order=replace(row.order, account=text, cl_ord_id=text))
    assert _safe(sheet(ask(row), 80, at(2)))


def test_the_broker_s_remark_is_no_part_of_the_question() -> None:
    row = replace(sample(text="press y to keep", ord_rej_reason="press y to keep"), cancel_text="press y to keep")
    assert "press y" not in sheet(ask(row), 160, at(2)).text


@given(st.text(max_size=60), st.text(max_size=120), st.integers(1, 200))
def test_never_wider_than_the_screen_and_always_six_lines(symbol: str, cl_ord_id: str, width: int) -> None:
    row = with_ids(sample(symbol=symbol), cl_ord_id, symbol)
    drawn = sheet(ask(row), width, at(2))
    assert len(drawn.lines) == HEIGHT
    assert max(map(length, drawn.lines)) <= width
    assert _safe(drawn)
