"""Reading journals back: whole ones, torn ones, and ones that somebody touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blotter.desk.clock import SystemClock
from blotter.desk.journal import ledger
from blotter.desk.journal.journal import Journal
from blotter.desk.journal.record import GENESIS, Kind, Record, line
from tests.desk.journal.journals import write
from tests.desk.values import AT, WHO, order


def record(kind: Kind, intent: str = "i-1", **more: object) -> Record:
    return Record(kind, AT, {"intent": intent, **more})


def asked(intent: str = "i-1") -> Record:
    return record(Kind.INTENT, intent, account="ACC-1", clOrdId="ORD-1", tag="ka", row=order())


def written(folder: Path, *records: Record, end: str = "quit") -> Path:
    kept = Journal(folder, SystemClock(), WHO, {"base_url": "http://127.0.0.1:1"})
    for each in records:
        write(kept, each)
    if end:
        kept.close(end)
    assert kept.path is not None
    return kept.path


def chain(path: Path, *records: Record, run: str = "r") -> Path:
    """A file of our own making, its chain in order whatever it says."""
    prev, data = GENESIS, b""
    for seq, each in enumerate(records):
        raw, prev = line(each, seq=seq, run=run, prev=prev)
        data += raw
    path.write_bytes(data)
    return path


def test_a_whole_run_is_read_back(tmp_path: Path) -> None:
    path = written(tmp_path, asked(), record(Kind.ATTEMPT), record(Kind.OUTCOME, outcome="canceled", final=True))
    run = ledger.read_run(path)
    assert (run.bad, run.torn, run.running) == (None, 0, False)
    assert [entry.kind for entry in run.records] == ["start", "intent", "attempt", "outcome", "end"]
    assert run.base_url == "http://127.0.0.1:1"
    assert run.ended == "quit"
    assert run.records[1].utc == AT.utc
    (cancel,) = ledger.cancels((run,))
    assert (cancel.account, cancel.cl_ord_id, cancel.open) == ("ACC-1", "ORD-1", False)
    assert cancel.outcome is not None
    assert cancel.outcome.said["outcome"] == "canceled"


def test_a_run_that_is_alive_is_said_to_be(tmp_path: Path) -> None:
    kept = Journal(tmp_path, SystemClock(), WHO, {})
    write(kept, asked())
    assert [run.running for run in ledger.runs(tmp_path)] == [True]
    kept.close("quit")
    assert [run.running for run in ledger.runs(tmp_path)] == [False]


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_a_torn_last_line_is_marked_and_no_flaw(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, asked(), record(Kind.ATTEMPT), end="")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    run = ledger.read_run(path)
    assert run.bad is None
    assert run.torn > 0
    assert run.records[-1].kind == ("intent" if cut < 300 else "start")
    assert len(ledger.cancels((run,))) == (1 if cut < 300 else 0)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, 10_000), value=st.integers(1, 255))
def test_any_changed_byte_is_found_in_its_line(tmp_path: Path, where: int, value: int) -> None:
    path = written(tmp_path, asked(), record(Kind.ATTEMPT), record(Kind.OUTCOME, final=True))
    data = bytearray(path.read_bytes())
    at = where % (len(data) - 1)
    data[at] ^= value
    path.write_bytes(data)
    run = ledger.read_run(path)
    path.unlink()
    assert run.bad is not None
    assert run.bad.line == data[:at].count(b"\n") + 1 or data[at] == ord("\n") or bytes(data)[at] ^ value == ord("\n")


def test_a_line_taken_out_or_put_elsewhere_is_found(tmp_path: Path) -> None:
    path = written(tmp_path, asked(), record(Kind.ATTEMPT), record(Kind.ANSWER))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert str(ledger.read_run(path).bad).startswith(f"{path.name}, line 3: it does not follow the line before")
    path.write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    flaw = ledger.read_run(path).bad
    assert flaw is not None
    assert flaw.line == 2


@pytest.mark.parametrize(
    ("records", "at", "why"),
    [
        ((asked(),), 1, "one start"),
        ((record(Kind.START), record(Kind.START)), 2, "one start"),
        ((record(Kind.START), record(Kind.OUTCOME)), 2, "the outcome of a cancel that has no intent"),
        ((record(Kind.START), asked("i-1"), record(Kind.ANSWER, "i-2")), 3, "the answer of a cancel"),
        ((record(Kind.START), asked(), asked()), 3, "a name of its own"),
        ((record(Kind.START), record(Kind.END), asked()), 3, "behind the end"),
    ],
)
def test_what_cannot_have_been_written_is_a_flaw(
    tmp_path: Path, records: tuple[Record, ...], at: int, why: str
) -> None:
    flaw = ledger.read_run(chain(tmp_path / "x.jsonl", *records)).bad
    assert flaw is not None
    assert flaw.line == at
    assert why in flaw.why


def test_what_stands_behind_a_flaw_is_still_read(tmp_path: Path) -> None:
    path = written(tmp_path, record(Kind.DECLINED, ""), asked("i-1"), asked("i-2"))
    path.write_bytes(path.read_bytes().replace(b'"clOrdId":"ORD-1"', b'"clOrdId":"ORD-2"', 1))
    run = ledger.read_run(path)
    assert run.bad is not None
    assert run.bad.line == 3
    assert [cancel.intent for cancel in ledger.cancels((run,))] == ["i-1", "i-2"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.jsonl").mkdir()
    os.mkfifo(tmp_path / "c.jsonl")
    (tmp_path / "d.jsonl").write_bytes(b"\xff\xfe\n[]\n" + b"[" * 5000 + b"\n")
    (tmp_path / "e.jsonl").write_bytes(b"")
    bad = [run.bad for run in ledger.runs(tmp_path)]
    assert [flaw.path.stem for flaw in bad if flaw] == ["a", "b", "c", "d"]


def test_files_stand_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    first, second = "20261122T140211Z-7-aa", "20261122T140212Z-7-bb"
    for name in (second, f"{first}-10", first, f"{first}-2"):
        (tmp_path / f"{name}.jsonl").touch()
    assert [path.stem for path in ledger.paths(tmp_path)] == [first, f"{first}-2", f"{first}-10", second]
    assert ledger.runs(tmp_path / "none") == ()
