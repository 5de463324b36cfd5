"""What ``blotter cancel`` asks on a terminal, and that nothing but the answer it wants sends anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.commands.canceling import ends, never
from tests.commands.running import comes, on, records, started
from tests.desk.desk_broker import DeskBroker, taken
from tests.terminal.pty_session import PtySession


@pytest.mark.parametrize(("typed", "code", "posts"), [("y\n", 0, 1), ("\n", 5, 0), ("\x04", 5, 0)])
def test_on_a_terminal_it_asks(tmp_path: Path, broker: DeskBroker, typed: str, code: int, posts: int) -> None:
    broker.on_cancel = [ends(broker)]
    with PtySession(tmp_path, ["cancel", "ORD-1"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        assert "cancel 1 order of PRACTICE ACC-1?\ntype y and enter to cancel it" in terminal.text
        assert "BUY MSFT, left 100 of 100, LIMIT 10.50, DAY, NEW, PRACTICE ACC-1, id ORD-1" in terminal.text
        terminal.type(typed)
        assert terminal.exit_code() == code
    assert len(broker.cancels) == posts


def test_an_order_whose_cancel_is_in_the_air_is_not_called_kept(tmp_path: Path, broker: DeskBroker) -> None:
    broker.feed.set("ORD-2", "PENDING_CANCEL", updatedAt=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    with PtySession(tmp_path, ["cancel", "ORD-1", "ORD-2"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        terminal.type("\n")
        assert terminal.exit_code() == 5
        assert "ORD-1 (BUY 100 MSFT) NOT SENT: kept, as you answered" in terminal.text
        assert (
            "ORD-2 (BUY 100 MSFT) NOT SENT: none is sent now, as you answered; a cancel was asked for before"
            in terminal.text
        )
    assert broker.cancels == []


def test_a_typed_tag_sends_another_beside_one_that_is_unknown(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [never, taken()]
    with started(tmp_path, "cancel", "ORD-1", "--yes", to=on(broker)):
        comes(lambda: broker.cancels)
    with PtySession(tmp_path, ["cancel", "ORD-1", "--wait", "0"], columns=120, environment=on(broker)) as terminal:
        terminal.until("and enter to send another all the same")
        terminal.type("aa\n")
        assert terminal.exit_code() == 3
    assert len(broker.cancels) == 2
    assert records(tmp_path, "intent")[-1]["override"]


def test_ctrl_c_at_the_question_sends_nothing(tmp_path: Path, broker: DeskBroker) -> None:
    with PtySession(tmp_path, ["cancel", "ORD-1"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        terminal.type("\x03")
        assert terminal.exit_code() == 130
        assert "Traceback" not in terminal.text
    assert broker.cancels == []


def test_an_order_that_changed_while_the_question_stood_is_not_canceled(tmp_path: Path, broker: DeskBroker) -> None:
    with PtySession(tmp_path, ["cancel", "ORD-1"], columns=120, environment=on(broker)) as terminal:
        terminal.until("anything else keeps it")
        broker.call(_set(broker, "ORD-1", price="99"))
        terminal.type("y\n")
        assert terminal.exit_code() == 1
        assert "price 10.50 -> 99.00" in terminal.text
    assert broker.cancels == []


async def _set(broker: DeskBroker, name: str, **fields: Any) -> None:
    broker.feed.set(name, **fields)
