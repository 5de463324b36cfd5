"""What happens between the count and the last word: replaced orders, a broker that wants rest, a login that ends, the
end of the blotter. Nothing goes to another order than the one that was read, and nothing is told as what it was not.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

from blotter.core.asking.mass import Fate
from blotter.core.notice import Severity
from blotter.core.sheets.result_sheet import outcome
from tests.broker.http_server import Request, answer, replies
from tests.desk.cancels.many import NAMES, PATIENT, Gate, a_desk, by_order, confirm, fates, until
from tests.desk.desk_broker import NESTED, DeskBroker, taken


def sent(broker: DeskBroker) -> list[str]:
    return [each["origClOrdId"] for each in broker.cancels]


class Turning:
    """Turns one cancel away with 429, and takes all others."""

    def __init__(self, number: int, retry_after: str | None) -> None:
        self._number = number
        self._headers = {"Retry-After": retry_after} if retry_after else {}
        self._seen = 0
        self.arrived: list[float] = []

    async def __call__(self, asked: Request, writer: asyncio.StreamWriter) -> None:
        self._seen += 1
        self.arrived.append(asyncio.get_running_loop().time())
        if self._seen == self._number:
            writer.write(answer(NESTED, 429, self._headers))
        else:
            await taken()(asked, writer)


def test_an_order_that_was_replaced_before_its_turn_is_not_canceled_under_either_id(tmp_path: Path) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=1) as (broker, seat):
        confirm(seat)
        seat.until(lambda: len(broker.cancels) == 1)
        old = seat.row("ORD-7").key
        broker.tell("ORD-7b", "NEW", origClOrdId="ORD-7", ordId="B-ORD-7")
        seat.until(lambda: any(key.cl_ord_id == "ORD-7b" for key in seat.rows))
        broker.call(gate.open())
        until(seat, lambda at: at.counts == {Fate.PENDING: 6, Fate.NOT_SENT: 1})
        assert seat.results[old].text == "the order was replaced, it is now ORD-7b"
    assert sent(broker) == NAMES[:6]


def test_a_cancel_whose_order_is_replaced_on_the_way_is_told_by_the_end_of_what_replaced_it(tmp_path: Path) -> None:
    with a_desk(tmp_path) as (broker, seat):
        old = seat.row("ORD-7").key
        confirm(seat)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
        broker.tell("ORD-7b", "NEW", origClOrdId="ORD-7", ordId="B-ORD-7", price="11.00")
        seat.until(lambda: any(key.cl_ord_id == "ORD-7b" for key in seat.rows))
        for name in (*NAMES[:6], "ORD-7b"):
            broker.tell(name, "CANCELED", **({"price": "11.00"} if name == "ORD-7b" else {}))
        over = until(seat, lambda at: at.over)
        assert over.counts == {Fate.CANCELED: 7}
        assert seat.results[old].order.cl_ord_id == "ORD-7b"
    assert sent(broker).count("ORD-7") == 1
    assert "ORD-7b" not in sent(broker)
    assert Counter(each["outcome"] for each in seat.records("outcome")) == {"canceled": 7}


def test_an_order_that_filled_and_whose_cancel_is_refused_then_reads_as_filled(tmp_path: Path) -> None:
    """As in the journal: a cancel ends once."""
    with a_desk(tmp_path) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
        broker.tell("ORD-1", "FILLED", cum=100, avgPrice="10.5")
        until(seat, lambda at: at.counts.get(Fate.FILLED) == 1)
        broker.tell("C-ORD-1", "REJECTED", ordId="", origClOrdId="ORD-1", text="TOO_LATE")
        for name in NAMES[1:]:
            broker.tell(name, "CANCELED")
        assert until(seat, lambda at: at.over).counts == {Fate.CANCELED: 6, Fate.FILLED: 1}
    assert Counter(each["outcome"] for each in seat.records("outcome")) == {"canceled": 6, "moot": 1}


def test_what_was_pending_when_the_whole_was_called_over_is_told_when_it_is_settled(tmp_path: Path) -> None:
    with a_desk(tmp_path, patience=replace(PATIENT, last_words=0.2)) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.over)
        told = seat.told("Mass cancel over, all 7 orders: sent 7/7, canceled 0, refused 0, unknown 0, pending 7")
        assert (told.severity, told.outcomes) == (Severity.WARN, ())
        for name in NAMES:
            broker.tell(name, "CANCELED")
        settled = seat.told("Mass cancel settled, all 7 orders: sent 7/7, canceled 7, refused 0, unknown 0")
        assert settled.severity is Severity.INFO
        assert seat.mass["m-1"].counts == {Fate.CANCELED: 7}
        assert sorted(settled.outcomes) == sorted(each["intent"] for each in seat.records("intent"))


def test_a_broker_that_asks_for_a_long_rest_gets_no_more_of_it(tmp_path: Path) -> None:
    busy = Turning(3, "30")
    with a_desk(tmp_path, busy, cancel_concurrency=1) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts == {Fate.PENDING: 2, Fate.NOT_SENT: 5})
        assert seat.told("Too many requests: the broker asks to wait 30 s; 4 not sent").severity is Severity.ALERT
        assert "asks to wait 30 s; the order was not touched" in outcome(
            seat.results[seat.row("ORD-7").key], seat.row("ORD-7")
        )
    assert sent(broker) == NAMES[:3]
    assert Counter(each["outcome"] for each in seat.records("outcome")) == {"pending": 2, "not sent": 5}


def test_a_broker_that_turns_one_away_without_a_word_gets_a_moment_of_rest(tmp_path: Path) -> None:
    busy = Turning(3, None)
    with a_desk(tmp_path, busy, cancel_concurrency=1) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts == {Fate.PENDING: 6, Fate.NOT_SENT: 1})
    assert sent(broker) == NAMES
    assert busy.arrived[3] - busy.arrived[2] > 0.9


def test_a_login_that_ends_in_the_middle_is_told_for_each_and_none_is_sent_twice(tmp_path: Path) -> None:
    refuse = 0

    async def ended(asked: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal refuse
        refuse += 1
        if refuse > 2:
            writer.write(answer(NESTED, 401))
        else:
            await taken()(asked, writer)

    with a_desk(tmp_path, ended, cancel_concurrency=1) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts == {Fate.PENDING: 2, Fate.REFUSED: 5})
        assert sum("the token is not good" in text for text in seat.alerts) == 5
    assert sent(broker) == NAMES


def test_a_token_that_may_not_cancel_stops_nobody_and_is_told_for_each(tmp_path: Path) -> None:
    forbidden = dict.fromkeys(NAMES[2:], replies(answer(NESTED, 403)))
    with a_desk(tmp_path, by_order(forbidden)) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.counts == {Fate.PENDING: 2, Fate.REFUSED: 5})
    assert Counter(sent(broker)) == dict.fromkeys(NAMES, 1)


def test_the_stop_key_while_one_is_on_its_way_leaves_that_one_its_answer(tmp_path: Path) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=1) as (broker, seat):
        confirm(seat)
        for _ in range(3):
            seat.desk.stop_many("m-1")
        until(seat, lambda at: at.counts.get(Fate.NOT_SENT, 0) >= 6)
        broker.call(gate.open())
        over = until(seat, lambda at: not at.counts.get(Fate.SENT) and not at.queued)
        assert over.sent == len(broker.cancels) == over.counts.get(Fate.PENDING, 0)
    outcomes = Counter(each["intent"] for each in seat.records("outcome"))
    assert outcomes == {each["intent"]: 1 for each in seat.records("intent")}


def test_the_end_of_the_blotter_is_told_as_what_it_was(tmp_path: Path) -> None:
    gate = Gate()
    with a_desk(tmp_path, gate, cancel_concurrency=2) as (broker, seat):
        confirm(seat)
        seat.until(lambda: len(broker.cancels) == 2)
        seat.desk.stop("quit", 0.1)
        at = until(seat, lambda at: at.counts == {Fate.NOT_SENT: 5, Fate.UNKNOWN: 2})
        assert at.stopped
        assert fates(seat)[Fate.NOT_SENT] == 5
        assert seat.results[seat.row("ORD-7").key].text == "the blotter is ending; the order was not touched"
