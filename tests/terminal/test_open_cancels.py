"""However the blotter ends while a cancel is under way: nothing new is sent, what is on its way gets its time, what is
known is on record, and the end comes soon.
"""

from __future__ import annotations

import json
import re
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import SILENCE, Answer, ScriptedBroker, order, orders
from tests.terminal.test_ending import fill_the_line

GRACE = 3.0
"""Seconds that requests in flight are given."""

WITHIN = GRACE + 2.0
NO_ANSWER = "blotter: 1 cancel had no answer at the end; the next start asks the broker: aa clord-1 BUY 100 MSFT"
TAKEN = Answer(body={"clOrdId": "c-1", "origClOrdId": "clord-1", "success": True, "status": "PENDING_CANCEL"})


def records(home: Path, kind: str) -> list[dict[str, Any]]:
    lines = [line for path in home.rglob("*.jsonl") for line in path.read_text().splitlines()]
    return [record for record in map(json.loads, lines) if record["kind"] == kind]


def ask(session: PtySession, broker: ScriptedBroker) -> None:
    """Cancel the only order, and wait until the broker has the request."""
    session.until("MSFT")
    session.type("c")
    session.until("keep the order")
    session.say_yes()
    session.until("CXL>")
    end = time.monotonic() + 5
    while not broker.cancels and time.monotonic() < end:
        time.sleep(0.01)
    assert len(broker.cancels) == 1


def test_q_asks_and_leaving_records_what_is_not_known(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.type("q")
        session.until("QUIT?  1 cancel without an answer")
        session.until("LIVE ACC-1  BUY 100 MSFT   not answered, sent")
        begun = session.leave_now()
        assert session.exit_code() == 0
        assert GRACE - 0.5 < time.monotonic() - begun < WITHIN
        session.assert_restored()
        (outcome,) = records(tmp_path, "outcome")
        assert (outcome["outcome"], outcome["final"]) == ("unknown", False)
        assert len(broker.cancels) == 1
        assert said(session) == NO_ANSWER


def test_q_asks_about_a_cancel_of_an_earlier_run_whose_order_is_in_no_list_any_more(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker:
        with PtySession(tmp_path, environment=broker.environment) as session:
            ask(session, broker)
            session.signal(signal.SIGKILL)
            session.exit_code()
        broker.list = orders(order("clord-2"))
        with PtySession(tmp_path, environment=broker.environment) as session:
            session.until("1 working")
            session.until("1 cancel has no answer from the last run")
            session.type("q")
            session.until("QUIT?  1 cancel without an answer")
            session.until("--  LIVE ACC-1  BUY 100 MSFT   asked in an earlier run, in no list here")
            session.leave_now()
            assert session.exit_code() == 0
            assert said(session) == NO_ANSWER.replace(" aa ", " ")
        assert len(broker.cancels) == 1


def test_an_answer_that_comes_after_the_screen_is_gone_is_told(tmp_path: Path) -> None:
    slow = replace(TAKEN, delay=1.5)
    with ScriptedBroker(cancel=slow) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.type("q")
        session.until("QUIT?")
        session.leave_now()
        assert session.exit_code() == 0
        assert said(session).startswith("blotter: 1 cancel got an answer after you left: aa clord-1 BUY 100 MSFT:")
        assert "cancel pending, can still fill" in said(session)


def test_q_waits_for_the_answer_and_shows_it(tmp_path: Path) -> None:
    slow = replace(TAKEN, delay=2.0)
    with ScriptedBroker(cancel=slow) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.type("qw")
        session.until("waiting: closes when all are answered")
        session.until("every cancel has its answer; q quits")
        session.until("CXL?")
        session.type("q")
        assert session.exit_code() == 0


def test_a_signal_with_a_request_in_flight_records_what_is_not_known(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        begun = time.monotonic()
        session.signal(signal.SIGTERM)
        assert session.exit_code() == 143
        assert time.monotonic() - begun < WITHIN
        session.assert_restored()
        assert said(session) == NO_ANSWER
    (answer,), (outcome,) = records(tmp_path, "answer"), records(tmp_path, "outcome")
    assert (answer["verdict"], answer["cause"]) == ("unknown", "blotter ending")
    assert (outcome["outcome"], outcome["final"]) == ("unknown", False)
    assert len(broker.cancels) == 1


def test_a_vanished_terminal_lets_the_request_in_flight_finish(tmp_path: Path) -> None:
    """The answer comes after the hang-up and before the time is up: it is on record."""
    slow = replace(TAKEN, delay=1.0)
    with ScriptedBroker(cancel=slow) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        begun, before = time.monotonic(), cpu(session.pid)
        session.close_pty()
        time.sleep(0.6)
        assert cpu(session.pid) - before < 0.4, "it spins"
        assert session.exit_code(WITHIN) == 129
        assert time.monotonic() - begun < WITHIN
    (answer,), (outcome,) = records(tmp_path, "answer"), records(tmp_path, "outcome")
    assert answer["verdict"] == "accepted"
    assert outcome["outcome"] == "pending"


def test_a_terminal_that_nobody_reads_does_not_hold_the_end_up(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.stall()
        fill_the_line(session)
        session.signal(signal.SIGTERM)
        assert session.exit_code(WITHIN + 2.0) == 143
        session.resume()
        session.assert_restored()


def said(session: PtySession) -> str:
    """What stands where the screen was, as one line."""
    after = session.raw.rpartition(b"\x1b[?1049l")[2]
    return " ".join(re.sub(r"\x1b\[[<>?]?[\d;]*[a-zA-Z]", "", after.decode()).split())


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
