"""A terminal that shrinks: nothing acts unseen, and what must be asked is asked in what fits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.terminal.pty_session import READ_FIRST, PtySession
from tests.terminal.scripted_broker import SILENCE, ScriptedBroker
from tests.terminal.test_open_cancels import ask

TINY = (20, 5)
SMALLEST = (60, 16)
PASTE = "\x1b[200~y\x1b[201~"


@pytest.mark.parametrize("size", [TINY, (59, 16), (60, 15)])
def test_q_asks_about_unanswered_cancels_in_what_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.resize(*size)
        session.until("too small")
        session.type("q")
        session.until("1 cancel unanswered")
        session.until("w waits, l leaves")
        session.type("cyjq\r")
        session.until("waiting, l leaves")
        session.leave_now()
        if size != TINY:  # once is enough to wait for a broker that never answers
            broker.hang_up()
        assert session.exit_code() == 0
        session.assert_restored()
    assert len(broker.cancels) == 1


def test_the_question_before_leaving_follows_the_size(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.type("qw")
        session.until("closes when all are answered")
        session.resize(*TINY)
        session.until("waiting, l leaves")
        session.resize(79, 23)
        screen = session.until("closes when all are answered")
        assert "too small" not in screen
        session.resize(*TINY)
        session.until("waiting, l leaves")
        session.type("\x1b")
        session.until("too small: 20x5")
        session.resize(80, 24)
        session.until("q quit")


def test_a_confirmation_on_a_terminal_that_becomes_too_small_is_gone_for_good(tmp_path: Path) -> None:
    with ScriptedBroker() as broker, PtySession(tmp_path, environment=broker.environment) as session:
        session.until("MSFT")
        session.type("c")
        session.until("keep the order")
        time.sleep(READ_FIRST)
        session.resize(*TINY)
        session.until("too small: 20x5")
        session.type("y")
        session.type(PASTE)
        session.type("c")
        time.sleep(READ_FIRST)
        session.type("y")
        session.resize(80, 24)
        screen = session.until("confirmation closed, order kept: terminal too small")
        assert "keep the order" not in screen
        time.sleep(READ_FIRST)
        session.type("y")
        session.type("q")
        assert session.exit_code() == 0
    assert broker.cancels == []


@pytest.mark.parametrize("size", [(79, 23), SMALLEST])
def test_a_confirmation_that_still_fits_stays_and_is_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        session.until("MSFT")
        session.type("c")
        session.until("keep the order")
        session.resize(*size)
        session.until(lambda screen: len(screen.splitlines()) == size[1] and "keep the order" in screen)
        for part in ("CANCEL aa?   LIVE   account ACC-1", "BUY  left 100 of 100   MSFT", "y  cancel what is left: 100"):
            session.until(part)
        session.say_yes()
        session.until("CXL>")


def test_text_pasted_on_a_terminal_that_is_too_small_goes_nowhere(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=SILENCE) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        ask(session, broker)
        session.type("/ms")
        session.until("/ms 1 of 1")
        session.resize(*TINY)
        session.until("too small: 20x5")
        session.type(PASTE + "q")
        session.until("1 cancel unanswered")
        session.type("\x1b")
        session.until("too small: 20x5")
        session.resize(80, 24)
        session.until("/ms 1 of 1")
