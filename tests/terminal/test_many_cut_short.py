"""A blotter that is ended in the middle of many: what the next one says of each, and that it sends nothing again."""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import SILENCE, ScriptedBroker, order, orders
from tests.terminal.test_many_unaudited import READ_FIRST, said, type_the_count
from tests.terminal.test_open_cancels import WITHIN, records

NAMES = [f"clord-{number}" for number in range(1, 13)]
AT_ONCE = 8


def test_a_signal_in_the_middle_of_many(tmp_path: Path) -> None:
    listed = orders(*(order(name) for name in NAMES))
    with ScriptedBroker(list=listed, history=listed, cancel=SILENCE) as broker:
        with PtySession(tmp_path, environment=broker.environment) as session:
            session.until("12 working")
            session.type("K*")
            session.until("CANCEL 12 ORDERS?")
            time.sleep(READ_FIRST)
            type_the_count(session)
            session.until("sent 8/12")
            begun = time.monotonic()
            session.signal(signal.SIGTERM)
            assert session.exit_code() == 143
            assert time.monotonic() - begun < WITHIN
            session.assert_restored()
        sent = {cancel["origClOrdId"] for cancel in broker.cancels}
        assert len(sent) == len(broker.cancels) == AT_ONCE
        asked = {record["intent"]: record["clOrdId"] for record in records(tmp_path, "intent")}
        ended = {asked[record["intent"]]: record["outcome"] for record in records(tmp_path, "outcome")}
        assert ended == {name: "unknown" if name in sent else "not sent" for name in NAMES}

        with PtySession(tmp_path, lines=60, environment=broker.environment) as session:
            session.until("12 w")
            session.until(said("8 cancels have no answer from the last run: outcomes unknown, asking the broker"))
            session.type("m")
            for name in NAMES:
                words = f"{name} BUY 100 MSFT: outcome unknown" if name in sent else f"{name} cancel not sent"
                session.until(said(words))
        assert Counter(cancel["origClOrdId"] for cancel in broker.cancels) == dict.fromkeys(sent, 1)
