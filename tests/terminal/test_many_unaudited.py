"""Many in a real terminal while no journal can be written: refused whole, then sent by the count typed twice, and on
record as soon as a file can be.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from blotter.desk.journal.ledger import paths, read_run
from tests.terminal.pty_session import PtySession

READ_FIRST = 0.6
WELL_WITHIN = 60.0
"""Seconds: the journal waits longer from try to try while the disk takes nothing."""


def said(words: str) -> Any:
    return lambda screen: words in " ".join(screen.split())


def type_the_count(session: PtySession, again: str = "") -> None:
    """Type the count that stands there until it is taken: the market goes on, and an order may finish meanwhile."""
    wanted = re.compile(rf"type (\d+){again}, then enter.*")
    screen = session.until(wanted.search)
    while wanted.search(screen):
        time.sleep(READ_FIRST)
        if not (asked := wanted.search(session.text)):
            return
        session.type(f"{asked[1]}\r")
        screen = session.until(partial(_answered, wanted, asked[0]))


def _answered(wanted: re.Pattern[str], before: str, screen: str) -> bool:
    """The line is gone, or says anew why not."""
    now = wanted.search(screen)
    return now is None or (now[0] != before and ("not the count" in now[0] or "too quick" in now[0]))


def ask(session: PtySession) -> None:
    session.type("Kb")
    session.until(lambda screen: re.search(r"CANCEL \d+ ORDERS\?  +PRACTICE", screen))
    session.type("\x1b[F")


def test_the_count_typed_twice_sends_what_no_file_takes_and_the_records_follow(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "blotter" / "practice"
    with PtySession(tmp_path, ["--paper"], lines=48) as session:
        session.until(lambda screen: re.search(r"^> [a-t][a-z] ", screen, re.MULTILINE))
        shutil.rmtree(folder)
        folder.write_text("a file in the way")

        ask(session)
        type_the_count(session)
        session.until(lambda screen: re.search(r"over: sent 0/\d+, .*not sent \d+", screen), 40)
        session.until(said("cannot be written"))
        session.until(said("the order was not touched"))
        session.type("\x1b")
        session.until("K many")

        ask(session)
        session.until("NO RECORD: the journal cannot be written")
        type_the_count(session)
        session.until(lambda screen: re.search(r"to send without a record, type \d+ again, then enter:", screen))
        type_the_count(session, " again")
        session.until(lambda screen: re.search(r"over: sent [1-9]\d*/\d+, ", screen), 40)
        session.type("\x1b")
        session.until("K many")
        session.type("m")
        session.until(said("cancels: Sent without a record, as asked; kept for the next file that works"))
        session.until(said("The audit trail is behind"))
        session.type("m")

        folder.unlink()
        session.until(said("The audit trail is whole again"), WELL_WITHIN)
        session.type("\x11")
        session.exit_code()
        session.assert_restored()

    records = [json.loads(line) for path in paths(folder) for line in path.read_text().splitlines()]
    assert not any(read_run(path).bad for path in paths(folder))
    intents = [record for record in records if record["kind"] == "intent" and not record.get("again")]
    assert intents
    assert all(record["unaudited"] and "NO RECORD" in record["shown"] for record in intents)
    named = [record["intent"] for record in intents]
    assert [record["intent"] for record in records if record["kind"] == "override"] == named
    attempts = Counter(record["intent"] for record in records if record["kind"] == "attempt")
    outcomes = Counter(record["intent"] for record in records if record["kind"] == "outcome" and record["final"])
    assert max(attempts.values()) == 1
    assert outcomes == dict.fromkeys(named, 1)
    refused = [record for record in records if record["kind"] == "declined"]
    assert len(refused) >= len(intents), "the refusal is on record, too"
