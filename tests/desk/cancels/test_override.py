"""The one override, as the desk honors it: a new intent beside the open one, and only where the tag is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from blotter.core.book.cancel import CancelState
from tests.broker.http_server import reset
from tests.desk.desk_broker import running_broker, taken
from tests.desk.journal.bad_disk import Sick
from tests.desk.seat import QUICK, seated
from tests.desk.values import request

SLOW = replace(QUICK, reads=(5.0,), slow=5.0)
REASON = "the cancel of 14:02:09Z has no answer, its outcome is unknown"
UNRECORDED = "Not sent, c asks for its tag now: the journal cannot be written ("


def test_an_unknown_outcome_is_asked_again_under_a_new_intent(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0, patience=SLOW) as seat:
        seat.live()
        broker.on_cancel = [reset, taken()]
        seat.yes()
        seat.becomes(CancelState.UNKNOWN)
        seat.yes()
        seat.told("Not sent: the outcome of the cancel is unknown since")
        assert len(broker.cancels) == 1
        seat.yes_by_tag(REASON)
        seat.becomes(CancelState.PENDING)
        broker.tell("ORD-1", "CANCELED")
        seat.until(lambda: len(seat.records("outcome")) == 2)
    first, second = seat.records("intent")
    (override,) = seat.records("override")
    assert len(broker.cancels) == 2
    assert first["intent"] != second["intent"] == override["intent"]
    assert (second["override"], second["unaudited"]) == (REASON, False)
    assert (override["reason"], override["beside"]) == (REASON, [first["intent"]])
    assert {each["outcome"] for each in seat.records("outcome")} == {"canceled"}


def test_the_tag_overrules_no_other_obstacle(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.tell("ORD-1", "PENDING_CANCEL")
        seat.until(lambda: seat.row().order.ord_status == "PENDING_CANCEL")
        seat.yes_by_tag(REASON)
        seat.told("Not sent: already pending cancel since 0 s")
        broker.tell("ORD-1", "FILLED", cum=100)
        seat.until(lambda: seat.row().order.ord_status == "FILLED")
        seat.yes_by_tag(REASON)
        seat.told("Not sent: order is FILLED")
    assert broker.cancels == []


def test_an_order_that_changed_is_not_sent_by_its_tag_either(tmp_path: Path) -> None:
    with running_broker() as broker, seated(broker, tmp_path) as seat:
        broker.feed.set("ORD-1", "MOONING")
        seat.live()
        reason = "status MOONING is not known to this version"
        row = seat.row()
        broker.tell("ORD-1", "MOONING", price="11.00")
        seat.until(lambda: seat.row().order.price != row.order.price)
        seat.desk.cancel(replace(request(row.order, row.tag), override=reason))
        seat.told("Not sent: price 10.50 -> 11.00")
        seat.yes_by_tag(reason)
        seat.becomes(CancelState.PENDING)
    assert len(broker.cancels) == 1


def test_an_id_that_is_not_plain_text_goes_out_exactly_as_received(tmp_path: Path) -> None:
    name = "ORD\u202e-1"
    with running_broker(name) as broker, seated(broker, tmp_path) as seat:
        seat.live()
        seat.yes(name)
        seat.told("Not sent: the client order id is not plain printable ASCII")
        seat.yes_by_tag("the client order id is not plain printable ASCII of at most 100 characters", name)
        seat.becomes(CancelState.PENDING, name)
    assert [each["origClOrdId"] for each in broker.cancels] == [name]


def test_a_journal_that_cannot_be_written_is_overruled_by_the_tag_alone(tmp_path: Path) -> None:
    """The cancel goes out without a record, and the record is made as soon as a file can be written."""
    disk = Sick()
    with running_broker("ORD-1", "ORD-2") as broker, seated(broker, tmp_path, open_tape=disk.open) as seat:
        seat.live(2)
        seat.yes("ORD-1")
        seat.told(UNRECORDED)
        seat.until(lambda: "cannot be written" in seat.journal)
        seat.yes_by_tag("status MOONING is not known to this version", "ORD-1")
        seat.until(lambda: sum(text.startswith(UNRECORDED) for text in seat.texts) == 2)
        assert broker.cancels == []
        seat.yes_by_tag("", "ORD-1", unaudited=seat.journal)
        seat.told("Sent without a record, as asked")
        seat.becomes(CancelState.PENDING, "ORD-1")
        disk.well = True
        seat.yes("ORD-2")
        seat.becomes(CancelState.PENDING, "ORD-2")
        seat.until(lambda: not seat.journal)
    kept = [each for each in seat.records("intent") if each["clOrdId"] == "ORD-1"]
    assert len(broker.cancels) == 2
    assert [each["unaudited"] for each in kept] == [True]
    assert [each["override"] for each in kept] == [each["reason"] for each in seat.records("override")[-1:]]


def test_a_journal_that_is_overruled_overrules_nothing_about_the_order(tmp_path: Path) -> None:
    """The order's cancel went unanswered after the question: the typed tag was no answer to that."""
    disk = Sick()
    disk.well = True
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, open_tape=disk.open, patience=SLOW) as seat:
        seat.live()
        broker.on_cancel = [reset, taken()]
        seat.yes()
        seat.becomes(CancelState.UNKNOWN)
        seat.yes_by_tag("", unaudited="the journal in /x cannot be written: No space left on device")
        seat.told("Not sent: the outcome of the cancel is unknown since")
    assert len(broker.cancels) == 1
