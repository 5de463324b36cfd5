"""An unknown outcome in a real terminal: the reason, the tag, a second cancel beside the first."""

from __future__ import annotations

import time
from pathlib import Path

from tests.terminal.pty_session import READ_FIRST, PtySession
from tests.terminal.scripted_broker import Answer, ScriptedBroker
from tests.terminal.test_open_cancels import TAKEN, records

HTML = Answer(body="<html>Please log in</html>")


def test_an_unknown_outcome_is_asked_again_by_the_order_s_tag(tmp_path: Path) -> None:
    with ScriptedBroker(cancel=HTML) as broker, PtySession(tmp_path, environment=broker.environment) as session:
        session.until("MSFT")
        session.type("c")
        session.until("keep the order")
        session.say_yes()
        session.until("CXL??")
        session.until("Outcome unknown, asking the broker")
        session.type("c")
        screen = session.until("has no clear answer, its outcome is unknown")
        assert "type aa, then enter, to cancel all the same: _" in screen
        time.sleep(READ_FIRST)
        session.type("y\r")
        session.until("type aa, then enter; esc keeps:")
        assert len(broker.cancels) == 1
        time.sleep(READ_FIRST)
        broker.cancel = TAKEN
        session.type("aa")
        session.until(": aa_")
        session.type("\r")
        session.until("Cancel pending at the broker; can still fill")
        assert [cancel["origClOrdId"] for cancel in broker.cancels] == ["clord-1", "clord-1"]
    first, second = records(tmp_path, "intent")
    (override,) = records(tmp_path, "override")
    assert first["intent"] != second["intent"] == override["intent"]
    assert override["beside"] == [first["intent"]]
    assert override["reason"] in second["shown"]
