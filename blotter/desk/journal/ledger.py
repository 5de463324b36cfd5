"""Reading the journal: what a file holds, and whether it is whole.

A file is judged by its chain, its numbering and its pairing: nothing may be said of a cancel whose intent the same
file does not hold before it. A torn last line is what a killed process or a full disk leaves behind, and no flaw. What
stands behind a flaw is still read, since a cancel of doubtful record is one more reason to ask the broker.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from blotter.desk.journal.judge import Judge
from blotter.desk.journal.record import Kind

SUFFIX = ".jsonl"
QUARANTINE = "quarantine"
"""The folder, beside the journal's files, of those that were found damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it was read. ``line`` counts from 1; ``said`` is the whole JSON object."""

    line: int
    kind: str
    utc: datetime
    said: Mapping[str, Any]

    @property
    def seq(self) -> int:
        return self.line - 1

    @property
    def intent(self) -> str:
        return text(self.said, "intent")


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first bad record of a file. ``line`` is 0 where the file as a whole cannot be read."""

    path: Path
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.path.name}, line {self.line}: {self.why}" if self.line else f"{self.path.name}: {self.why}"


@dataclass(frozen=True, slots=True)
class Run:
    """One file. ``torn`` is the number of bytes of an unfinished last line; ``running`` says that the process that
    writes it is alive.
    """

    path: Path
    records: tuple[Entry, ...] = ()
    torn: int = 0
    bad: Flaw | None = None
    running: bool = False

    @property
    def name(self) -> str:
        """The run's name, the same in all files of one run."""
        return run_of(self.path)

    @property
    def start(self) -> Mapping[str, Any]:
        """The first record: who, which program, which broker. Empty where there is none."""
        first = self.records[0] if self.records else None
        return first.said if first is not None and first.kind == Kind.START else {}

    @property
    def base_url(self) -> str:
        return text(self.start, "base_url")

    @property
    def ended(self) -> str:
        """Why the run ended, as it said itself; empty for one that did not come to say so, or that still runs."""
        last = self.records[-1] if self.records else None
        return text(last.said, "reason") if last is not None and last.kind == Kind.END else ""

    def of(self, kind: Kind) -> Iterator[Entry]:
        return (entry for entry in self.records if entry.kind == kind)


def runs(folder: Path) -> tuple[Run, ...]:
    """Every file of a journal's folder, those in quarantine too, the oldest first. No folder: no files."""
    return tuple(read_run(path) for path in paths(folder))


def paths(folder: Path) -> list[Path]:
    """The files of a journal's folder in the order in which they were begun."""
    found: list[Path] = []
    for place in (folder, folder / QUARANTINE):
        with contextlib.suppress(OSError):
            found += [path for path in place.iterdir() if path.name.endswith(SUFFIX)]
    return sorted(found, key=lambda path: (_begun(path), path.name))


def read_run(path: Path) -> Run:
    """What ``path`` holds. Never raises for what is in the file, nor for one that cannot be read."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as trouble:
        return Run(path, bad=Flaw(path, 0, f"cannot be read ({trouble.strerror})"))
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return Run(path, bad=Flaw(path, 0, "is not a plain file"))
        # Asked before reading: what a process wrote before it died is then read, too.
        running = is_locked(fd)
        with os.fdopen(os.dup(fd), "rb") as file:
            data = file.read()
    except OSError as trouble:
        return Run(path, bad=Flaw(path, 0, f"cannot be read ({trouble.strerror})"))
    finally:
        os.close(fd)
    return _read(path, data, running=running)


def is_locked(fd: int) -> bool:
    """Whether a living process holds the file as its journal. A file system without locks says no."""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.flock(fd, fcntl.LOCK_UN)
    return False


def text(said: Mapping[str, Any], name: str) -> str:
    """A member that should be a string; empty where it is not."""
    value = said.get(name)
    return value if isinstance(value, str) else ""


def run_of(path: Path) -> str:
    """The run that a file belongs to: its later files are named by its first one with a number behind."""
    return "-".join(path.stem.split("-")[:3])


def _begun(path: Path) -> tuple[str, int]:
    """``-2`` stands before ``-10``."""
    parts = path.stem.split("-")
    return run_of(path), int(parts[3]) if len(parts) == 4 and parts[3].isdecimal() else 1


def _read(path: Path, data: bytes, *, running: bool) -> Run:
    *lines, rest = data.split(b"\n")
    judge = Judge()
    records, bad = [], None
    for number, raw in enumerate(lines, 1):
        entry = _entry(number, raw)
        why = judge.judge(number, raw, entry.said if entry is not None else None)
        if why and bad is None:
            bad = Flaw(path, number, why)
        if entry is not None:
            records.append(entry)
    return Run(path, tuple(records), len(rest), bad, running)


def _entry(number: int, raw: bytes) -> Entry | None:
    try:
        said = json.loads(raw, parse_float=_number, parse_constant=str)
        at = datetime.fromisoformat(said["utc"]).astimezone(UTC)
        return Entry(number, str(said["kind"]), at, said)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _number(digits: str) -> float | str:
    """As it was written where it is beyond all bounds: what stands in an intent is written again."""
    value = float(digits)
    return value if isfinite(value) else digits


@dataclass(frozen=True, slots=True)
class Cancel:
    """One intent, and everything that all files say of it. ``runs`` are the files, the one that asked first."""

    asked: Entry
    runs: tuple[Run, ...]
    followed: tuple[Entry, ...] = ()
    acknowledged: bool = False

    @property
    def intent(self) -> str:
        return self.asked.intent

    @property
    def account(self) -> str:
        return text(self.asked.said, "account")

    @property
    def cl_ord_id(self) -> str:
        return text(self.asked.said, "clOrdId")

    @property
    def running(self) -> bool:
        """Whether a living process has it in hand."""
        return any(run.running for run in self.runs)

    @property
    def outcome(self) -> Entry | None:
        """The first final outcome, else the last one."""
        found = [entry for entry in self.followed if entry.kind == Kind.OUTCOME]
        return next((entry for entry in found if entry.said.get("final") is True), found[-1] if found else None)

    @property
    def answer(self) -> Entry | None:
        """What came back last."""
        return next((entry for entry in reversed(self.followed) if entry.kind == Kind.ANSWER), None)

    @property
    def declined(self) -> bool:
        """Whether the intent turned out not to be durable, so that nothing was sent."""
        return any(entry.kind == Kind.DECLINED for entry in self.followed)

    @property
    def open(self) -> bool:
        """Whether no final outcome is known."""
        outcome = self.outcome
        return not self.declined and (outcome is None or outcome.said.get("final") is not True)


def cancels(files: Sequence[Run]) -> tuple[Cancel, ...]:
    """Every cancel in ``files``, in the order in which they were asked."""
    asked: dict[str, Entry] = {}
    holders: dict[str, list[Run]] = {}
    followed: dict[str, list[Entry]] = {}
    acknowledged: set[str] = set()
    for run in files:
        for entry in run.records:
            if entry.kind == Kind.INTENT:
                asked.setdefault(entry.intent, entry)
                holders.setdefault(entry.intent, []).append(run)
            elif entry.kind == Kind.ACKNOWLEDGEMENT:
                acknowledged.update(names(entry.said, "intents"))
            elif entry.intent:
                followed.setdefault(entry.intent, []).append(entry)
    return tuple(
        Cancel(entry, tuple(holders[intent]), tuple(followed.get(intent, ())), intent in acknowledged)
        for intent, entry in asked.items()
    )


def names(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A member that should be a list of strings; empty where it is not."""
    value = said.get(name)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
