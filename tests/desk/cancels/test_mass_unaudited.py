"""Many cancels in spite of a journal that cannot be written: typed once more, sent once, on record once it can."""

from __future__ import annotations

import errno
from collections import Counter
from pathlib import Path

import pytest

from blotter.core.asking.mass import Fate, MassCancel
from blotter.core.notice import Severity
from blotter.core.sheets.result_sheet import outcome
from blotter.desk.journal.disk import File
from blotter.desk.journal.ledger import cancels, paths, read_run
from blotter.desk.journal.record import Kind
from tests.desk.cancels.many import NAMES, Gate, a_desk, confirm, until
from tests.desk.desk_broker import DeskBroker
from tests.desk.journal.bad_disk import Sick, Trouble
from tests.desk.seat import Seat

WELL_WITHIN = 20.0
"""Seconds: the journal waits longer from try to try while the disk takes nothing."""

FULL = "the journal in /x cannot be written: No space left on device"


def refused(seat: Seat) -> MassCancel:
    """Confirm all as usual, in vain."""
    mass = confirm(seat)
    assert until(seat, lambda at: at.over).counts == {Fate.NOT_SENT: len(NAMES)}
    seat.until(lambda: "cannot be written" in seat.journal)
    return mass


def once_each(broker: DeskBroker) -> bool:
    return Counter(each["origClOrdId"] for each in broker.cancels) == dict.fromkeys(NAMES, 1)


def test_they_go_out_once_and_their_records_reach_the_next_file_that_works(tmp_path: Path) -> None:
    disk = Sick()
    with a_desk(tmp_path, open_tape=disk.open) as (broker, seat):
        mass = refused(seat)
        assert seat.told("Not sent, none of 7: the journal cannot be written").severity is Severity.ALERT
        assert broker.cancels == []
        confirm(seat, name="m-2", unaudited=seat.journal)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7, "m-2")
        assert seat.told("7 cancels: Sent without a record, as asked").severity is Severity.WARN
        assert once_each(broker)
        assert seat.records() == []
        disk.well = True
        seat.until(lambda: "The audit trail is whole again: what was kept for it is on disk" in seat.texts, WELL_WITHIN)
        assert not seat.journal
        for name in NAMES:
            broker.tell(name, "CANCELED")
        until(seat, lambda at: at.over and at.counts == {Fate.CANCELED: 7}, "m-2")
    asked = [each.order.cl_ord_id for each in mass.requests]
    intents = seat.records("intent")
    assert [(each["clOrdId"], each["mass"], each["unaudited"]) for each in intents] == [(x, "m-2", True) for x in asked]
    assert {each["override"] for each in intents} == {each["reason"] for each in seat.records("override")}
    assert [each["intent"] for each in seat.records("override")] == [each["intent"] for each in intents]
    assert [each["clOrdId"] for each in seat.records("declined")] == asked, "the refusal is on record, too"
    assert Counter(each["intent"] for each in seat.records("outcome")) == {each["intent"]: 1 for each in intents}
    assert {each["outcome"] for each in seat.records("outcome")} == {"canceled"}
    assert once_each(broker)


def test_a_journal_that_came_back_between_is_used(tmp_path: Path) -> None:
    disk = Sick()
    with a_desk(tmp_path, open_tape=disk.open) as (broker, seat):
        refused(seat)
        trouble, disk.well = seat.journal, True
        confirm(seat, name="m-2", unaudited=trouble)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7, "m-2")
        seat.until(lambda: not seat.journal)
        assert not any("without a record" in text for text in seat.texts)
    kinds = [kind for kind in seat.kinds() if kind in ("override", "intent", "attempt")]
    assert kinds == ["override"] * 7 + ["intent"] * 7 + ["attempt"] * 7
    assert once_each(broker)


@pytest.mark.parametrize("plan", [{"append": 11}, {"sync": 0}, {"cut": 11}])
def test_a_journal_that_fails_in_the_middle_of_the_intents(tmp_path: Path, plan: dict[str, int]) -> None:
    """Some lines stand in a file that is not trusted: the next one holds all of them, each once."""

    def tape(path: Path) -> Trouble:
        return Trouble(path, plan, errno.ENOSPC)

    with a_desk(tmp_path, open_tape=tape) as (broker, seat):
        confirm(seat, unaudited=FULL)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
        seat.told("7 cancels: Sent without a record, as asked")
        for name in NAMES:
            broker.tell(name, "CANCELED")
        until(seat, lambda at: at.over and at.counts == {Fate.CANCELED: 7})
    first, second = (read_run(path) for path in paths(tmp_path))
    assert (first.bad, second.bad) == (None, None)
    assert [entry.said["clOrdId"] for entry in second.of(Kind.INTENT)] == NAMES
    held = cancels((first, second))
    assert len(held) == 7
    assert all(each.outcome and each.outcome.said["outcome"] == "canceled" for each in held)
    assert not any(each.declined or each.open for each in held)
    assert once_each(broker)


def test_the_stop_key_leaves_what_was_not_sent(tmp_path: Path) -> None:
    gate, disk = Gate(), Sick()
    with a_desk(tmp_path, gate, open_tape=disk.open, cancel_concurrency=2) as (broker, seat):
        confirm(seat, unaudited=FULL)
        seat.until(lambda: len(broker.cancels) == 2)
        assert seat.desk.stop_many("m-1")
        until(seat, lambda at: at.stopped and at.counts.get(Fate.NOT_SENT) == 5)
        broker.call(gate.open())
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 2)
        disk.well = True
    assert len(broker.cancels) == 2
    assert len(seat.records("intent")) == 7
    assert Counter(each["outcome"] for each in seat.records("outcome")) == {"not sent": 5, "pending": 2}


def test_an_order_that_finished_or_is_in_doubt_by_now_is_declined_all_the_same(tmp_path: Path) -> None:
    disk = Sick()
    with a_desk(tmp_path, open_tape=disk.open) as (broker, seat):
        broker.tell("ORD-2", "FILLED", cum=100)
        broker.tell("ORD-3", "PENDING_CANCEL")
        seat.until(lambda: seat.row("ORD-3").order.ord_status == "PENDING_CANCEL")
        confirm(seat, unaudited=FULL)
        until(seat, lambda at: at.counts == {Fate.PENDING: 5, Fate.NOT_SENT: 2})
        assert outcome(seat.results[seat.row("ORD-2").key], seat.row("ORD-2")) == "order is FILLED; 100 of 100 filled"
        assert "already pending cancel" in seat.results[seat.row("ORD-3").key].text
        disk.well = True
    assert len(broker.cancels) == 5
    assert {each["clOrdId"] for each in seat.records("declined")} == {"ORD-2", "ORD-3"}


def test_a_disk_that_takes_nothing_to_the_end_says_that_the_trail_is_behind(tmp_path: Path) -> None:
    disk = Sick()
    with a_desk(tmp_path, open_tape=disk.open) as (broker, seat):
        confirm(seat, unaudited=FULL)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
    assert seat.told("The audit trail is behind, what happened is kept for it: ").severity is Severity.ALERT
    assert once_each(broker)
    assert not list(tmp_path.glob("*.jsonl"))


def test_one_file_that_works_for_a_moment_takes_all_that_was_kept(tmp_path: Path) -> None:
    """It takes the intents and fails at what follows: the file after it holds every cancel again."""
    disk = Sick()
    plan = {"append": 20}

    def tape(path: Path) -> File | Trouble:
        disk.open(path).close()
        path.unlink()
        return Trouble(path, plan, errno.EIO)

    with a_desk(tmp_path, open_tape=tape) as (broker, seat):
        confirm(seat, unaudited=FULL)
        until(seat, lambda at: at.counts.get(Fate.PENDING) == 7)
        disk.well = True
        seat.until(lambda: "The audit trail is whole again: what was kept for it is on disk" in seat.texts, WELL_WITHIN)
    runs = [read_run(path) for path in paths(tmp_path)]
    assert len(runs) == 2
    assert [run.bad for run in runs] == [None, None]
    assert [entry.said["clOrdId"] for entry in runs[1].of(Kind.INTENT)] == NAMES
    for kind in (Kind.ATTEMPT, Kind.ANSWER, Kind.OUTCOME):
        assert Counter(entry.intent for entry in runs[1].of(kind)) == {
            entry.intent: 1 for entry in runs[1].of(Kind.INTENT)
        }
    assert once_each(broker)
