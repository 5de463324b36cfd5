"""Cancels that earlier runs left behind, of orders that no list holds any more."""

from __future__ import annotations

from pathlib import Path

from blotter.core.book.cancel import CancelState
from blotter.desk.cancels.outcome import Ending
from tests.desk.desk_broker import DeskBroker, running_broker
from tests.desk.journal.left_behind import past, settled
from tests.desk.seat import seated


def test_an_order_that_only_the_history_knows(tmp_path: Path) -> None:
    with running_broker("ORD-2") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks("ORD-1")
        broker.history = {"ORD-1": DeskBroker().feed.set("ORD-1", "CANCELED")}
        with seated(broker, tmp_path) as seat:
            seat.told("1 cancel has no answer from the last run: ab ORD-1 BUY 100 MSFT")
            outcome = settled(seat, intent).outcome
            assert outcome is not None
            assert outcome.said["outcome"] == "canceled"
            seat.until(lambda: seat.unlisted == ())


def test_an_order_that_nothing_names_any_more(tmp_path: Path) -> None:
    with running_broker("ORD-2") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks("ORD-1")
        with seated(broker, tmp_path) as seat:
            told = seat.told("neither today's list nor the history names it; reading goes on")
            assert told.text.startswith("Outcome still unknown: ORD-1 BUY 100 MSFT:"), "aa is another order's tag here"
            assert seat.row("ORD-2").tag == "aa"
            (row,) = seat.unlisted
            assert (row.key.cl_ord_id, row.tag, row.cancel, row.intent) == ("ORD-1", "", CancelState.UNKNOWN, intent)
        assert seat.records("outcome") == []


def test_one_that_was_pending_and_that_nothing_names_any_more_is_still_pending(tmp_path: Path) -> None:
    with running_broker("ORD-2") as broker:
        with past(tmp_path, broker) as then:
            then.hears(then.asks("ORD-1"), "accepted")
        with seated(broker, tmp_path) as seat:
            seat.until(lambda: [row.cancel for row in seat.unlisted] == [CancelState.PENDING])


def test_what_nothing_names_is_left_behind_until_it_was_put_away_in_an_earlier_run(tmp_path: Path) -> None:
    with running_broker("ORD-2") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks("ORD-1")
        with seated(broker, tmp_path) as seat:
            seat.until(lambda: seat.unlisted)
            seat.desk.acknowledge((intent,))
            seat.until(lambda: seat.records("acknowledgement"))
            assert seat.unlisted
        with seated(broker, tmp_path) as again:
            again.told("Outcome still unknown: ORD-1 BUY 100 MSFT")
            assert again.unlisted == ()


def test_what_nothing_names_is_no_longer_left_behind_once_another_blotter_settled_it(tmp_path: Path) -> None:
    with running_broker("ORD-2") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks("ORD-1")
        with seated(broker, tmp_path) as seat:
            seat.until(lambda: seat.unlisted)
            then.ends(intent, Ending.CANCELED, ord_status="CANCELED")
            then.dies()
            seat.until(lambda: seat.unlisted == ())


def test_an_account_that_is_not_open_here_is_said_to_be(tmp_path: Path) -> None:
    with running_broker("ORD-2") as broker:
        with past(tmp_path, broker) as then:
            then.asks("ORD-1")
        with seated(broker, tmp_path, accounts=("ACC-2",)) as seat:
            seat.told("its account ACC-1 is not open here, so it cannot be read")
        assert seat.rows == {}
