"""The fault battery. For every fault of the table, before and after the request was read, applied and not: what it is
taken for, how many requests left, where the order ends up on the screen, and every record of the journal.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from blotter.core.book.cancel import CancelState
from tests.broker.http_server import silence
from tests.commands.running import journal_of
from tests.desk.cancels.battery import Run, apply, strike, verified
from tests.desk.cancels.faults import ACCEPTED, CANCELED, NOT_SENT, REFUSED, UNKNOWN, Cell, cells
from tests.desk.desk_broker import DeskBroker, first, running_broker
from tests.desk.journal.left_behind import settled
from tests.desk.seat import Seat, seated

SENT = ["start", "intent", "attempt", "answer"]


def check(run: Run, cell: Cell, verdict: str, state: CancelState, outcome: str, *, final: bool) -> None:
    """What every cell has in common."""
    status, cum = ("CANCELED", Decimal(10)) if cell.applied else ("NEW", Decimal(0))
    assert run.posts == 1
    assert (run.row.order.ord_status, run.row.order.cum_qty, run.row.cancel) == (status, cum, state)

    start, intent, attempt, answer = run.records[:4]
    assert [start["kind"], intent["kind"], attempt["kind"], answer["kind"]] == SENT
    name = intent["intent"]
    assert {record["intent"] for record in run.records[1:-1]} == {name}
    assert (intent["account"], intent["clOrdId"], intent["tag"], intent["shown"]) == (
        ("ACC-1", "ORD-1", run.row.tag, "Cancel BUY MSFT?")
    )
    assert (intent["row"], intent["request"]["origClOrdId"]) == (intent["book"], "ORD-1")
    assert intent["pressed"]["mono"] <= intent["confirmed"]["mono"] <= intent["mono"] <= attempt["mono"]
    assert (attempt["attempt"], answer["attempt"]) == (1, 1)
    assert (answer["verdict"], answer["cause"], answer["http"]) == (verdict, cell.fault.cause, cell.fault.http)
    assert ("raw" in answer) == (cell.fault.http is not None or answer["error"] == "NoAnswer")

    (end,) = run.outcomes
    assert (end["outcome"], end["final"], end["cause"]) == (outcome, final, cell.fault.cause)
    assert (run.kinds[-1], run.records[-1]["reason"]) == ("end", "quit")


def ended_on_record(run: Run) -> tuple[str, str]:
    (end,) = run.outcomes
    return end["ordStatus"], end["cumQty"]


@pytest.mark.parametrize("cell", cells(UNKNOWN))
def test_unknown_is_settled_by_reading_and_never_sent_again(tmp_path: Path, cell: Cell) -> None:
    with running_broker("ORD-1") as broker:
        run = strike(broker, tmp_path, cell, "canceled" if cell.applied else "unconfirmed")
    if cell.applied:
        check(run, cell, "unknown", CancelState.CONFIRMED, "canceled", final=True)
        assert run.kinds == [*SENT, "report", "outcome", "end"]
        assert ended_on_record(run) == ("CANCELED", "10")
    else:
        check(run, cell, "unknown", CancelState.UNCONFIRMED, "unconfirmed", final=False)
        assert run.kinds == [*SENT, "outcome", "end"]
        assert ended_on_record(run) == ("NEW", "0")
        assert run.alerts[1].startswith("Cancel unconfirmed: still working, 100 of 100 left")
    assert run.alerts[0].startswith("Outcome unknown, asking the broker: ")


@pytest.mark.parametrize("cell", cells(REFUSED))
def test_refused_is_read_and_claims_nothing_of_the_orders_end(tmp_path: Path, cell: Cell) -> None:
    with running_broker("ORD-1") as broker:
        run = strike(broker, tmp_path, cell, "refused")
    check(run, cell, "refused", CancelState.REJECTED, "refused", final=True)
    assert run.kinds == [*SENT, *(["report"] if cell.applied else []), "outcome", "end"]
    assert ended_on_record(run) == (("CANCELED", "10") if cell.applied else ("NEW", "0"))
    assert len(run.alerts) == 1
    if cell.applied:
        assert "CANCELED 90 of 100; 10 filled @ 10.40; the cancel from here was refused" in run.texts


@pytest.mark.parametrize("cell", cells(NOT_SENT))
def test_a_429_that_is_not_waited_out_is_not_sent(tmp_path: Path, cell: Cell) -> None:
    """Nothing is in doubt, so nothing is read for it: the next list tells where the broker was wrong."""

    def relisted(seat: Seat) -> None:
        seat.desk.relist()
        if cell.applied:
            seat.told("CANCELED 90 of 100; 10 filled @ 10.40; the cancel from here was not sent")

    with running_broker("ORD-1") as broker:
        run = strike(broker, tmp_path, cell, "not sent", timeout=2.0, then=relisted)
    check(run, cell, "not sent", CancelState.NOT_SENT, "not sent", final=True)
    assert run.kinds == [*SENT, "outcome", *(["report"] if cell.applied else []), "end"]
    assert ended_on_record(run) == ("NEW", "0")
    assert run.alerts[0].startswith("Not sent: ")


@pytest.mark.parametrize("cell", cells(ACCEPTED))
def test_taken_is_not_canceled(tmp_path: Path, cell: Cell) -> None:
    with running_broker("ORD-1") as broker:
        run = strike(broker, tmp_path, cell, "canceled" if cell.applied else "unconfirmed")
    if cell.applied:
        check(run, cell, "accepted", CancelState.CONFIRMED, "canceled", final=True)
        assert run.kinds == [*SENT, "report", "outcome", "end"]
        assert ended_on_record(run) == ("CANCELED", "10")
        assert run.alerts == []
    else:
        check(run, cell, "accepted", CancelState.UNCONFIRMED, "unconfirmed", final=False)
        (alert,) = run.alerts
        assert alert.startswith("Cancel unconfirmed: still working, 100 of 100 left; it was taken and is not pending")


@pytest.mark.parametrize("cell", cells(CANCELED))
def test_an_answer_of_canceled_holds_until_a_read_says_otherwise(tmp_path: Path, cell: Cell) -> None:
    with running_broker("ORD-1") as broker:
        run = strike(broker, tmp_path, cell, "canceled" if cell.applied else "unconfirmed")
    assert run.kinds == [*SENT, "report", "outcome", "end"]
    if cell.applied:
        check(run, cell, "accepted", CancelState.CONFIRMED, "canceled", final=True)
        assert (ended_on_record(run), run.alerts) == (("CANCELED", "10"), [])
    else:
        check(run, cell, "accepted", CancelState.UNCONFIRMED, "unconfirmed", final=False)
        assert ended_on_record(run) == ("NEW", "0")
        (alert,) = run.alerts
        assert alert.startswith("Cancel unconfirmed: its end was told, but it works: NEW, 100 of 100 left")


# What never left was neither read nor applied: these have one case each.


@pytest.mark.parametrize("nobody", ["listens", "accepts"])
def test_what_never_left_is_not_sent(tmp_path: Path, nobody: str) -> None:
    with (
        running_broker("ORD-1") as broker,
        seated(broker, journal_of(tmp_path), timeout=0.4, relist_every=60.0) as seat,
    ):
        seat.live()
        broker.call(broker.close_http())
        with broker.full_house() if nobody == "accepts" else broker.empty_house():
            seat.yes()
            told = seat.told("Not sent: ")
            assert "The order was not touched" in told.text
            seat.becomes(CancelState.NOT_SENT)
            outcome = seat.outcome()
    assert (broker.cancels, seat.row().order.ord_status) == ([], "NEW")
    assert (outcome["outcome"], outcome["final"], outcome["cause"]) == ("not sent", True, "never left")
    assert seat.kinds() == [*SENT, "outcome", "end"]
    (answer,) = seat.records("answer")
    assert (answer["verdict"], answer["http"], answer["error"], answer["raw"]) == ("not sent", None, "NotSent", "")
    verified(tmp_path, 6)


def test_a_reset_of_a_connection_just_opened_is_not_sent_only_where_no_byte_had_left(tmp_path: Path) -> None:
    """Whether one had is a race between the reset and the first write; both verdicts are true of the order."""
    with (
        running_broker("ORD-1") as broker,
        seated(broker, journal_of(tmp_path), timeout=0.4, relist_every=60.0) as seat,
    ):
        seat.live()
        broker.call(deaf(broker, True))
        seat.yes()
        seat.until(lambda: seat.row().cancel in (CancelState.UNKNOWN, CancelState.NOT_SENT))
        broker.call(deaf(broker, False))
        seat.until(lambda: seat.row().cancel in (CancelState.UNCONFIRMED, CancelState.NOT_SENT))
        seat.until(lambda: seat.records("outcome"))
        state = seat.row().cancel
    verdict, error, outcome, final = {
        CancelState.UNCONFIRMED: ("unknown", "NoAnswer", "unconfirmed", False),
        CancelState.NOT_SENT: ("not sent", "NotSent", "not sent", True),
    }[state]
    assert (broker.cancels, broker.server.early_posts, seat.row().order.ord_status) == ([], 0, "NEW")
    assert seat.kinds() == [*SENT, "outcome", "end"]
    (answer,) = seat.records("answer")
    assert (answer["verdict"], answer["http"], answer["error"]) == (verdict, None, error)
    assert [(each["outcome"], each["final"]) for each in seat.records("outcome")] == [(outcome, final)]
    verified(tmp_path, 6)


async def deaf(broker: DeskBroker, so: bool) -> None:
    broker.server.deaf = so
    if so:
        await broker.server.drop()
        await asyncio.sleep(0)


@pytest.mark.parametrize("applied", [False, True])
def test_a_call_that_the_end_of_the_blotter_cuts_off_is_settled_by_the_next_run(tmp_path: Path, applied: bool) -> None:
    folder = journal_of(tmp_path)
    with running_broker("ORD-1") as broker:
        broker.on_cancel = [first(lambda: apply(broker), silence) if applied else silence]
        with seated(broker, folder, relist_every=60.0) as seat:
            seat.live()
            seat.yes()
            seat.until(lambda: broker.cancels)
            seat.desk.stop("quit", 0.0)
            assert seat.desk.done.wait(5)
        assert seat.kinds() == [*SENT, "outcome", "end"]
        (answer,) = seat.records("answer")
        (outcome,) = seat.records("outcome")
        assert (answer["verdict"], answer["cause"]) == ("unknown", "blotter ending")
        assert (outcome["outcome"], outcome["final"]) == ("unknown", False)
        verified(tmp_path, 6)

        with seated(broker, folder, relist_every=60.0) as again:
            again.live()
            if applied:
                settled(again, answer["intent"])
            again.becomes(CancelState.CONFIRMED if applied else CancelState.UNCONFIRMED)
            again.until(lambda: len(again.records("outcome")) == 2)
    assert [each["outcome"] for each in again.records("outcome")] == [
        "unknown",
        "canceled" if applied else "unconfirmed",
    ]
    assert len(broker.cancels) == 1
