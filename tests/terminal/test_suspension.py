"""A program that its shell suspends and takes up again shows its screen, not the empty one that it gets back."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import ScriptedBroker

ENTER = b"\x1b[?1049h"


def test_the_whole_screen_is_there_again(tmp_path: Path) -> None:
    with ScriptedBroker() as broker, PtySession(tmp_path, environment=broker.environment) as session:
        session.until("MSFT")
        session.signal(signal.SIGTSTP)
        session.until(lambda _: b"\x1b[?1049l" in session.raw)
        session.signal(signal.SIGCONT)

        def drawn_anew(_: str) -> bool:
            since = session.raw.partition(b"\x1b[?1049l")[2].partition(ENTER)[2]
            return b"MSFT" in since and b"quit" in since

        session.until(drawn_anew)
        session.type("q")
        assert session.exit_code() == 0
        session.assert_restored()
