"""The commands without a screen against the hostile broker: their output goes to terminals, too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.broker.http_server import answer
from tests.desk.desk_broker import DeskBroker, account
from tests.hostile.broker import environment, hostile_broker, poisoned, refused, says
from tests.hostile.grammar import violations
from tests.hostile.payloads import PAYLOADS
from tests.terminal.pty_session import private_environment

ACCOUNTS = {payload: [poisoned(family, payload)] for family, payload in PAYLOADS.items()}


def run(broker: DeskBroker, home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    ran = subprocess.run(
        [sys.executable, "-m", "blotter", *arguments],
        env={**private_environment(home), **environment(broker)},
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in ran.stderr
    assert b"internal error" not in ran.stderr
    return ran


ACCOUNT = "[/x]"
PLAIN = {
    "clOrdId": "ORD-1",
    "symbol": "MSFT",
    "side": "BUY",
    "type": "LIMIT",
    "ordStatus": "NEW",
    "origClOrdId": "",
    "legs": [],
}
ACCOUNTS[ACCOUNT] = [poisoned("clipboard", ACCOUNT) | PLAIN]
COMMANDS: dict[str, tuple[str, ...]] = {
    "orders": ("orders",),
    "whoami": ("whoami",),
    "cancel": ("cancel", "ORD-1", "no-such-order", "--yes", "--wait", "0.2"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_prints_is_text(tmp_path: Path, name: str) -> None:
    """Answered in payloads, and refused in them; what was sent is in the journal, which is printed, too."""
    arguments = COMMANDS[name]
    with hostile_broker(ACCOUNTS) as broker:
        broker.accounts = answer({"accounts": [account(name, sim=False, status=name) for name in ACCOUNTS]})
        broker.on_cancel = [says(refused(PAYLOADS["clipboard"]))]
        printed = [run(broker, tmp_path, *arguments)]
        assert len(broker.cancels) == (name == "cancel")
        if broker.cancels:
            table, csv = (run(broker, tmp_path, "audit", "--format", kind) for kind in ("table", "csv"))
            rows = [row.split(b"\t") for row in table.stdout.rstrip(b"\n").split(b"\n")]
            assert len({len(row) for row in rows}) == 1, "a tab stands between two cells and nowhere else"
            table.stdout = b"\n".join(b" ".join(row) for row in rows)
            printed += [table, csv]
        else:
            broker.accounts = refused(PAYLOADS["DECRQSS"], 401)
            printed.append(run(broker, tmp_path, *arguments))
    for ran in printed:
        assert violations(ran.stdout) == []
        assert violations(ran.stderr) == []
        assert ran.returncode != 2
        assert ran.stdout or ran.stderr


def test_what_a_command_writes_for_programs_is_json_in_ascii_or_escaped(tmp_path: Path) -> None:
    with hostile_broker(ACCOUNTS) as broker:
        ran = run(broker, tmp_path, "orders", "--json")
    assert violations(ran.stdout) == []
    said = json.dumps(json.loads(ran.stdout))
    assert json.dumps(PAYLOADS["clipboard"])[1:-1] in said
