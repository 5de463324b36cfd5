"""The desk on the practice broker: the plain journey, and a whole book of cancels that race a moving market."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from blotter.broker.auth import Token
from blotter.broker.urls import stream_url
from blotter.core.book.cancel import CancelState
from blotter.core.book.status import is_finished, why_not_cancel
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.settings import DeskSettings
from blotter.paper.child import Child
from tests.desk.seat import Seat
from tests.desk.values import request


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with Child("--seed", "7", "--orders", "120", "--rate", "20", "--accounts", "2") as broker:
        settings = DeskSettings(broker.url, stream_url(broker.url), Token(broker.token), tmp_path)
        with Desk(settings, SystemClock()) as desk:
            yield Seat(desk, tmp_path)


def test_the_first_cancel_goes_plainly(seat: Seat) -> None:
    seat.live(50)
    row = next(row for row in seat.rows.values() if why_not_cancel(row, row.reported) is None)
    assert seat.desk.cancel(request(row.order, row.tag))
    seat.until(lambda: seat.rows[row.key].cancel is CancelState.PENDING)
    seat.until(lambda: seat.rows[row.key].cancel is CancelState.CONFIRMED, 10)
    assert seat.rows[row.key].order.ord_status == "CANCELED"
    seat.until(lambda: seat.records("outcome"))
    assert seat.records("outcome")[0]["outcome"] == "canceled"


def test_every_cancel_of_a_whole_book_gets_one_outcome_that_is_true(seat: Seat) -> None:
    seat.live(50)
    asked = [row for row in seat.rows.values() if why_not_cancel(row, row.reported) is None]
    for row in asked:
        seat.desk.cancel(request(row.order, row.tag))

    def settled() -> bool:
        intents = {each["intent"] for each in seat.records("intent")}
        final = {each["intent"] for each in seat.records("outcome") if each["final"]}
        return len(intents) + len(seat.records("declined")) == len(asked) and intents == final

    seat.until(settled, 40)
    outcomes = seat.records("outcome")
    assert len(outcomes) == len({each["intent"] for each in outcomes})
    intents = {each["intent"]: each for each in seat.records("intent")}
    seat.look()
    rows = {(row.key.account, row.key.cl_ord_id): row for row in seat.rows.values()}
    for each in outcomes:
        order = intents[each["intent"]]
        row = rows[order["account"], order["clOrdId"]]
        if each["outcome"] == "canceled":
            assert row.order.ord_status == "CANCELED"
        elif each["outcome"] == "moot":
            assert is_finished(row.order)
            assert row.order.ord_status != "CANCELED"
    assert {"canceled"} <= {each["outcome"] for each in outcomes}
