"""One code for an order's status and our cancel, and the reasons why a cancel cannot be asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Row
from blotter.core.book.status import (
    FINISHED,
    WORKING,
    OrdStatus,
    code,
    is_finished,
    legend,
    may_override,
    why_not_cancel,
    words,
)
from blotter.core.order import Order
from blotter.core.text import cells
from tests.core.moments import at

NONE = CancelState.NONE


def row(status: str, cancel: CancelState = NONE, **fields: object) -> Row:
    said = {"symbol": "AAPL", "qty": Decimal(100), "leaves_qty": Decimal(100), "ord_status": status} | fields
    order = Order("ACC-1", "clord-1", **said)  # type: ignore[arg-type]  # the tests name fields that exist
    if cancel == NONE:
        return Row(order, "ka", at(0))
    ask = Ask("i", cancel, at(6), at(6))
    return Row(order, "ka", at(0), cancel=cancel, cancel_at=at(6), intent="i", asks=(ask,))


@pytest.mark.parametrize(
    ("status", "cancel", "told"),
    [
        ("PENDING_NEW", NONE, "PEND"), ("NEW", NONE, "NEW"), ("PARTIALLY_FILLED", NONE, "PART"),
        ("FILLED", NONE, "FILL"),
        ("PENDING_REPLACE", NONE, "RPL?"), ("REPLACED", NONE, "RPLD"), ("SUPERSEDED", NONE, "RPLD"),
        ("SUSPENDED", NONE, "SUSP"), ("STOPPED", NONE, "STOP"), ("DONE_FOR_DAY", NONE, "DFD"),
        ("CALCULATED", NONE, "CALC"), ("ACCEPTED_FOR_BID", NONE, "BID"), ("REJECTED", NONE, "REJ"),
        ("EXPIRED", NONE, "EXP"), ("CANCELED", NONE, "CXLD"), ("PENDING_CANCEL", NONE, "CXL?"),
        ("NEW", CancelState.SENT, "CXL>"), ("NEW", CancelState.PENDING, "CXL?"),
        ("PENDING_CANCEL", CancelState.PENDING, "CXL?"), ("PENDING_CANCEL", CancelState.SENT, "CXL>"),
        ("NEW", CancelState.UNKNOWN, "CXL??"), ("NEW", CancelState.UNCONFIRMED, "CXL??"),
        ("PARTIALLY_FILLED", CancelState.REJECTED, "CXL!"), ("PENDING_CANCEL", CancelState.REJECTED, "CXL?"),
        ("NEW", CancelState.NOT_SENT, "NEW"), ("CANCELED", CancelState.CONFIRMED, "CXLD"),
        ("CANCELED", CancelState.REJECTED, "CXLD"), ("FILLED", CancelState.MOOT, "FILL!"),
        ("FILLED", CancelState.REJECTED, "FILL!"), ("FILLED", CancelState.NOT_SENT, "FILL"),
        ("EXPIRED", CancelState.MOOT, "EXP"), ("BEWITCHED", NONE, "?BEWI"), ("", NONE, "?"), ("\x1bx", NONE, "?␛X"),
    ],
)  # fmt: skip
def test_codes(status: str, cancel: CancelState, told: str) -> None:
    assert code(row(status, cancel)) == told


@given(st.sampled_from([*OrdStatus, "BEWITCHED", "", "股票股票"]), st.sampled_from(CancelState))
def test_every_code_fits_its_column_and_stands_in_the_legend(status: str, cancel: CancelState) -> None:
    told = code(row(status, cancel))
    assert told in dict(legend()) or told.startswith("?")
    assert cells(told) <= 9 if status == "股票股票" else cells(told) <= 6


def test_the_sets_part_all_statuses() -> None:
    assert set(OrdStatus) == FINISHED | WORKING
    assert not FINISHED & WORKING


def test_an_unknown_status_is_no_end() -> None:
    assert not is_finished(row("BEWITCHED").order)


@given(st.sampled_from([*OrdStatus, "BEWITCHED", "", "\x1b[2J"]), st.sampled_from(CancelState))
def test_words_are_shown_text(status: str, cancel: CancelState) -> None:
    assert "\x1b" not in words(row(status, cancel))
    assert words(row(status, cancel))


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (row("NEW"), None),
        (row("PARTIALLY_FILLED", CancelState.REJECTED), None),
        (row("NEW", CancelState.UNCONFIRMED), None),
        (row("NEW", CancelState.NOT_SENT), None),
        (row("PENDING_REPLACE"), None),
        (row("SUSPENDED"), None),
        (row("FILLED"), "order is FILLED"),
        (row("REPLACED"), "order is REPLACED"),
        (row("CALCULATED"), "order is CALCULATED"),
        (row("PENDING_CANCEL"), "already pending cancel since 10 s"),
        (row("PENDING_CANCEL", CancelState.PENDING), "already pending cancel since 4 s"),
        (row("NEW", CancelState.SENT), "cancel sent 4 s ago, not answered yet"),
        (row("NEW", CancelState.UNKNOWN), "the outcome of the cancel is unknown since 4 s"),
        (row("BEWITCHED\x1b"), "status BEWITCHED␛ is not known to this version"),
        (row(""), "the broker has not said what state the order is in"),
        (row("PARTIALLY_FILLED", cum_qty=Decimal(100)), "nothing is left to cancel"),
        (row("NEW", symbol=""), "the order's symbol is not known yet"),
        (row("NEW", symbol="AAPL\u202e"), "the symbol is not plain printable ASCII of at most 21 characters"),
        (row("NEW", symbol="A" * 22), "the symbol is not plain printable ASCII of at most 21 characters"),
    ],
)
def test_why_not(of: Row, why: str | None) -> None:
    assert why_not_cancel(of, at(10)) == why


@pytest.mark.parametrize(
    ("of", "after", "may"),
    [
        (row("FILLED"), 100, False),
        (row("NEW", CancelState.SENT), 100, False),
        (row("PENDING_CANCEL", CancelState.PENDING), 30, False),
        (row("PENDING_CANCEL", CancelState.PENDING), 37, True),
        (row("PENDING_CANCEL"), 29, False),
        (row("PENDING_CANCEL"), 31, True),
        (row("NEW", CancelState.UNKNOWN), 7, True),
        (row("BEWITCHED"), 1, True),
        (row("NEW", symbol="AAPL\u202e"), 1, True),
        (row("NEW", symbol=""), 1, False),
    ],
)
def test_what_the_tag_may_overrule(of: Row, after: float, may: bool) -> None:
    assert may_override(of, at(after)) is may
