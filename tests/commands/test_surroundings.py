"""Commands where nothing is as it should be: closed streams, full disks, strange variables, a plain terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.commands.running import ended, on, run, spawn, start
from tests.desk.desk_broker import DeskBroker

COMMANDS = {
    "orders": (0, ["orders"]),
    "cancel": (1, ["cancel", "nowhere", "--yes"]),
    "kill": (0, ["kill", "--account", "ACC-1", "--symbol", "NONE", "--yes", "--json"]),
    "audit": (0, ["audit", "--verify"]),
    "whoami": (0, ["whoami"]),
}
"""What each ends with when all is well, and its arguments."""

FULL = "blotter: standard output cannot be written: No space left on device"
WITHOUT_STREAMS = ["/bin/sh", "-c", 'exec "$@" <&- >&-', "sh", sys.executable, "-m", "blotter"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_is_a_sentence_and_1_where_printing_is_all(tmp_path: Path, broker: DeskBroker, name: str) -> None:
    """The code of those that cancel speaks of the orders, whoever could not read about them."""
    with Path("/dev/full").open("wb") as full:
        ran = ended(start(tmp_path, *COMMANDS[name][1], to=on(broker), stdout=full))
    assert ran.code == (0 if name == "kill" else 1)
    assert ran.err.splitlines()[-1] == FULL
    assert ran.is_clean()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_that_went_away_is_no_error(tmp_path: Path, broker: DeskBroker, name: str) -> None:
    code, arguments = COMMANDS[name]
    reading, writing = os.pipe()
    os.close(reading)
    ran = ended(start(tmp_path, *arguments, to=on(broker), stdout=writing))
    os.close(writing)
    assert ran.code == code
    assert ran.is_clean()
    assert "internal error" not in ran.err


@pytest.mark.parametrize("name", COMMANDS)
def test_closed_streams_are_no_error(tmp_path: Path, broker: DeskBroker, name: str) -> None:
    code, arguments = COMMANDS[name]
    ran = ended(start(tmp_path, *arguments, to=on(broker), program=WITHOUT_STREAMS))
    assert (ran.code, ran.out) == (code, "")
    assert ran.is_clean()
    assert "internal error" not in ran.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BLOTTER_TIMEOUT", "soon"),
        ("BLOTTER_READ_ONLY", "maybe"),
        ("BLOTTER_BASE_URL", "http://10.0.0.1"),
        ("BLOTTER_STREAM_URL", "nonsense"),
        ("BLOTTER_PROFILE", "../x"),
        ("BLOTTER_ACCOUNTS", "A\x1b[2J"),
        ("BLOTTER_ACCESS_TOKEN", "a b"),
    ],
)
def test_a_strange_variable_is_named_in_one_sentence(
    tmp_path: Path, broker: DeskBroker, variable: str, value: str
) -> None:
    for command, *arguments in (["orders"], ["cancel", "ORD-1", "--yes"], ["kill", "--account", "ACC-1", "--yes"]):
        if (variable, command) == ("BLOTTER_ACCOUNTS", "kill"):
            continue
        ran = run(tmp_path, command, *arguments, to=on(broker) | {variable: value})
        assert (ran.code, ran.out) == (2, ""), command
        assert len(ran.err.splitlines()) == 1
        assert ran.err.startswith(f"blotter: {variable}: ")
        assert ran.is_clean()
    assert broker.cancels == []


def test_a_terminal_without_unicode_sees_the_rest(tmp_path: Path, broker: DeskBroker) -> None:
    broker.feed.set("ORD-1", symbol="ZÜRN")
    plain = {"LC_ALL": "C", "LANG": "C", "TERM": "dumb", "PYTHONIOENCODING": "ascii"}
    ran = spawn(tmp_path, "orders", "ORD-1", to=on(broker) | plain)
    assert ran.code == 0
    assert r"Z\xdcRN" in ran.out
    assert "1 PRACTICE order, read at" in ran.err


@pytest.mark.parametrize("arguments", [["order"], ["--nonsense\x1b[2J"], [""], ["whoami", "me"], ["login", "x\x1b"]])
def test_what_is_no_command_is_refused_in_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    ran = spawn(tmp_path, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert "unrecognized arguments" in ran.err
    assert ran.is_clean()


@pytest.mark.parametrize(
    "arguments",
    [["orders"], ["cancel", "ORD-1"], ["kill", "--account", "ACC-1"], ["whoami"], ["login"], ["--account", "ACC-1"]],
)
def test_before_anything_is_set_every_command_says_how_to_begin(tmp_path: Path, arguments: list[str]) -> None:
    ran = spawn(tmp_path, *arguments)
    first, practice, live = ran.err.splitlines()
    assert (ran.code, first) == (2, "blotter: no broker is configured")
    assert practice.startswith("to try it on the practice broker:  blotter --paper")
    assert live.endswith("then blotter login")
