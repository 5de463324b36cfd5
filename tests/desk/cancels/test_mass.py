"""Many cancels through a real desk: how many at a time, what stops and what does not, and one outcome for each."""

from __future__ import annotations

import asyncio
import errno
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from blotter.core.asking.mass import Fate, progress_words
from blotter.core.sheets.result_sheet import outcome
from blotter.desk.journal.disk import Tape
from tests.broker.http_server import Request, answer, hang_up, replies
from tests.desk.cancels.many import NAMES, Gate, a_desk, by_order, confirm, fates, until
from tests.desk.desk_broker import says, taken


def test_all_intents_are_on_disk_before_the_first_request_and_each_order_has_one_outcome(tmp_path: Path) -> None:
    with a_desk(tmp_path) as (broker, seat):
        mass = confirm(seat)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
        for name in NAMES:
            broker.tell(name, "CANCELED")
        over = until(seat, lambda at: at.over)
        assert progress_words(over) == "sent 7/7, canceled 7, refused 0, unknown 0"
    kinds = [kind for kind in seat.kinds() if kind in ("intent", "attempt")]
    assert kinds == ["intent"] * 7 + ["attempt"] * 7
    intents = {record["intent"]: record for record in seat.records("intent")}
    assert {record["mass"] for record in intents.values()} == {"m-1"}
    assert [record["clOrdId"] for record in intents.values()] == [each.order.cl_ord_id for each in mass.requests]
    outcomes = seat.records("outcome")
    assert sorted(record["intent"] for record in outcomes) == sorted(intents)
    assert {record["outcome"] for record in outcomes} == {"canceled"}
    assert not seat.alerts
    assert not any("pending" in text for text in seat.texts), "a line for each would push everything else away"


@pytest.mark.parametrize("width", [1, 3])
def test_no_more_than_so_many_are_in_flight(tmp_path: Path, width: int) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=width) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts.get(Fate.SENT) == width)
        seat.until(lambda: len(broker.cancels) == width)
        assert progress_words(seat.mass["m-1"]).startswith(f"sent {width}/7")
        broker.call(gate.open())
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
    assert gate.most == width


def test_one_refused_and_one_unknown_stop_nobody(tmp_path: Path) -> None:
    scripts = {
        "ORD-2": replies(says(False, "REJECTED", "TOO_LATE", "ORD-2")),
        "ORD-4": replies(answer({"error": {"message": "no such order"}}, 404)),
        "ORD-5": hang_up,
    }
    with a_desk(tmp_path, by_order(scripts)) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: not at.queued and not at.counts.get(Fate.SENT))
        assert fates(seat)[Fate.PENDING] == 4
        refused = seat.results[seat.row("ORD-2").key]
        assert (refused.fate, refused.broker_text) == (Fate.REFUSED, "TOO_LATE")
        assert (
            outcome(refused, seat.row("ORD-2"))
            == f"it still works, last reported {seat.row('ORD-2').reported.utc:%H:%M:%S}Z"
        )
        unknown = seat.results[seat.row("ORD-5").key]
        assert unknown.fate is Fate.UNKNOWN
        assert len(seat.alerts) >= 3, "refusals and unknowns are told one by one"
        assert Counter(each["origClOrdId"] for each in broker.cancels) == dict.fromkeys(NAMES, 1)


def test_the_stop_key_leaves_what_was_not_sent(tmp_path: Path) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=2) as (broker, seat):
        confirm(seat)
        seat.until(lambda: len(broker.cancels) == 2)
        assert seat.desk.stop_many("m-1")
        at = until(seat, lambda at: at.counts.get(Fate.NOT_SENT) == 5)
        assert at.stopped
        broker.call(gate.open())
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 2)
        kept = seat.results[seat.row("ORD-7").key]
        assert kept.text == "stopped by you; the order was not touched"
    assert len(broker.cancels) == 2
    assert Counter(record["outcome"] for record in seat.records("outcome")) == {"not sent": 5, "pending": 2}


def test_an_order_that_finished_or_changed_meanwhile_is_not_sent(tmp_path: Path) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=1) as (broker, seat):
        confirm(seat)
        seat.until(lambda: len(broker.cancels) == 1)
        broker.tell("ORD-6", "FILLED", cum=100)
        broker.tell("ORD-7", "NEW", price="99.5")
        seat.until(lambda: seat.row("ORD-7").order.price == Decimal("99.5"))
        broker.call(gate.open())
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 5 and at.counts.get(Fate.NOT_SENT) == 2)
        assert seat.results[seat.row("ORD-6").key].text == "order is FILLED"
        assert "price" in seat.results[seat.row("ORD-7").key].text
    assert len(broker.cancels) == 5


def test_where_the_broker_asks_to_wait_none_is_sent_meanwhile(tmp_path: Path) -> None:
    arrived: list[float] = []

    async def busy(asked: Request, writer: asyncio.StreamWriter) -> None:
        arrived.append(time.monotonic())
        if len(arrived) == 1:
            writer.write(answer({}, 429, {"Retry-After": "1"}))
            return
        if len(arrived) == 2:
            await asyncio.sleep(0.2)
        await taken()(asked, writer)

    with a_desk(tmp_path, busy, cancel_concurrency=2) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
    assert len(broker.cancels) == 8, "one of them twice"
    assert arrived[2] - arrived[0] > 0.9


def test_a_disk_that_takes_no_intent_sends_none(tmp_path: Path) -> None:
    def full(path: Path) -> Tape:
        raise OSError(errno.ENOSPC, "No space left on device")

    with a_desk(tmp_path, open_tape=full) as (broker, seat):
        confirm(seat)
        over = until(seat, lambda at: at.over)
        assert over.counts == {Fate.NOT_SENT: 7}
        assert "No space left" in seat.results[seat.row().key].text
    assert not broker.cancels


def test_a_blotter_that_ends_leaves_an_outcome_for_each(tmp_path: Path) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=2) as (broker, seat):
        confirm(seat)
        seat.until(lambda: len(broker.cancels) == 2)
        seat.desk.stop("quit", 0.1)
    outcomes = {record["intent"]: record["outcome"] for record in seat.records("outcome")}
    assert len(outcomes) == len(seat.records("intent")) == 7
    assert Counter(outcomes.values()) == {"not sent": 5, "unknown": 2}
    assert len(broker.cancels) == 2


def test_read_only_sends_none_and_says_why_for_each(tmp_path: Path) -> None:
    with a_desk(tmp_path, read_only=True) as (broker, seat):
        confirm(seat)
        over = until(seat, lambda at: at.over)
        assert over.counts == {Fate.NOT_SENT: 7}
        assert seat.results[seat.row().key].text == "the blotter is read-only"
    assert not broker.cancels


def test_a_stop_before_the_intents_are_on_disk_sends_none_and_leaves_no_intent_open(tmp_path: Path) -> None:
    with a_desk(tmp_path) as (broker, seat):
        confirm(seat)
        seat.desk.stop_many("m-1")
        over = until(seat, lambda at: at.over)
        assert over.stopped
        assert over.counts.get(Fate.NOT_SENT, 0) + over.counts.get(Fate.PENDING, 0) == 7
        sent = len(broker.cancels)
        assert sent == over.sent
    outcomes = [record["intent"] for record in seat.records("outcome")]
    assert sorted(outcomes) == sorted(record["intent"] for record in seat.records("intent"))
