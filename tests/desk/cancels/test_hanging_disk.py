"""A disk that hangs: a cancel goes out without a record if the trader types so, and the record is made once, whether
the disk wakes up or fails.
"""

from __future__ import annotations

import errno
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from blotter.core.asking.mass import Fate
from blotter.core.book.cancel import CancelState
from blotter.desk.journal.disk import Tape
from tests.broker.http_server import silence
from tests.desk.cancels.many import NAMES, a_desk, confirm, until
from tests.desk.desk_broker import running_broker
from tests.desk.journal.bad_disk import Hanging
from tests.desk.seat import Seat, seated

DEADLINE = 20.0
"""Seconds that only what hangs takes."""

WAKES = pytest.mark.parametrize("fails", [0, errno.EIO], ids=["wakes up", "fails"])

Opens = Callable[[Path], Tape]


def disk(let_go: threading.Event, fails: int = 0, calls: int = 0) -> Opens:
    return lambda path: Hanging(path, calls, let_go, fails)


def whole_again(seat: Seat) -> None:
    seat.until(lambda: "The audit trail is whole again: what was kept for it is on disk" in seat.texts)
    assert not seat.journal


@WAKES
def test_what_is_refused_in_vain_goes_out_by_its_tag(tmp_path: Path, fails: int) -> None:
    let_go = threading.Event()
    with (
        running_broker("ORD-1") as broker,
        seated(broker, tmp_path, open_tape=disk(let_go, fails), timeout=2.0) as seat,
    ):
        seat.live()
        seat.yes()
        seat.told("Not sent, c asks for its tag now: the journal could not be written in time")
        seat.until(lambda: "could not be written in time" in seat.journal)
        assert broker.cancels == []
        seat.yes_by_tag("", unaudited=seat.journal)
        seat.told("Sent without a record, as asked")
        seat.becomes(CancelState.PENDING)
        assert len(broker.cancels) == 1
        let_go.set()
        whole_again(seat)
        broker.tell("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)
    (sent,) = {each["intent"] for each in seat.records("attempt")}
    (refused,) = {each["intent"] for each in seat.records("declined")}
    outcomes = {each["intent"]: each["outcome"] for each in seat.records("outcome")}
    # An intent that never was durable has no outcome: that it was turned down is all there is to say.
    assert outcomes == ({sent: "canceled"} if fails else {sent: "canceled", refused: "not sent"})
    assert {each["intent"]: each.get("unaudited", False) for each in seat.records("intent")}[sent] is True
    assert len(broker.cancels) == 1


@WAKES
def test_the_record_that_the_disk_hangs_on_is_made_once(tmp_path: Path, fails: int) -> None:
    """The intent is in the hands of the disk and in memory at the same time."""
    let_go = threading.Event()
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, open_tape=disk(let_go, fails)) as seat:
        seat.live()
        seat.yes_by_tag("", unaudited="the journal could not be written in time")
        seat.becomes(CancelState.PENDING)
        let_go.set()
        whole_again(seat)
        broker.tell("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)
    (outcome,) = seat.records("outcome")
    assert outcome["outcome"] == "canceled"
    files = Counter(each["run"] for each in seat.records("start"))
    intents = [each["intent"] for each in seat.records("intent")]
    assert set(intents) == {outcome["intent"]}
    assert len(intents) == sum(files.values()), "one for each file, for a file that failed is not trusted"
    assert len(broker.cancels) == 1


@WAKES
def test_the_same_of_many(tmp_path: Path, fails: int) -> None:
    let_go = threading.Event()
    with a_desk(tmp_path, open_tape=disk(let_go, fails)) as (broker, seat):
        confirm(seat, unaudited="the journal could not be written in time")
        until(seat, lambda at: at.counts.get(Fate.PENDING) == len(NAMES))
        let_go.set()
        whole_again(seat)
        for name in NAMES:
            broker.tell(name, "CANCELED")
        until(seat, lambda at: at.over and at.counts == {Fate.CANCELED: len(NAMES)})
    assert Counter(each["origClOrdId"] for each in broker.cancels) == dict.fromkeys(NAMES, 1)
    outcomes = Counter((each["intent"], each["outcome"]) for each in seat.records("outcome"))
    assert len(outcomes) == len(NAMES)
    assert set(outcomes.values()) == {1}
    assert {each["intent"] for each in seat.records("intent")} == {intent for intent, _ in outcomes}


def test_a_disk_that_never_wakes_up_is_told_at_the_end(tmp_path: Path) -> None:
    let_go = threading.Event()
    with running_broker("ORD-1") as broker:
        with seated(broker, tmp_path, open_tape=disk(let_go)) as seat:
            seat.live()
            broker.on_cancel = [silence]
            seat.yes_by_tag("", unaudited="the journal could not be written in time")
            seat.until(lambda: broker.cancels)
            seat.desk.stop("SIGTERM", 0.1)
            assert seat.desk.done.wait(DEADLINE)
            seat.told("The disk hangs, the journal lacks its last records")
        let_go.set()
