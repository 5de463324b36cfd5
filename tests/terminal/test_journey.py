"""The main job, end to end: a newcomer on the practice broker cancels an order and reads what the broker said."""

from __future__ import annotations

import json
import re
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.terminal.pty_session import READ_FIRST, PtySession


def cursor_line(screen: str) -> str:
    return next((line for line in screen.splitlines() if line.startswith(">")), "")


def line_of(tag: str, screen: str) -> str:
    return next((line for line in screen.splitlines() if re.match(rf"[> ].?{tag} ", line)), "")


def has_an_order_that_works(screen: str) -> bool:
    return bool(re.search(r"^[> ] +[a-t][a-z] .* NEW ", screen, re.MULTILINE))


def choose_a_working_order(session: PtySession) -> str:
    """Move the cursor to the first order that is NEW; returns its tag."""
    session.until(has_an_order_that_works)
    while " NEW " not in (line := cursor_line(session.until(cursor_line))):
        session.type("j")
        session.until(partial(cursor_left, line.split()[1]))
    return line.split()[1]


def cursor_left(tag: str, screen: str) -> bool:
    return cursor_line(screen).split()[1:2] not in ([], [tag])


def ask(session: PtySession, tag: str) -> None:
    session.type("c")
    for part in (f"CANCEL {tag}?", "PRACTICE", "keep the order"):
        session.until(part)


def records(home: Path) -> list[dict[str, Any]]:
    (journal,) = (home / "state" / "blotter" / "practice").glob("*.jsonl")
    return [json.loads(line) for line in journal.read_text().splitlines()]


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (160, 48)])
def test_from_the_table_to_the_brokers_last_word(tmp_path: Path, columns: int, lines: int) -> None:
    with PtySession(tmp_path, ["--paper"], columns=columns, lines=lines) as session:
        tag = choose_a_working_order(session)
        ask(session, tag)
        session.say_yes()
        session.until(lambda screen: re.search("CXL[>?] ", line_of(tag, screen)))
        screen = session.until(lambda screen: "CXLD" in line_of(tag, screen))
        assert len(screen.splitlines()) == lines
        session.type("m")
        session.until(lambda screen: "Cancel request processed" in " ".join(screen.split()))
        session.type("\x11")
        assert session.exit_code() == 0
        session.assert_restored()

    told = records(tmp_path)
    kinds = [record["kind"] for record in told]
    assert kinds.index("intent") < kinds.index("answer") < kinds.index("outcome")
    assert kinds.count("intent") == 1
    intent = next(record for record in told if record["kind"] == "intent")
    assert f"CANCEL {tag}?" in json.dumps(intent)
    assert (tmp_path / "state" / "blotter" / "practice").stat().st_mode & 0o777 == 0o700


def test_what_keeps_an_order(tmp_path: Path) -> None:
    with PtySession(tmp_path, ["--paper"]) as session:
        for key in ("n", "\x1b", "\r"):
            tag = choose_a_working_order(session)
            ask(session, tag)
            time.sleep(READ_FIRST)
            session.type(key)
            session.until(lambda screen: "keep the order" not in screen)
        session.type("c")
        session.until("keep the order")
        session.type("y")
        session.until("too quick")
        session.type("q")
        session.until("only y, n, esc and enter answer here")
        session.type("\x03")
        assert session.exit_code() == 0
        session.assert_restored()
    assert not list(tmp_path.rglob("*.jsonl"))
