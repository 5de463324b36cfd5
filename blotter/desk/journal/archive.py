"""What earlier runs left behind: cancels without a last word, outcomes that nobody acknowledged, damaged files.

A run that ended by ``q`` with nothing unsettled says so in its last line, which is all that is read of its files: a
start must not take longer with every day of use. The end of a run names what it settled and acknowledged of runs
before it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from blotter.desk.journal.ledger import QUARANTINE, Cancel, Flaw, Run, cancels, names, paths, read_run, run_of, text
from blotter.desk.journal.record import Kind

QUIT = "quit"
"""The reason of an end that the trader chose: he saw what there was to see."""

_LAST_LINE = 1 << 18


@dataclass(frozen=True, slots=True)
class Findings:
    """``open`` has no last word and nobody at work on it; ``running`` has a living process at work; ``settled`` has its
    last word. ``unseen`` got it in a run that did not end by ``q``, and nobody acknowledged it. ``last`` is the
    newest run but ours.
    """

    open: tuple[Cancel, ...] = ()
    running: tuple[Cancel, ...] = ()
    settled: tuple[Cancel, ...] = ()
    unseen: tuple[Cancel, ...] = ()
    damaged: tuple[Flaw, ...] = ()
    last: str = ""


class Archive:
    """The files of one folder that are about ``base_url``, but for those of the run ``own``. Blocking."""

    def __init__(self, folder: Path, base_url: str, own: str) -> None:
        self._folder = folder
        self._base_url = base_url
        self._own = own
        self._closed: set[str] = set()
        self._settled: set[str] = set()
        self._acknowledged: set[str] = set()
        self._read: dict[Path, tuple[tuple[int, int], Run]] = {}

    def look(self) -> Findings:
        """Read what changed since the last look."""
        files: dict[str, list[Path]] = {}
        for path in paths(self._folder):
            name = run_of(path)
            if name != self._own and name not in self._closed:
                files.setdefault(name, []).append(path)
        kept = [run for name in files for run in self._unfinished(name, files[name])]
        urls = {run.name: run.base_url for run in kept if run.base_url}
        # A file whose start cannot be read may be about this broker, too.
        ours = [run for run in kept if urls.get(run.name, self._base_url) == self._base_url]
        return self._findings(ours, max(files, default=""))

    def quarantine(self, damaged: Iterable[Flaw]) -> tuple[str, ...]:
        """Put these files aside; returns a sentence for each. They are still read, as far as that goes."""
        return tuple(self._put_aside(flaw) for flaw in damaged)

    def _unfinished(self, name: str, files: list[Path]) -> list[Run]:
        if end := _clean_end(files[-1]):
            self._closed.add(name)
            self._settled.update(names(end, "settled"))
            self._acknowledged.update(names(end, "acknowledged"))
            return []
        return [self._file(path) for path in files]

    def _file(self, path: Path) -> Run:
        """A file without a writer is read once, as long as nobody changes it."""
        try:
            found = path.lstat()
            stamp = (found.st_size, found.st_mtime_ns)
        except OSError:
            stamp = (-1, -1)
        if path in self._read and self._read[path][0] == stamp:
            return self._read[path][1]
        run = read_run(path)
        if not run.running:
            self._read[path] = (stamp, run)
        return run

    def _findings(self, runs: list[Run], last: str) -> Findings:
        living = {run.name for run in runs if run.running}
        asked = tuple(self._as_known(cancel) for cancel in cancels(runs) if cancel.intent not in self._settled)
        running = tuple(cancel for cancel in asked if any(run.name in living for run in cancel.runs))
        dead = tuple(cancel for cancel in asked if cancel not in running)
        ended_by_q = {run.name for run in runs if run.ended == QUIT}
        unseen = {
            entry.intent
            for run in runs
            if run.name not in living | ended_by_q
            for entry in run.of(Kind.OUTCOME)
            if entry.said.get("final") is True
        }
        return Findings(
            open=tuple(cancel for cancel in dead if cancel.open and not _given_up(cancel)),
            running=tuple(cancel for cancel in running if cancel.open),
            settled=tuple(cancel for cancel in asked if not cancel.open),
            unseen=tuple(cancel for cancel in dead if cancel.intent in unseen and not cancel.acknowledged),
            damaged=tuple(run.bad for run in runs if run.bad and not run.running and run.path.parent == self._folder),
            last=last,
        )

    def _as_known(self, cancel: Cancel) -> Cancel:
        return replace(cancel, acknowledged=cancel.acknowledged or cancel.intent in self._acknowledged)

    def _put_aside(self, flaw: Flaw) -> str:
        place = self._folder / QUARANTINE
        try:
            place.mkdir(mode=0o700, exist_ok=True)
            flaw.path.rename(place / flaw.path.name)
        except OSError as trouble:
            return f"A journal is damaged and cannot be put aside ({trouble.strerror}): {flaw}"
        return f"A journal is damaged: it was read as far as it can be, and put aside; {flaw}; it is in {place}"


def _given_up(cancel: Cancel) -> bool:
    """Every read showed the order working, and the trader knows: nothing is open about this cancel but its name."""
    outcome = cancel.outcome
    return cancel.acknowledged and outcome is not None and text(outcome.said, "outcome") == "unconfirmed"


def _clean_end(path: Path) -> Mapping[str, Any] | None:
    """The last record of a file, if it says that the run ended by ``q`` and left nothing open."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _LAST_LINE, 0))
            *_, last, rest = b"\n", *file.read().split(b"\n")
        end = json.loads(last)
        if not rest and isinstance(end, dict) and end.get("kind") == Kind.END and end.get("reason") == QUIT:
            return None if end.get("unsettled") else end
    return None
