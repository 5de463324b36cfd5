"""Makers of journals and their records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blotter.desk.clock import SystemClock
from blotter.desk.journal.journal import Journal
from blotter.desk.journal.ledger import paths, read_run
from blotter.desk.journal.record import Kind, Record
from tests.desk.values import AT, WHO, order


def journal(folder: Path, **more: Any) -> Journal:
    return Journal(folder, SystemClock(), WHO, {"version": "0", "base_url": "http://127.0.0.1:1"}, **more)


def intent(name: str = "i-1") -> Record:
    return Record(Kind.INTENT, AT, {"intent": name, "order": order()})


def outcome(name: str = "i-1", *, final: bool = True) -> Record:
    return Record(Kind.OUTCOME, AT, {"intent": name, "outcome": "canceled", "final": final})


def write(journal: Journal, record: Record) -> None:
    """One record, on the disk when this returns."""
    if record.kind is Kind.INTENT:
        journal.intend(record)
    else:
        journal.put(record)
        journal.sync()


def files(folder: Path) -> list[Path]:
    return paths(folder)


def records(path: Path) -> list[dict[str, Any]]:
    """The records of a file whose whole chain holds."""
    run = read_run(path)
    assert run.bad is None, run.bad
    return [dict(entry.said) for entry in run.records]
