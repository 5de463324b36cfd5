"""The outcome table: what an answer proves, whatever a broker says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.errors import (
    Answered,
    Ask,
    BadRequest,
    Conflict,
    Forbidden,
    NoAnswer,
    NotFound,
    NotSent,
    RateLimited,
    Redirected,
    ServerTrouble,
    Unauthorized,
    Unreadable,
)
from blotter.broker.wire.cancels import CancelReply
from blotter.core.book.cancel import CancelState, Verdict
from blotter.core.book.status import FINISHED, WORKING, OrdStatus
from blotter.desk.cancels import sentences
from blotter.desk.cancels.outcome import Cause, Ending, Outcome, of_error, of_reply
from blotter.desk.cancels.sentences import attempted
from tests.desk.values import order

STATUSES = st.sampled_from([*OrdStatus, "", "MOONING", "canceled", "Rejected"])


def reply(success: bool, status: str, text: str = "") -> CancelReply:
    return CancelReply(success, "C-1", "ORD-1", status, text, "{}")


@given(st.booleans(), STATUSES, st.text())
def test_a_verdict_needs_its_proof(success: bool, status: str, text: str) -> None:
    outcome = of_reply(reply(success, status, text))
    match outcome.verdict:
        case Verdict.ACCEPTED:
            assert success
            assert status in WORKING | {"", "CANCELED"}
        case Verdict.REFUSED:
            assert not success or status == "REJECTED"
        case Verdict.UNKNOWN:
            assert success
            assert status in FINISHED - {"CANCELED", "REJECTED"} or status not in [*OrdStatus, ""]
        case Verdict.NOT_SENT:
            raise AssertionError("an answered request was sent")
    assert (outcome.status, outcome.text) == (status, text)
    assert attempted(outcome)


@given(STATUSES, st.text())
def test_free_text_concludes_nothing(status: str, text: str) -> None:
    assert of_reply(reply(True, status, text)).verdict is of_reply(reply(True, status)).verdict


def test_the_cancels_own_id_is_kept_unless_it_is_the_orders() -> None:
    assert of_reply(reply(True, "PENDING_CANCEL")).request_id == "C-1"
    same = CancelReply(True, "ORD-1", "ORD-1", "PENDING_CANCEL", "", "{}")
    assert of_reply(same).request_id == ""


def limited(seconds: float | None) -> RateLimited:
    error = RateLimited(Ask.CANCEL, status=429)
    error.retry_after = seconds
    return error


@pytest.mark.parametrize(("asked", "wait"), [(0.0, 0.0), (5.0, 5.0), (5.01, None), (3600.0, None), (None, None)])
def test_only_a_short_wait_is_waited_out(asked: float | None, wait: float | None) -> None:
    outcome = of_error(limited(asked))
    assert (outcome.verdict, outcome.cause, outcome.wait) == (Verdict.NOT_SENT, Cause.RATE_LIMITED, wait)


def test_a_proxys_page_refuses_nothing() -> None:
    assert of_error(BadRequest(Ask.CANCEL, status=400)).verdict is Verdict.UNKNOWN
    assert of_error(BadRequest(Ask.CANCEL, status=400, from_broker=True)).verdict is Verdict.REFUSED


@pytest.mark.parametrize("error", [NoAnswer, ServerTrouble, Redirected, Unreadable])
def test_no_answer_is_not_a_failure(error: type[NoAnswer]) -> None:
    outcome = of_error(error(Ask.CANCEL, "no reply", where="api.example"))
    assert outcome.verdict is Verdict.UNKNOWN
    assert outcome.wait is None
    assert attempted(outcome).startswith("Outcome unknown, asking the broker: ")


def of_http(kind: type[Answered], status: int) -> str:
    return attempted(of_error(kind(Ask.CANCEL, status=status, where="api.example", words="no", from_broker=True)))


ROOM = 56
"""Cells that the panel has for a sentence at 80 columns, in its one line."""


@pytest.mark.parametrize(
    ("sentence", "before_the_cut"),
    [
        (of_http(BadRequest, 422), "order not touched"),
        (of_http(Unauthorized, 401), "the token is not good; log in"),
        (of_http(Forbidden, 403), "this token may not cancel"),
        (of_http(NotFound, 404), "the broker has no such order"),
        (of_http(Conflict, 409), "the order's state forbids it; reading it"),
        (attempted(of_error(limited(30.0))), "Not sent: too many requests; wait 30 s, then c again"),
        (attempted(of_error(limited(None))), "wait a little, then c again"),
        (attempted(Outcome(Verdict.ACCEPTED, Cause.ACKNOWLEDGED)), "Cancel pending at the broker; can still fill"),
        (attempted(Outcome(Verdict.ACCEPTED, Cause.CANCELED)), "CANCELED, says the broker; reading what filled"),
        (attempted(Outcome(Verdict.REFUSED, Cause.REFUSED)), "Cancel refused, order not touched; reading it"),
        (attempted(Outcome(Verdict.REFUSED, Cause.REFUSED, "FILLED")), "too late: FILLED; reading what filled"),
        (attempted(Outcome(Verdict.REFUSED, Cause.REFUSED, "REPLACED")), "it was replaced; cancel the new order"),
        (attempted(Outcome(Verdict.REFUSED, Cause.REFUSED, "PENDING_CANCEL")), "one is pending already"),
        (attempted(Outcome(Verdict.REFUSED, Cause.REFUSED, "PENDING_REPLACE")), "a replace is pending; c once"),
        (attempted(Outcome(Verdict.UNKNOWN, Cause.CONTRADICTION)), "Outcome unknown, asking the broker"),
        (sentences.waiting(3.0), "Sent again in 3 s, as the broker asked; c stops it"),
        (sentences.still_pending(30.0), "Cancel pending for 30 s, can still fill; asking"),
        (sentences.unconfirmed(order()), "Cancel unconfirmed: still working, 100 of 100 left"),
        (sentences.taken_back(order()), "Cancel unconfirmed: its end was told, but it works: NEW"),
        (sentences.unread(order(), CancelState.UNKNOWN), "Outcome still unknown: in neither list nor history"),
        (sentences.unread(order(), CancelState.REJECTED), "In neither list nor history since the refusal"),
        (sentences.unread(order(ord_status="CANCELED"), CancelState.CONFIRMED), "but no read has it so: fills unread"),
        (sentences.refused_later(), "Cancel refused after all, order not touched; c asks"),
        (sentences.contradicted(order(ord_status="FILLED")), "Answer says CANCELED, report said FILLED; reading it"),
        (sentences.unaudited("x"), "Sent without a record, as asked; kept for the next file"),
    ],
)
def test_what_must_not_be_lost_stands_before_the_cut_of_a_narrow_panel(sentence: str, before_the_cut: str) -> None:
    assert before_the_cut in sentence[:ROOM]


def test_what_never_left_is_said_to_be_untouched() -> None:
    said = attempted(of_error(NotSent(Ask.CANCEL, "no connection could be made", where="api.example")))
    assert said.startswith("Not sent: ")
    assert said.endswith("The order was not touched.")


def test_only_ends_are_final() -> None:
    assert {each for each in Ending if each.final} == {Ending.CANCELED, Ending.MOOT, Ending.REFUSED, Ending.NOT_SENT}
