"""What earlier runs left behind is told first, settled by reading, and never sent again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from blotter.core.asking.override import why_tag
from blotter.core.book.cancel import CancelState
from blotter.core.book.status import code
from blotter.core.notice import Severity
from blotter.desk.cancels.outcome import Ending
from blotter.desk.journal import ledger
from blotter.desk.journal.record import Kind, Record
from tests.desk.desk_broker import running_broker
from tests.desk.journal.journals import write
from tests.desk.journal.left_behind import CLOCK, Past, past, settled
from tests.desk.seat import seated


def test_a_cancel_without_an_answer_is_told_first_and_settled_by_reading(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
        with seated(broker, tmp_path) as seat:
            seat.live()
            seat.becomes(CancelState.UNKNOWN)
            assert code(seat.row()) == "CXL??"
            told = seat.told("1 cancel has no answer")
            assert told is seat.notices[0]
            assert told.text == (
                "1 cancel has no answer from the last run: aa ORD-1 BUY 100 MSFT: outcome unknown, asking the broker"
            )
            assert told.severity is Severity.ALERT
            assert told.outcomes == (intent,)
            broker.feed.set("ORD-1", "CANCELED", cum=40)
            outcome = settled(seat, intent).outcome
        assert outcome is not None
        assert (outcome.said["outcome"], outcome.said["cumQty"]) == ("canceled", "40")
        assert seat.told("CANCELED 60 of 100; 40 filled").outcomes == (intent,)
        assert broker.cancels == []
    kinds = [(record["kind"], record.get("again")) for record in seat.records()]
    assert kinds[-5:] == [("start", None), ("intent", True), ("report", None), ("outcome", None), ("end", None)]
    assert all(run.bad is None for run in ledger.runs(tmp_path))


def test_what_was_settled_is_not_told_again(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
        broker.feed.set("ORD-1", "CANCELED")
        with seated(broker, tmp_path) as seat:
            settled(seat, intent)
            seat.told("CANCELED 100 of 100; nothing filled; asked in an earlier run")
        with seated(broker, tmp_path) as again:
            again.live()
            broker.tell("ORD-1", "CANCELED", text="late words")
            again.until(lambda: again.row().order.text == "late words")
    assert again.notices == []
    assert broker.cancels == []


@pytest.mark.parametrize(("verdict", "how"), [("refused", "refused"), ("not sent", "not sent")])
def test_an_answer_that_was_read_needs_no_second_one(tmp_path: Path, verdict: str, how: str) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
            then.hears(intent, verdict)
        with seated(broker, tmp_path) as seat:
            outcome = settled(seat, intent).outcome
            assert outcome is not None
            assert outcome.said["outcome"] == how
            seat.told(f"The cancel of an earlier run was {how}; the order works on")
    assert broker.cancels == []


def test_a_pending_cancel_of_an_earlier_run_is_pending_here(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.feed.set("ORD-1", "PENDING_CANCEL")
        with past(tmp_path, broker, end="quit") as then:
            intent = then.asks()
            then.hears(intent, "accepted")
            then.ends(intent, Ending.PENDING)
        with seated(broker, tmp_path) as seat:
            seat.live()
            seat.becomes(CancelState.PENDING)
            seat.told("1 cancel has no last word from the last run: aa ORD-1 BUY 100 MSFT: it was pending")
            broker.tell("ORD-1", "CANCELED")
            settled(seat, intent)
    assert broker.cancels == []


def test_a_cancel_that_was_taken_long_ago_is_pending_since_then(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.feed.set("ORD-1", "PENDING_CANCEL")
        with past(tmp_path, broker, ago=90) as then:
            then.hears(then.asks(), "accepted")
        with seated(broker, tmp_path) as seat:
            seat.live()
            row = seat.becomes(CancelState.PENDING)
            assert row.cancel_at is not None
            assert seat.now().since(row.cancel_at) >= 90
            assert str(why_tag(row, seat.now())).endswith("is still pending")


def test_a_request_that_never_left_ends_as_unconfirmed_and_as_nothing_once_acknowledged(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
        with seated(broker, tmp_path) as seat:
            seat.live()
            seat.becomes(CancelState.UNCONFIRMED)
            seat.told("Cancel unconfirmed: still working")
        with seated(broker, tmp_path) as seat:
            seat.told("1 cancel has no answer")
            seat.live()
            seat.becomes(CancelState.UNCONFIRMED)
            seat.desk.acknowledge((intent,))
            seat.until(lambda: seat.records("acknowledgement"))
        with seated(broker, tmp_path) as seat:
            seat.live()
            broker.tell("ORD-1", "PARTIALLY_FILLED", cum=10)
            seat.until(lambda: seat.row().order.cum_qty == 10)
            assert seat.row().cancel is CancelState.NONE
            assert seat.notices == []
    assert broker.cancels == []


def test_many_cancels_without_an_answer_are_counted_and_listed(tmp_path: Path) -> None:
    names = [f"ORD-{number}" for number in range(1, 31)]
    with running_broker(*names) as broker:
        with past(tmp_path, broker) as then:
            intents = [then.asks(name) for name in names]
        for name in names:
            broker.feed.set(name, "CANCELED")
        with seated(broker, tmp_path) as seat:
            head = seat.told("30 cancels have no answer from the last run: outcomes unknown, asking the broker")
            assert seat.notices.index(head) >= 30
            assert sum("No answer from the last run: " in text for text in seat.texts) == 30
            for intent in intents:
                settled(seat, intent)
    assert broker.cancels == []


def test_outcomes_of_a_run_that_did_not_end_by_q_are_told_until_acknowledged(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker:
        with past(tmp_path, broker, end="SIGHUP") as then:
            first, second = then.asks("ORD-1", "aa"), then.asks("ORD-2", "ab")
            then.ends(first, Ending.CANCELED, ord_status="CANCELED")
            then.ends(second, Ending.MOOT, ord_status="FILLED", cum_qty=Decimal(100))
        with seated(broker, tmp_path) as seat:
            told = seat.told("ORD-1 CANCELED, in the last run")
            assert (told.severity, told.outcomes) == (Severity.ALERT, (first,))
            seat.told("ORD-2 not canceled, it was FILLED; 100 filled, in the last run")
            seat.desk.acknowledge((first,))
            seat.until(lambda: seat.records("acknowledgement"))
        with seated(broker, tmp_path) as seat:
            seat.told("ORD-2 not canceled, it was FILLED; 100 filled, in an earlier run")
            assert not [text for text in seat.texts if "ORD-1" in text]
            seat.desk.acknowledge((second,))
        with seated(broker, tmp_path) as seat:
            seat.live(2)
            seat.desk.relist()
            assert seat.notices == []


def test_a_run_that_ended_by_q_with_nothing_open_has_nothing_to_tell(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker, end="quit") as then:
            then.ends(then.asks(), Ending.CANCELED, ord_status="CANCELED")
        files = list(tmp_path.glob("*.jsonl"))
        with seated(broker, tmp_path) as seat:
            seat.live()
        assert seat.notices == []
        assert list(tmp_path.glob("*.jsonl")) == files


def test_other_brokers_are_no_concern_of_ours(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        then = Past(tmp_path, "https://api.example.com")
        then.asks()
        then.dies()
        with seated(broker, tmp_path) as seat:
            seat.live()
            broker.tell("ORD-1", "PARTIALLY_FILLED", cum=10)
            seat.until(lambda: seat.row().order.cum_qty == 10)
            assert seat.row().cancel is CancelState.NONE
        assert seat.notices == []


def test_an_intent_that_was_not_durable_is_nothing_to_settle(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
            write(then.journal, Record(Kind.DECLINED, CLOCK.now(), {"intent": intent, "reason": "the disk is full"}))
        with seated(broker, tmp_path) as seat:
            seat.live()
            seat.desk.relist()
        assert seat.notices == []


def test_where_nothing_is_settled_it_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            then.asks()
        files = {path: path.read_bytes() for path in tmp_path.iterdir()}
        with seated(broker, tmp_path, settle_earlier=False) as seat:
            seat.live()
            row = seat.becomes(CancelState.UNKNOWN)
            assert code(row) == "CXL??"
            seat.yes()
            seat.told("Not sent: the outcome of the cancel is unknown since")
        assert [text for text in seat.texts if "last run" in text] == []
        kept = {path: path.read_bytes() for path in tmp_path.iterdir() if path in files}
        assert kept == files
        assert broker.cancels == []
