"""Fields that nobody knows are counted where it stands how true an account's picture is, whatever they are called."""

from __future__ import annotations

from pathlib import Path

from blotter.core.text import show
from tests.hostile.broker import environment, hostile_broker, poisoned
from tests.hostile.payloads import PAYLOADS
from tests.hostile.test_terminal import assert_harmless, leave
from tests.terminal.pty_session import PtySession

NAMES = [PAYLOADS[family] for family in ("clipboard", "bidi", "right to left", "markup action", "markup end")]


def test_hostile_names_are_told_on_the_accounts_screen_as_text(tmp_path: Path) -> None:
    known = {"clOrdId": "ORD-1", "symbol": "MSFT", "side": "BUY", "ordStatus": "NEW", "origClOrdId": "", "legs": []}
    plain = poisoned("formats", "ACC-1") | known | {"algoId": "x"}
    other = plain | dict.fromkeys(NAMES, 1) | {"clOrdId": "ORD-2"} | {f"made up {n}": n for n in range(1_000)}
    with (
        hostile_broker({"ACC-1": [plain, other]}) as broker,
        PtySession(tmp_path, columns=160, lines=40, environment=environment(broker)) as session,
    ):
        session.until("2 working")
        session.type("a")
        session.until("not known to this version, so not shown: algoId (2), ")
        for name in NAMES:
            session.until(f"{show(name)} (1)")
        session.until("others (")
        session.type("a")
        session.until("MSFT")
        leave(session)
        assert_harmless(session)
