"""When the tag is asked for, and what is said of the cancel that is open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from blotter.core.asking.override import open_asks, why_tag
from blotter.core.book.cancel import Ask, CancelState, Doubt
from blotter.core.book.row import Row
from blotter.core.order import Order
from tests.core.moments import at


def row(status: str, cancel: CancelState = CancelState.NONE, **changes: object) -> Row:
    order = Order("ACC-1", "X", symbol="AAPL", qty=Decimal(100), leaves_qty=Decimal(100), ord_status=status)
    asks = () if cancel is CancelState.NONE else (Ask("run-1", cancel, at(5), at(6)),)
    return Row(
        replace(order, **changes),  # type: ignore[arg-type]  # a test names fields of the order
        "ka",
        at(0),
        cancel=cancel,
        cancel_at=at(6) if asks else None,
        asks=asks,
    )


@pytest.mark.parametrize(
    ("of", "after", "why"),
    [
        (row("NEW"), 100, None),
        (row("NEW", CancelState.REJECTED), 100, None),
        (row("FILLED"), 100, None),
        (row("NEW", CancelState.SENT), 100, None),
        (row("NEW", CancelState.PENDING), 36, None),
        (row("NEW", CancelState.PENDING), 37, "the cancel of 13:30:05Z is still pending"),
        (row("PENDING_CANCEL"), 30, None),
        (row("PENDING_CANCEL"), 31, "a cancel is pending since 13:30:00Z, not asked from here"),
        (row("NEW", CancelState.UNKNOWN), 6, "the cancel of 13:30:05Z has no answer, its outcome is unknown"),
        (
            row("NEW", CancelState.UNCONFIRMED),
            6,
            "the cancel of 13:30:05Z is unconfirmed, reads show the order working",
        ),
        (row("BEWITCHED"), 6, "status BEWITCHED is not known to this version"),
        (row(""), 6, "the broker has not said what state the order is in"),
        (row("CALCULATED"), 6, "order is CALCULATED"),
        (
            row("NEW", cl_ord_id="X\u202e"),
            6,
            "the client order id is not plain printable ASCII of at most 100 characters",
        ),
        (row("NEW", symbol=""), 6, None),
    ],
)
def test_why_the_tag_must_be_typed(of: Row, after: float, why: str | None) -> None:
    assert why_tag(of, at(after)) == why


@pytest.mark.parametrize(
    ("doubt", "what"),
    [
        (Doubt.SILENCE, "has no answer"),
        (Doubt.NO_PROOF, "has no clear answer"),
        (Doubt.CONTRADICTION, "has a contradictory answer"),
        (Doubt.FAULT, "met an error of this program"),
    ],
)
def test_why_an_outcome_is_unknown(doubt: Doubt, what: str) -> None:
    of = row("NEW", CancelState.UNKNOWN)
    of = replace(of, asks=(replace(of.asks[0], doubt=doubt),))
    said = why_tag(of, at(6))
    assert said == f"the cancel of 13:30:05Z {what}, its outcome is unknown"
    assert len(said) <= 80


def test_the_open_cancels_are_those_without_a_last_word() -> None:
    states = (CancelState.UNKNOWN, CancelState.REJECTED, CancelState.UNCONFIRMED, CancelState.PENDING)
    asks = (*(Ask(f"run-{number}", state, at(1), at(2)) for number, state in enumerate(states)),)
    told_by_the_broker = Ask("", CancelState.PENDING, at(1), at(2))
    of = replace(row("NEW"), asks=(*asks, told_by_the_broker))
    assert [ask.intent for ask in open_asks(of)] == ["run-0", "run-2", "run-3"]
