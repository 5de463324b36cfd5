"""Whatever a terminal sends, the program stays, and keys still act."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import ScriptedBroker, order, orders

APART = 0.5
"""Seconds between what a terminal sends by itself, an escape key, and the next key: together they could be one."""

TERMINALS = 3

PASTE = b"\x1b[200~%b\x1b[201~"
SENT = {
    "latin-1": b"\xf1",
    "meta": b"\xe3",
    "no-utf-8": b"\xff\xfe",
    "latin-1-paste": PASTE % b"M\xfcNCHEN cyK*",
    "long-paste": PASTE % (b"cyK*\xfcl" * 2000),
    "code-too-large": b"\x1b[1114112u",
    "code-far-too-large": b"\x1b[99999999999999999999u",
    "surrogate": b"\x1b[55296u",
    "function-key-too-large": b"\x1b[999999999999~",
    "mouse": b"\x1b[<0;10;5M\x1b[<64;10;5M\x1b[<-1;-5M\x1b[M !!",
    "focus": b"\x1b[I\x1b[O",
    "answers": b"\x1b[?1;2c\x1b]11;rgb:0000/0000/0000\x07\x1bP>|xterm\x1b\\\x1b[?2026;2$y",
}


def homes(folder: Path, count: int) -> list[Path]:
    made = [folder / str(number) for number in range(count)]
    for home in made:
        home.mkdir()
    return made


@contextmanager
def noted(name: str) -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        error.add_note(f"after {name}")
        raise


def test_it_stays_and_no_order_is_touched(tmp_path: Path) -> None:
    """On three terminals at once, in turn: most of the time is waiting."""
    listed = orders(order("clord-1"), order("clord-2", symbol="IBM", createdAt="2026-11-20T01:00:00Z"))
    with ScriptedBroker(list=listed) as broker, ExitStack() as stack:
        sessions = [
            stack.enter_context(PtySession(home, environment=broker.environment)) for home in homes(tmp_path, TERMINALS)
        ]
        for start in range(0, len(SENT), TERMINALS):
            sent = list(zip(sessions, list(SENT)[start : start + TERMINALS], strict=False))
            for session, name in sent:
                session.type("g")
                session.until("> aa ")
                session.send(SENT[name])
            time.sleep(APART)
            for session, _ in sent:
                session.type("\x1b")
            time.sleep(APART)
            for session, name in sent:
                session.type("G")
                with noted(name):
                    session.until("> ab ")
        for session in sessions:
            session.type("q")
            assert session.exit_code() == 0
            session.assert_restored()
    assert broker.cancels == []
