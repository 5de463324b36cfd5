"""A cancel from the confirming key to its last word, through a real desk, real sockets and a real journal."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from blotter.core.book.cancel import CancelState
from blotter.core.notice import Severity
from tests.broker.http_server import replies
from tests.desk.desk_broker import first, record, running_broker, says, taken
from tests.desk.seat import seated


def test_pending_then_canceled(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        assert seat.yes()
        row = seat.becomes(CancelState.PENDING)
        assert row.order.ord_status == "PENDING_CANCEL"
        answer = seat.told("Cancel pending at the broker; can still fill")
        assert (answer.broker_text, answer.tag, answer.severity) == ("Cancel request processed", row.tag, Severity.INFO)
        broker.tell("ORD-1", "CANCELED", cum=40, avgPrice="12.01", text="out")
        assert seat.becomes(CancelState.CONFIRMED).order.ord_status == "CANCELED"
        last = seat.told("CANCELED 60 of 100; 40 filled @ 12.01")
        assert (last.broker_text, last.severity) == ("out", Severity.INFO)
        assert seat.outcome()["outcome"] == "canceled"
    assert seat.kinds() == ["start", "intent", "attempt", "answer", "report", "outcome", "end"]
    assert broker.cancels == [
        {
            "origClOrdId": "ORD-1",
            "accountId": "ACC-1",
            "tradingAccountId": "ACC-1",
            "symbol": "MSFT",
            "side": "BUY",
            "securityType": "CS",
        }
    ]


def test_the_intent_is_on_disk_before_the_request_leaves(tmp_path: Path) -> None:
    found: list[str] = []

    def look() -> None:
        found.extend(path.read_text() for path in tmp_path.glob("*.jsonl"))

    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        broker.on_cancel = [first(look, taken())]
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
    assert '"kind":"intent"' in found[0]
    assert '"kind":"answer"' not in found[0]


def test_the_intent_holds_what_was_shown_and_what_was_sent(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
    (intent,) = seat.records("intent")
    (answer,) = seat.records("answer")
    assert intent["row"]["price"] == "10.5"
    assert intent["shown"] == "Cancel BUY MSFT?"
    assert intent["request"] == broker.cancels[0]
    assert intent["confirmed"]["mono"] >= intent["pressed"]["mono"]
    assert '"text": "Cancel request processed"' in answer["raw"]
    assert "feed-token" not in "".join(path.read_text() for path in tmp_path.glob("*.jsonl"))


def test_canceled_at_once_is_read_for_its_fills(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.feed.set("ORD-1", "CANCELED", cum=26, avgPrice="10.40")
        broker.on_cancel = [replies(says(True, "CANCELED"))]
        seat.yes()
        seat.told("reading what filled before")
        seat.told("CANCELED 74 of 100; 26 filled @ 10.40")
        outcome = seat.outcome()
    assert (outcome["outcome"], outcome["cumQty"], outcome["final"]) == ("canceled", "26", True)


def test_a_working_status_in_the_answer_is_an_acknowledgement(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.on_cancel = [replies(says(True, "PARTIALLY_FILLED"))]
        seat.yes()
        seat.becomes(CancelState.PENDING)
        broker.tell("ORD-1", "CANCELED")
        seat.told("CANCELED 100 of 100; nothing filled")


def test_a_pending_cancel_is_read_even_if_the_stream_says_nothing(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
        broker.feed.set("ORD-1", "CANCELED")
        assert seat.outcome()["outcome"] == "canceled"


def test_a_long_pending_cancel_is_told_once(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        broker.on_cancel = [first(lambda: broker.feed.set("ORD-1", "PENDING_CANCEL"), taken())]
        seat.live()
        seat.yes()
        seat.told("can still fill; asking the broker")
        broker.tell("ORD-1", "CANCELED")
        seat.outcome()
        assert len([text for text in seat.texts if "can still fill; asking the broker" in text]) == 1
    assert seat.kinds()[-1] == "end"


def test_it_filled_before_the_cancel_arrived(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()

        async def fill() -> None:
            await broker.feed.tell("ORD-1", "FILLED", cum=100, avgPrice="12.03", updatedAt="2026-11-20T14:02:11Z")

        broker.on_cancel = [first(fill, replies(says(False, "FILLED", "too late to cancel")))]
        seat.yes()
        told = seat.told("Not canceled: it filled 100 @ 12.03 at 14:02:11Z, before the cancel arrived")
        assert told.severity is Severity.ALERT
        refused = seat.told("refused as too late")
        assert refused.broker_text == "too late to cancel"
        outcome = seat.outcome()
    assert (outcome["outcome"], outcome["ordStatus"]) == ("refused", "FILLED")


def test_it_filled_while_the_cancel_was_pending(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
        broker.tell("ORD-1", "PENDING_CANCEL", cum=40, avgPrice="12.00")
        assert seat.told("40 @ 12.00 filled while the cancel is open, 60 of 100 left").severity is Severity.WARN
        broker.tell("ORD-1", "FILLED", cum=100, avgPrice="12.03")
        seat.told("Not canceled: it filled 100 @ 12.03")
        seat.becomes(CancelState.MOOT)
        assert seat.outcome()["outcome"] == "moot"


@pytest.mark.parametrize("reply", [says(False, "", "not now"), says(True, "REJECTED", "not now")])
def test_refused_the_order_works_on_and_can_be_canceled_again(tmp_path: Path, reply: bytes) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.on_cancel = [replies(reply), taken()]
        seat.yes()
        row = seat.becomes(CancelState.REJECTED)
        assert (row.order.ord_status, row.cancel_text) == ("NEW", "not now")
        told = seat.told("Cancel refused, order not touched")
        assert (told.severity, told.broker_text) == (Severity.ALERT, "not now")
        assert seat.outcome()["outcome"] == "refused"
        seat.until(lambda: not seat.row().needs_read)
        seat.yes()
        seat.becomes(CancelState.PENDING)
    intents = [each["intent"] for each in seat.records("intent")]
    assert len(set(intents)) == 2
    assert seat.records("outcome")[-1]["outcome"] == "pending"


def test_refused_after_it_was_pending(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
        reject = record("C-ORD-1", "REJECTED", ordId="", origClOrdId="ORD-1", text="held by the desk")
        broker.call(broker.feed.event("ACC-1", reject))
        seat.becomes(CancelState.REJECTED)
        assert seat.told("refused after all").broker_text == "held by the desk"
        assert seat.outcome()["outcome"] == "refused"
        assert [row for row in seat.rows.values() if row.key.cl_ord_id == "C-ORD-1"] == []


def test_pressing_often_sends_once(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        for _ in range(5):
            assert seat.yes()
        seat.becomes(CancelState.PENDING)
        assert seat.yes()
        seat.told("already pending cancel")
    assert len(broker.cancels) == len(seat.records("intent")) == 1
    assert len(seat.records("declined")) == 5


def test_two_orders_at_once_are_two_cancels(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker, seated(broker, tmp_path) as seat:
        seat.live(2)
        seat.yes("ORD-1")
        seat.yes("ORD-2")
        seat.becomes(CancelState.PENDING, "ORD-1")
        seat.becomes(CancelState.PENDING, "ORD-2")
    assert {each["origClOrdId"] for each in broker.cancels} == {"ORD-1", "ORD-2"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"price": None}, "price none -> 10.5"),
        ({"qty": Decimal(200)}, "ordered quantity 200 -> 100"),
        ({"side": "SELL"}, "side"),
        ({"ord_id": "B-OTHER"}, "broker id"),
    ],
)
def test_another_order_than_the_one_that_was_read_is_not_canceled(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        seat.yes(**changes)
        assert seat.told("Not sent: ").text.startswith(f"Not sent: {reason}")
        assert seat.records("intent") == []
    assert broker.cancels == []


def test_fills_since_the_confirmation_do_not_stop_a_cancel(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        seat.yes(leaves_qty=Decimal(70), cum_qty=Decimal(30))
        seat.becomes(CancelState.PENDING)


def test_a_replaced_order_is_not_canceled_under_its_old_id(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        old = seat.row().order
        broker.tell("ORD-2", "NEW", origClOrdId="ORD-1", price="11.00")
        seat.told("Replaced: now 100 @ 11.00 under ORD-2")
        seat.yes("ORD-2", cl_ord_id=old.cl_ord_id)
        seat.told("Not sent: the order was replaced, it is now ORD-2")
    assert broker.cancels == []


def test_a_finished_order_and_an_unknown_one_are_not_canceled(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.tell("ORD-1", "FILLED", cum=100)
        seat.until(lambda: seat.row().order.ord_status == "FILLED")
        seat.yes()
        seat.told("Not sent: order is FILLED")
        seat.yes(cl_ord_id="NOBODY")
        seat.told("Not sent: the order is not in the book")
    assert broker.cancels == []


def test_an_order_without_a_side_is_not_guessed_at(tmp_path: Path) -> None:
    with running_broker() as broker, seated(broker, tmp_path) as seat:
        broker.feed.set("ORD-1", side="")
        seat.live()
        seat.yes()
        seat.told("Not sent: the broker's record names no side")
    assert broker.cancels == []


def test_read_only_sends_nothing(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, read_only=True) as seat:
        seat.live()
        seat.yes()
        seat.told("Not sent: the blotter is read-only")
    assert broker.cancels == []


def test_a_confirmation_that_waited_too_long_is_not_sent(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, timeout=0.000001) as seat:
        seat.live()
        seat.yes()
        seat.told("went by since it was confirmed; the order was not touched")
    assert broker.cancels == []


def test_without_a_journal_nothing_is_sent(tmp_path: Path) -> None:
    in_the_way = tmp_path / "journal"
    in_the_way.write_text("not a folder")
    with running_broker("ORD-1") as broker, seated(broker, in_the_way) as seat:
        seat.told("Each cancel asks for its tag: the journal cannot be written")
        seat.live()
        seat.yes()
        told = seat.told("Not sent, c asks for its tag now: the journal cannot be written")
        assert told.severity is Severity.ALERT
        assert "the order was not touched" in told.text
        in_the_way.unlink()
        seat.yes()
        seat.becomes(CancelState.PENDING)
    assert len(broker.cancels) == 1


def test_canceled_by_somebody_else(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.tell("ORD-1", "CANCELED", text="by the risk desk")
        told = seat.told("CANCELED 100 of 100; nothing filled; not by a cancel from here")
    assert (told.severity, told.broker_text) == (Severity.WARN, "by the risk desk")
    assert list(tmp_path.glob("*.jsonl")) == []
