"""One order of an errand: when it has ended, and what stands where it has not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from blotter.core.book.cancel import Ask, CancelState, Verdict
from blotter.core.book.row import Row
from blotter.desk.cancels.outcome import Cause, Ending, Outcome
from blotter.desk.errand import Job, in_the_air
from tests.desk.values import AT, order, request, row

INTENT = "run-1"
TAKEN = Outcome(Verdict.ACCEPTED, Cause.ACKNOWLEDGED, intent=INTENT)


def asked(state: CancelState, status: str = "NEW") -> Row:
    return row(order(ord_status=status), cancel=state, intent=INTENT, asks=(Ask(INTENT, state, AT, AT),))


def job(seen: Row, outcome: Outcome | None = TAKEN) -> Job:
    return Job(seen, request(seen.order), outcome)


@pytest.mark.parametrize(
    ("state", "status", "how"),
    [
        (CancelState.CONFIRMED, "CANCELED", Ending.CANCELED),
        (CancelState.MOOT, "FILLED", Ending.MOOT),
        (CancelState.REJECTED, "NEW", Ending.REFUSED),
    ],
)
def test_the_last_word_ends_it(state: CancelState, status: str, how: Ending) -> None:
    assert job(asked(state, status)).judge() is how


@pytest.mark.parametrize(
    ("state", "status", "how"),
    [
        (CancelState.PENDING, "NEW", Ending.PENDING),
        (CancelState.UNKNOWN, "NEW", Ending.UNKNOWN),
        (CancelState.UNKNOWN, "PENDING_CANCEL", Ending.PENDING),
        (CancelState.UNCONFIRMED, "NEW", Ending.UNCONFIRMED),
        (CancelState.UNKNOWN, "FILLED", Ending.MOOT),
        (CancelState.UNKNOWN, "CANCELED", Ending.CANCELED),
    ],
)
def test_without_one_it_stands_as_the_order_says(state: CancelState, status: str, how: Ending) -> None:
    open_one = job(asked(state, status))
    assert open_one.judge() is None
    assert open_one.standing is how


def test_a_refusal_stands_while_the_order_is_still_to_be_read() -> None:
    refused = job(replace(asked(CancelState.REJECTED), needs_read=True))
    assert refused.judge() is None
    assert refused.standing is Ending.REFUSED


def test_a_cancel_ends_once() -> None:
    filled = job(asked(CancelState.MOOT, "FILLED"))
    assert filled.judge() is Ending.MOOT
    # The broker's refusal of the cancel comes after the fill that caused it.
    filled.row = asked(CancelState.REJECTED, "FILLED")
    assert filled.judge() is Ending.MOOT
    assert filled.standing is Ending.MOOT


def test_nothing_is_judged_before_the_answer() -> None:
    assert job(asked(CancelState.CONFIRMED, "CANCELED"), None).judge() is None


def test_what_was_not_sent_has_ended() -> None:
    assert job(row(), Outcome(Verdict.NOT_SENT, Cause.UNREACHED)).judge() is Ending.NOT_SENT


def test_an_order_that_is_only_waited_for_ends_with_itself() -> None:
    waited = Job(row(order(ord_status="PENDING_CANCEL")))
    assert (waited.judge(), waited.standing) == (None, Ending.PENDING)
    waited.row = row(order(ord_status="CANCELED", leaves_qty=Decimal(0)))
    assert waited.judge() is Ending.CANCELED


def test_what_is_in_the_air() -> None:
    assert in_the_air(asked(CancelState.SENT))
    assert in_the_air(row(order(ord_status="PENDING_CANCEL")))
    assert not in_the_air(asked(CancelState.UNCONFIRMED))
    assert not in_the_air(row())
