"""The journal's worker: who waits for the disk, who does not, and for how long."""

from __future__ import annotations

import errno
import time
from pathlib import Path

from blotter.desk.clock import SystemClock
from blotter.desk.journal.disk import File, Tape
from blotter.desk.journal.journal import Journal
from blotter.desk.journal.ledger import paths, read_run
from blotter.desk.journal.record import Kind, Record
from blotter.desk.journal.scribe import Scribe
from blotter.desk.journal.spare import ROOM
from tests.desk.feed.broker import until
from tests.desk.journal.bad_disk import Counting
from tests.desk.values import AT, WHO, order


class Timed(Counting):
    """Notes when what was appended first reached the disk."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.oldest: float | None = None
        self.waits: list[float] = []

    def append(self, data: bytes) -> None:
        self.oldest = self.oldest or time.monotonic()
        super().append(data)

    def sync(self) -> None:
        super().sync()
        if self.oldest is not None:
            self.waits.append(time.monotonic() - self.oldest)
        self.oldest = None


def intent(name: str) -> Record:
    return Record(Kind.INTENT, AT, {"intent": name, "row": order()})


def fact(name: str) -> Record:
    return Record(Kind.ATTEMPT, AT, {"intent": name})


async def test_an_intent_waits_for_the_disk_and_facts_share_an_fsync(tmp_path: Path) -> None:
    tapes: list[Timed] = []

    def tape(path: Path) -> Tape:
        tapes.append(Timed(path))
        return tapes[-1]

    troubles: list[str] = []
    scribe = Scribe(Journal(tmp_path, SystemClock(), WHO, {}, tape), troubles.append)
    await scribe.durable(*(intent(f"i-{number}") for number in range(50)))
    (used,) = tapes
    assert (used.appends, used.syncs) == (51, 1)
    for number in range(50):
        scribe.post(fact(f"i-{number}"))
    await until(lambda: len(used.waits) == 2)
    assert (used.appends, used.syncs) == (101, 2)
    assert used.waits[1] < 0.5, "40 ms and what a busy machine adds"
    await scribe.close("quit")
    assert troubles == []
    assert read_run(paths(tmp_path)[0]).ended == "quit"


async def test_facts_are_written_at_once(tmp_path: Path) -> None:
    scribe = Scribe(Journal(tmp_path, SystemClock(), WHO, {}, File), lambda _: None)
    await scribe.durable(intent("i-1"))
    scribe.post(fact("i-1"))
    await scribe.durable(intent("i-2"))
    kinds = [entry.kind for entry in read_run(paths(tmp_path)[0]).records]
    assert kinds == ["start", "intent", "attempt", "intent"]
    await scribe.close("quit")


async def test_room_is_kept_once_something_was_asked(tmp_path: Path) -> None:
    scribe = Scribe(Journal(tmp_path, SystemClock(), WHO, {}, File), lambda _: None)
    scribe.post(Record(Kind.ACKNOWLEDGEMENT, AT, {"intents": ("i-0",)}))
    await scribe.durable(intent("i-1"))
    spare = tmp_path / "spare"
    await until(lambda: spare.exists() and spare.stat().st_size == ROOM)
    await scribe.close("quit")
    assert spare.stat().st_mode & 0o077 == 0


async def test_what_no_file_takes_is_tried_again_without_another_record(tmp_path: Path) -> None:
    well = False

    def tape(path: Path) -> Tape:
        if not well:
            raise OSError(errno.EROFS, "Read-only file system")
        return File(path)

    troubles: list[str] = []
    whole: list[bool] = []
    journal = Journal(tmp_path, SystemClock(), WHO, {}, tape)
    scribe = Scribe(journal, troubles.append, caught_up=lambda: whole.append(True))
    scribe.keep(intent("i-1"), intent("i-2"))
    scribe.post(fact("i-1"))
    await until(lambda: bool(troubles))
    assert not whole
    well = True
    await until(lambda: bool(whole), 20.0)
    (only,) = paths(tmp_path)
    told = [(entry.kind, entry.intent) for entry in read_run(only).records]
    assert told == [("start", ""), ("intent", "i-1"), ("intent", "i-2"), ("attempt", "i-1")]
    await scribe.close("quit")
    assert whole == [True]
