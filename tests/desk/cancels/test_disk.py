"""What a bad disk means for a cancel: no durable intent, no request; and a disk that hangs holds nothing up."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from blotter.core.book.cancel import CancelState
from blotter.core.notice import Severity
from blotter.desk.journal.disk import File
from tests.broker.http_server import silence
from tests.desk.desk_broker import first, running_broker, taken
from tests.desk.journal.bad_disk import Hanging, Trouble
from tests.desk.seat import seated

DEADLINE = 20.0
"""Seconds that only what hangs takes."""


@pytest.mark.parametrize(
    ("plan", "code", "words"),
    [
        ({"append": 1}, errno.ENOSPC, "No space left on device"),
        ({"append": 0}, errno.EROFS, "Read-only file system"),
        ({"sync": 0}, errno.EIO, "Input/output error"),
        ({"cut": 1}, errno.EIO, "only 9 of 99 bytes could be written"),
        ({"append": 1}, errno.EDQUOT, "quota exceeded"),
    ],
)
def test_no_durable_intent_no_request(tmp_path: Path, plan: dict[str, int], code: int, words: str) -> None:
    def tape(path: Path) -> Trouble:
        return Trouble(path, plan, code)

    with running_broker("ORD-1") as broker, seated(broker, tmp_path, open_tape=tape) as seat:
        seat.live()
        seat.yes()
        told = seat.told("Not sent, c asks for its tag now: the journal cannot be written")
        assert told.severity is Severity.ALERT
        assert words in told.text
        assert told.text.endswith("the order was not touched")
        assert seat.row().cancel is CancelState.NONE
        assert broker.cancels == []
        seat.yes()
        seat.becomes(CancelState.PENDING)
        assert len(broker.cancels) == 1


def test_a_disk_that_hangs_costs_the_cancel_its_deadline_and_nothing_else(tmp_path: Path) -> None:
    let_go = threading.Event()

    def tape(path: Path) -> Hanging:
        return Hanging(path, 0, let_go)

    with running_broker("ORD-1") as broker, seated(broker, tmp_path, open_tape=tape, timeout=0.3) as seat:
        seat.live()
        seat.yes()
        seat.until(lambda: "start" in seat.kinds())
        seat.yes()
        seat.told("a cancel of this order is already on its way")
        broker.tell("ORD-1", "PARTIALLY_FILLED", cum=10)
        seat.until(lambda: seat.row().order.cum_qty == 10)
        seat.told("Not sent, c asks for its tag now: the journal could not be written in time")
        let_go.set()
    assert broker.cancels == []
    assert [each["outcome"] for each in seat.records("outcome")] == ["not sent"]
    assert "the journal could not be written in time: see to its disk" in [
        each["reason"] for each in seat.records("declined")
    ]


def test_a_disk_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    let_go = threading.Event()

    def tape(path: Path) -> Hanging:
        return Hanging(path, 1, let_go)

    with running_broker("ORD-1") as broker:
        broker.on_cancel = [silence]
        with seated(broker, tmp_path, open_tape=tape, timeout=10.0) as seat:
            seat.live()
            seat.yes()
            seat.until(lambda: broker.cancels)
            seat.desk.stop("SIGTERM", 0.1)
            assert seat.desk.done.wait(DEADLINE)
            seat.told("the journal lacks its last records")
        let_go.set()


def test_facts_that_no_file_takes_are_told_once_and_kept(tmp_path: Path) -> None:
    full = False

    class Filling(File):
        def append(self, data: bytes) -> None:
            if full:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            super().append(data)

    with running_broker("ORD-1") as broker, seated(broker, tmp_path, open_tape=Filling) as seat:
        broker.on_cancel = [first(lambda: fill(True), taken())]

        def fill(now: bool) -> None:
            nonlocal full
            full = now

        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
        seat.told("The audit trail is behind, what happened is kept for it: the journal cannot")
        broker.tell("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)
        fill(False)
    assert sum("behind" in text for text in seat.texts) == 1
    assert seat.kinds()[-2:] == ["outcome", "end"]
    assert {"intent", "attempt", "answer", "report", "outcome"} <= set(seat.kinds())
    assert len(broker.cancels) == 1
