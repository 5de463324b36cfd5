"""``blotter audit``: what the journal holds, for eyes, programs and spreadsheets, and whether it is whole."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from blotter.desk.clock import SystemClock
from blotter.desk.journal.journal import Journal, JournalError
from blotter.desk.journal.record import Kind, Record
from tests.commands.running import ended, journal_of, run, start
from tests.desk.journal.bad_disk import Sick
from tests.desk.journal.journals import write
from tests.desk.values import AT, WHO, order
from tests.terminal.pty_session import PtySession

FORMULA = '=HYPERLINK("http://x")'


def journal(
    home: Path, *names: str, text: str = "Cancel request processed", account: str = "ACC-1", **row: Any
) -> Path:
    """A whole run that canceled these orders."""
    made = Journal(journal_of(home), SystemClock(), WHO, {"version": "0", "base_url": "http://127.0.0.1:1"})
    for number, name in enumerate(names, 1):
        intent = {"intent": f"{made.run}-{number}", "account": account, "clOrdId": name, "row": order(name, **row)}
        write(made, Record(Kind.INTENT, AT, intent | {"shown": f"Cancel {name}?"}))
        said = {"intent": f"{made.run}-{number}", "outcome": "canceled", "final": True, "ordStatus": "CANCELED"}
        write(made, Record(Kind.OUTCOME, AT, said | {"text": text}))
    made.close("quit")
    assert made.path is not None
    return made.path


def test_a_line_for_each_cancel(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1", "ORD-2")
    ran = run(tmp_path, "audit")
    head, *lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert head.split("\t")[:4] == ["asked", "account", "clOrdId", "side"]
    assert [line.split("\t")[:6] for line in lines] == [
        ["2026-11-22 14:02:11Z", "ACC-1", name, "B", "ZZA", "canceled"] for name in ("ORD-1", "ORD-2")
    ]
    assert run(tmp_path, "audit", "--order", "ORD-2").out.splitlines()[1:] == lines[1:]
    assert run(tmp_path, "audit", "--since", "2026-11-23").out == ""
    assert run(tmp_path, "audit", "--since", "2026-11-22T14:00").out == ran.out


def test_in_a_pipe_no_cell_is_padded_and_each_stands_in_its_column(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1", "ORD-" + "9" * 90, symbol="AAPL  260619C00205000", text="a\tb")
    head, *lines = (line.split("\t") for line in run(tmp_path, "audit").out.splitlines())
    table = [dict(zip(head, line, strict=True)) for line in lines]
    assert [row["clOrdId"] for row in table] == ["ORD-1", "ORD-" + "9" * 90]
    assert {row["contract"] for row in table} == {"AAPL 19JUN26 205C"}
    assert {row["text"] for row in table} == {"a␉b"}


def test_json_lines_are_the_records_as_they_stand_in_the_file(tmp_path: Path) -> None:
    path = journal(tmp_path, "ORD-1", "ORD-2", text="a\x7fb")
    ran = run(tmp_path, "audit", "--format", "jsonl")
    assert ran.out.encode() == path.read_bytes()
    of_one = [
        json.loads(line) for line in run(tmp_path, "audit", "--format", "jsonl", "--order", "ORD-1").out.splitlines()
    ]
    assert [each["kind"] for each in of_one] == ["intent", "outcome"]


def test_no_cell_of_the_csv_is_a_formula_and_none_can_act(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1", text=FORMULA, symbol="\x1b[2J,\n")
    ran = run(tmp_path, "audit", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert row["text"] == "'" + FORMULA
    assert row["symbol"] == "␛[2J,␊"
    assert row["price"] == "12.50"
    assert ran.is_clean()


def test_a_whole_journal_verifies(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1")
    assert run(tmp_path, "audit", "--verify").out.startswith("verified: 1 file, 4 records in ")
    torn = journal(tmp_path, "ORD-2")
    torn.write_bytes(torn.read_bytes() + b'{"seq":')
    ran = run(tmp_path, "audit", "--verify")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("verified: 2 files, 8 records in ")
    assert "1 with an unfinished last line" in ran.out


def test_a_flipped_byte_is_named_by_file_and_line(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1")
    path = journal(tmp_path, "ORD-2", "ORD-3")
    data = bytearray(path.read_bytes())
    data[data.index(b"ORD-2")] ^= 1
    path.write_bytes(data)
    ran = run(tmp_path, "audit", "--verify")
    assert ran.code == 1
    (line,) = ran.out.splitlines()
    assert line == f"{path}, line 2: its bytes are not those that were written: the hash does not match"
    printed = run(tmp_path, "audit")
    assert printed.code == 1
    assert "ORD-3" in printed.out
    assert printed.err.startswith(f"blotter: damaged, what can be read of it is printed: {path.name}, line 2")


def test_a_journal_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    path = journal(tmp_path, "ORD-1")
    path.with_name("20990101T000000Z-1-deadbeef.jsonl").mkdir()
    path.with_name("20990101T000001Z-1-deadbeef.jsonl").symlink_to(path)
    ran = run(tmp_path, "audit", "--verify")
    assert ran.code == 1
    assert [line.rsplit(": ", 1)[1] for line in ran.out.splitlines()] == [
        "is not a plain file",
        "cannot be read (Too many levels of symbolic links)",
    ]
    assert ran.is_clean()


def test_a_folder_that_is_none_is_a_sentence_and_one_that_is_missing_is_empty(tmp_path: Path) -> None:
    empty = run(tmp_path, "audit", "--verify")
    assert (empty.code, empty.out[:33]) == (0, "verified: 0 files, 0 records in /")
    folder = journal_of(tmp_path)
    folder.parent.mkdir(parents=True)
    folder.write_text("")
    ran = run(tmp_path, "audit")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"blotter: the journal in {folder} cannot be read: Not a directory\n"


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1")
    reading, writing = os.pipe()
    os.close(reading)
    ran = ended(start(tmp_path, "audit", to={}, stdout=writing))
    os.close(writing)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--since", "yesterday"],
        ["--since", "99999999d"],
        ["--format", "xml"],
        ["--order", ""],
        ["--order", "a b"],
        ["--order", "x" * 101],
        ["--verify", "--since", "1d"],
        ["surplus\x1b"],
    ],
)
def test_bad_input_is_a_sentence_and_2(tmp_path: Path, arguments: list[str]) -> None:
    ran = run(tmp_path, "audit", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("blotter audit: ")
    assert ran.is_clean()


def test_a_narrow_terminal_keeps_what_became_of_it(tmp_path: Path) -> None:
    journal(tmp_path, "ORD-1", text="a long story " * 10)
    with PtySession(tmp_path, ["audit"], columns=60) as terminal:
        assert terminal.exit_code() == 0
        _, line = terminal.raw.decode().splitlines()
    assert line.startswith("2026-11-22 14:02:11Z")
    assert "canceled" in line
    assert len(line) <= 60
    assert "\x1b" not in line


@pytest.mark.parametrize("columns", [60, 80])
def test_a_narrow_terminal_cuts_the_contract_and_never_outcome_or_account(tmp_path: Path, columns: int) -> None:
    journal(tmp_path, "A3-000724", account="PAPER-12")
    journal(tmp_path, "A3-000725", account="PAPER-13", symbol="SPY CALENDAR OF A NAME LONGER THAN MOST ")
    with PtySession(tmp_path, ["audit"], columns=columns) as terminal:
        assert terminal.exit_code() == 0
        heading, *lines = terminal.raw.decode().splitlines()
    assert heading.split()[:3] == ["asked", "2026", "account"]
    assert max(map(len, lines)) <= columns
    for line, name in zip(lines, ("PAPER-12", "PAPER-13"), strict=True):
        assert line.startswith(f"11-22 14:02:11Z {name} ")
        assert " canceled" in line


def test_a_cancel_whose_intent_no_file_took_is_listed_as_not_sent(tmp_path: Path) -> None:
    disk = Sick()
    made = Journal(
        journal_of(tmp_path), SystemClock(), WHO, {"version": "0", "base_url": "http://127.0.0.1:1"}, disk.open
    )
    option = order("ORD-1", symbol="AAPL  260619C00205000")
    asked = {"intent": "run-1", "account": "ACC-1", "clOrdId": "ORD-1", "row": option, "shown": "Cancel?"}
    with pytest.raises(JournalError):
        made.intend(Record(Kind.INTENT, AT, asked))
    disk.well = True
    write(made, Record(Kind.DECLINED, AT, {**asked, "reason": "the journal cannot be written: Read-only file system"}))
    made.close("quit")
    (listed,) = csv.DictReader(io.StringIO(run(tmp_path, "audit", "--format", "csv").out))
    assert (listed["clOrdId"], listed["outcome"]) == ("ORD-1", "not sent")
    assert listed["contract"] == "AAPL 19JUN26 205C"
    assert "Read-only file system" in listed["text"]
