"""Why an outcome is unknown: no answer is one thing, an answer that proves nothing or contradicts itself is another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from blotter.core.asking.override import why_tag
from blotter.core.book.cancel import CancelState
from blotter.desk.clock import SystemClock
from blotter.desk.journal.archive import Archive
from blotter.desk.recovery.elsewhere import overlay
from tests.broker.http_server import Script, answer, replies, reset
from tests.desk.desk_broker import NESTED, DeskBroker, running_broker, says
from tests.desk.recovery.test_elsewhere import book
from tests.desk.seat import QUICK, Seat, seated

UNHURRIED = replace(QUICK, reads=(30.0,), slow=30.0)

DOUBTS = {
    "reset": (reset, "no answer"),
    "trouble": (replies(answer(NESTED, 503)), "no clear answer"),
    "a web page": (replies(answer("<html>")), "no clear answer"),
    "a strange status": (replies(says(True, "MOONING")), "no clear answer"),
    "another end": (replies(says(True, "FILLED")), "a contradictory answer"),
}


def left_in_doubt(broker: DeskBroker, folder: Path, script: Script) -> str:
    """A cancel that came to ``script`` and a blotter that was left then; what typing the tag would have overruled."""
    with seated(broker, folder, patience=UNHURRIED) as seat:
        seat.live()
        broker.on_cancel = [script]
        seat.yes()
        seat.becomes(CancelState.UNKNOWN)
        return reason(seat)


def reason(seat: Seat) -> str:
    """As the question gives it, but for the time."""
    why = why_tag(seat.row(), seat.now())
    assert why is not None
    return why.partition("Z ")[2]


@pytest.mark.parametrize(("script", "what"), DOUBTS.values(), ids=DOUBTS)
def test_the_question_says_which_it_is_in_this_run_and_in_the_next(tmp_path: Path, script: Script, what: str) -> None:
    words = f"has {what}, its outcome is unknown"
    with running_broker("ORD-1") as broker:
        assert left_in_doubt(broker, tmp_path, script) == words
        with seated(broker, tmp_path, patience=UNHURRIED) as seat:
            seat.live()
            seat.becomes(CancelState.UNKNOWN)
            assert reason(seat) == words
            clear = "no answer" if what == "no answer" else "no clear answer"
            seat.told(f"1 cancel has {clear} from the last run")
    assert len(broker.cancels) == 1


def test_the_commands_say_it_too(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        left_in_doubt(broker, tmp_path, DOUBTS["another end"][0])
        findings = Archive(tmp_path, broker.server.url, "").look()
    read, now = book(account="ACC-1"), SystemClock().now()
    overlay(read, findings, now, UNHURRIED)
    (row,) = read.rows()
    assert "has a contradictory answer" in (why_tag(row, now) or "")
