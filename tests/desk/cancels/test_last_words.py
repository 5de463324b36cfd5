"""The broker's later words: what they change of a cancel whose outcome was told, and what nothing changes."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

from blotter.core.book.cancel import CancelRequest, CancelState
from blotter.core.notice import Severity
from tests.broker.http_server import Request, answer, replies, reset, silence
from tests.desk.desk_broker import NESTED, account, record, running_broker, says, taken
from tests.desk.seat import QUICK, Seat, seated
from tests.desk.values import request

OVERRULED = "whatever stood against it"


def asked_again(seat: Seat) -> None:
    """A second cancel of ORD-1, in spite of the first."""
    seat.yes_by_tag(OVERRULED)


def outcomes(seat: Seat) -> list[tuple[str, str]]:
    """Of every cancel, by the end of its name."""
    return [(record["intent"].rsplit("-")[-1], record["outcome"]) for record in seat.records("outcome")]


def test_each_of_two_unknown_cancels_has_reads_of_its_own(tmp_path: Path) -> None:
    patience = replace(QUICK, reads=(0.1,) * 6)
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0, patience=patience) as seat:
        seat.live()
        broker.on_cancel = [reset]
        seat.yes()
        seat.becomes(CancelState.UNKNOWN)
        lists = len(broker.server.requests)
        seat.until(lambda: len(broker.server.requests) > lists + 4)
        asked_again(seat)
        seat.until(lambda: len(broker.cancels) == 2)
        seat.until(lambda: ("2", "unconfirmed") in outcomes(seat))
        seat.until(lambda: len([text for text in seat.texts if text.startswith("Cancel unconfirmed")]) == 2)
    assert outcomes(seat) == [("1", "unconfirmed"), ("2", "unconfirmed")]
    targets = [request.method + request.target for request in broker.server.requests]
    second = len(targets) - targets[::-1].index("POST/v1/orders/cancel")
    assert len([target for target in targets[second:] if "/orders?" in target]) >= len(patience.reads)


def test_one_end_settles_every_cancel_of_the_order_once(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.on_cancel = [reset, taken()]
        seat.yes()
        seat.becomes(CancelState.UNCONFIRMED)
        asked_again(seat)
        seat.becomes(CancelState.PENDING)
        broker.tell("ORD-1", "CANCELED", cum=40, avgPrice="12.01")
        seat.until(lambda: len(seat.records("outcome")) == 3)
        seat.told("CANCELED 60 of 100")
    assert sorted(outcomes(seat)) == [("1", "canceled"), ("1", "unconfirmed"), ("2", "canceled")]
    assert len([text for text in seat.texts if text.startswith("CANCELED 60 of 100")]) == 1


def test_an_order_that_comes_back_after_it_was_nowhere_is_read_on(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        held = dict(broker.feed.orders["ACC-1"])
        broker.feed.orders["ACC-1"].clear()
        broker.on_cancel = [reset]
        seat.yes()
        seat.told("Outcome still unknown: in neither list nor history")
        broker.feed.orders["ACC-1"].update(held)
        seat.becomes(CancelState.UNCONFIRMED)
        seat.told("Cancel unconfirmed: still working")


def test_a_refused_order_that_is_nowhere_is_told(tmp_path: Path) -> None:
    """The broker has no such order, and no list either: its last known status stands, and is said to be that."""
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.feed.orders["ACC-1"].clear()
        broker.on_cancel = [replies(answer(NESTED, 404))]
        seat.yes()
        seat.told("Cancel refused: the broker has no such order")
        told = seat.told("In neither list nor history since the refusal; last known NEW; reading goes on")
        assert told.severity is Severity.ALERT
        row = seat.row()
        assert (row.order.ord_status, row.cancel, row.needs_read) == ("NEW", CancelState.REJECTED, True)
    assert outcomes(seat) == [("1", "refused")]


def test_an_order_of_which_only_the_answer_says_canceled_is_told(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.feed.orders["ACC-1"].clear()
        broker.on_cancel = [replies(says(True, "CANCELED"))]
        seat.yes()
        seat.told("CANCELED, as told, but no read has it so: fills unread")
        assert seat.row().needs_read
        assert seat.records("outcome") == []
    assert outcomes(seat) == [("1", "canceled")]


def test_an_order_that_filled_although_the_answer_said_canceled_was_not_canceled(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        hold = asyncio.Event()

        async def held(_: Request, writer: asyncio.StreamWriter) -> None:
            await hold.wait()
            writer.write(answer(broker.feed._page("ACC-1", 0, 500)))

        broker.on_list = held
        broker.on_cancel = [replies(says(True, "CANCELED"))]
        seat.yes()
        seat.becomes(CancelState.CONFIRMED)
        broker.tell("ORD-1", "FILLED", cum=100, avgPrice="12.03")
        seat.until(lambda: seat.row().order.ord_status == "FILLED")
        broker.call(_set(hold))
        seat.until(lambda: seat.records("outcome"))
    (outcome,) = seat.records("outcome")
    assert (outcome["outcome"], outcome["ordStatus"], outcome["cumQty"]) == ("moot", "FILLED", "100")


def test_what_becomes_of_an_order_after_the_last_word_on_its_cancel_is_on_record(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
        broker.tell("ORD-1", "CANCELED")
        seat.outcome()
        broker.tell("ORD-1", "FILLED", cum=100, avgPrice="12.03")
        assert seat.told("Changed after its end: was CANCELED").severity is Severity.ALERT
        seat.until(lambda: seat.records("report")[-1]["order"]["ord_status"] == "FILLED")
    assert outcomes(seat) == [("1", "canceled")], "a cancel has one last word"


def test_a_cancel_that_became_pending_again_is_left_as_pending(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.on_cancel = [reset]
        seat.yes()
        seat.becomes(CancelState.UNCONFIRMED)
        broker.tell("ORD-1", "PENDING_CANCEL")
        seat.becomes(CancelState.PENDING)
    assert outcomes(seat) == [("1", "unconfirmed"), ("1", "pending")]


def test_somebody_elses_refusal_does_not_end_a_cancel_of_ours(tmp_path: Path) -> None:
    """It comes while ours is on the wire; that it was not ours, only our own answer tells."""
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        go = asyncio.Event()

        async def waits(_: Request, writer: asyncio.StreamWriter) -> None:
            await go.wait()
            broker.feed.set("ORD-1", "PENDING_CANCEL")
            writer.write(says(True, "PENDING_CANCEL"))

        broker.on_cancel = [waits]
        seat.yes()
        seat.becomes(CancelState.SENT)
        theirs = record("C-THEIRS", "REJECTED", ordId="", origClOrdId="ORD-1", text="not yours")
        broker.call(broker.feed.event("ACC-1", theirs))
        seat.becomes(CancelState.REJECTED)
        broker.call(_set(go))
        seat.becomes(CancelState.PENDING)
        broker.tell("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)
        seat.outcome()
    assert outcomes(seat) == [("1", "canceled")]


def test_the_same_id_in_two_accounts_is_two_orders(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.accounts = answer({"accounts": [account("ACC-1"), account("ACC-2")]})
        broker.feed.set("ORD-1", account="ACC-2")
        with seated(broker, tmp_path, relist_every=60.0, timeout=0.4) as seat:
            seat.live(2)
            broker.on_cancel = [silence]
            seat.yes()
            seat.becomes(CancelState.UNKNOWN)
            assert seat.row(account="ACC-2").cancel is CancelState.NONE
            broker.call(broker.feed.tell("ORD-1", "CANCELED", account="ACC-2"))
            seat.until(lambda: seat.row(account="ACC-2").order.ord_status == "CANCELED")
            seat.becomes(CancelState.UNCONFIRMED)
            assert seat.row().order.ord_status == "NEW"
    assert outcomes(seat) == [("1", "unconfirmed")]
    assert {each["account"] for each in seat.records("intent")} == {"ACC-1"}


def test_an_odd_id_comes_back_to_its_own_order(tmp_path: Path) -> None:
    odd = 'A/%2e"\\é\u202e 1'
    with running_broker(odd, "ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live(2)
        broker.on_cancel = [reset]
        seat.yes_by_tag(OVERRULED, odd)
        seat.until(lambda: broker.cancels)
        assert broker.cancels[0]["origClOrdId"] == odd
        broker.tell(odd, "CANCELED")
        seat.becomes(CancelState.CONFIRMED, odd)
        seat.outcome()
    assert (outcomes(seat), seat.row().cancel) == ([("1", "canceled")], CancelState.NONE)
    assert seat.records("intent")[0]["clOrdId"] == odd


async def _set(event: asyncio.Event) -> None:
    event.set()


def test_a_cancel_is_let_go_of_once_its_last_word_is_on_record(tmp_path: Path) -> None:
    def kept() -> int:
        gc.collect()
        return sum(isinstance(each, CancelRequest) and each.tag == tag for each in gc.get_objects())

    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        # The tag is this test's own: others of the same process may have left requests behind.
        tag = f"let-go-{id(seat)}"
        seat.desk.cancel(request(seat.row().order, tag))
        seat.becomes(CancelState.PENDING)
        assert kept() == 1
        broker.tell("ORD-1", "CANCELED")
        seat.until(lambda: [record["final"] for record in seat.records("outcome")] == [True])
        seat.until(lambda: kept() == 0)
        broker.tell("ORD-1", "FILLED", cum=100)
        seat.until(lambda: seat.records("report")[-1]["order"]["ord_status"] == "FILLED")
