"""Many at once in a real terminal, on the practice broker: K, the count, the progress and the sheet."""

from __future__ import annotations

import csv
import json
import re
import time
from pathlib import Path

from tests.terminal.pty_session import PtySession

READ_FIRST = 0.6


def test_all_buys_are_canceled_by_their_count_and_the_sheet_is_exported(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        session.until(lambda screen: re.search(r"^> [a-t][a-z] ", screen, re.MULTILINE))
        session.type("Kb")
        session.until(lambda screen: re.search(r"CANCEL \d+ ORDERS\?  +PRACTICE", screen))
        session.until("[ n  keep all ]")
        session.until("! ")
        session.type("\x1b[F")
        time.sleep(READ_FIRST)
        session.type("999\r")
        session.until("999 is not the count, nothing sent")
        while "CANCEL" in (screen := session.text) and (asked := re.search(r"type (\d+), then enter", screen)):
            session.type(f"{asked[1]}\r")  # the market goes on: an order may finish while one types
            session.until(lambda screen, before=asked[0]: before not in screen or "not the count" in screen)  # type: ignore[misc]  # mypy cannot infer a default of a lambda
            time.sleep(0.1)
        screen = session.until(lambda screen: "RESULT" in screen and "over: sent" in screen, 40)
        assert "all " in screen
        assert " buys" in screen
        session.type("e")
        session.type("\x1b")
        session.until("exported cancels-")
        session.type("R")
        session.until("RESULT")
        session.type("q")
        session.until("K many")
        session.type("\x11")
        session.exit_code()
        session.assert_restored()

    state = tmp_path / "state" / "blotter" / "practice"
    (exported,) = (state / "export").glob("cancels-*.csv")
    assert exported.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(exported.read_text().splitlines()))
    (journal,) = state.glob("*.jsonl")
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    intents = [record for record in records if record["kind"] == "intent"]
    assert {record["clOrdId"] for record in intents} <= {row["clOrdId"] for row in rows}
    assert {row["side"] for row in rows} <= {"BUY", "BUY_TO_COVER"}
    assert all("buys" in record["shown"] for record in intents)
    kinds = [record["kind"] for record in records if record["kind"] in ("intent", "attempt")]
    assert kinds == sorted(kinds, reverse=True), "all intents before the first attempt"
    outcomes = {record["intent"] for record in records if record["kind"] == "outcome"}
    assert outcomes == {record["intent"] for record in intents}
