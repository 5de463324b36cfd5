"""Where no file can be written, and where the disk is full."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from blotter.core.notice import Severity
from blotter.desk.journal.disk import File, Tape
from blotter.desk.journal.journal import ROOM_USED, JournalError
from blotter.desk.journal.record import Kind, Record
from tests.desk.journal.bad_disk import SmallDisk, Trouble
from tests.desk.journal.journals import files, intent, journal, outcome, records, write
from tests.desk.values import AT


def test_where_no_file_can_be_made_the_record_fails(tmp_path: Path) -> None:
    in_the_way = tmp_path / "journal"
    in_the_way.write_text("not a folder")
    kept = journal(in_the_way)
    with pytest.raises(JournalError, match="journal"):
        kept.check()
    with pytest.raises(JournalError, match="journal"):
        write(kept, intent())


def test_a_file_taken_away_under_a_run_is_noticed(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    write(kept, intent("i-1"))
    files(tmp_path)[0].unlink()
    with pytest.raises(JournalError, match="removed"):
        write(kept, intent("i-2"))


def test_what_no_file_takes_is_kept_for_the_next_that_does(tmp_path: Path) -> None:
    full = True

    def tape(path: Path) -> Tape:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return File(path)

    kept = journal(tmp_path, open_tape=tape)
    kept.keep(intent("i-1"))
    for kind in (Kind.ATTEMPT, Kind.ANSWER):
        with pytest.raises(JournalError, match="No space left"):
            kept.put(Record(kind, AT, {"intent": "i-1"}))
    full = False
    with pytest.raises(JournalError, match="No space left"):
        kept.put(outcome("i-1"))
    assert files(tmp_path) == []
    write(kept, intent("i-2"))
    kept.close("quit")
    (only,) = files(tmp_path)
    assert [each["kind"] for each in records(only)] == [
        "start",
        *("intent", "attempt", "answer", "outcome"),
        "intent",
        "end",
    ]


def test_an_end_that_loses_facts_says_so(tmp_path: Path) -> None:
    kept = journal(tmp_path, open_tape=lambda path: Trouble(path, {"append": 0}, errno.EROFS))
    kept.keep(intent("i-1"))
    (tmp_path / "gone").touch()
    kept._folder = tmp_path / "gone"
    with pytest.raises(JournalError):
        kept.close("quit")


def test_a_full_disk_gets_the_room_that_was_kept(tmp_path: Path) -> None:
    disk = SmallDisk(room=24_000)
    kept = journal(tmp_path, open_tape=disk.tape)
    kept.spare = disk.spare(tmp_path)
    write(kept, intent("i-1"))
    kept.spare.keep()
    assert disk.left < 3_200
    for number in range(2, 12):
        write(kept, intent(f"i-{number}"))
    kept.close("quit")
    assert kept.remarks == [(Severity.ALERT, ROOM_USED)]
    assert not (tmp_path / "spare").exists()
    assert len(files(tmp_path)) == 2
    assert [each["intent"] for each in records(files(tmp_path)[1])[1:-1]] == [f"i-{number}" for number in range(1, 12)]


def test_without_room_kept_a_full_disk_stops_the_intent(tmp_path: Path) -> None:
    disk = SmallDisk(room=2_000)
    kept = journal(tmp_path, open_tape=disk.tape)
    kept.spare = disk.spare(tmp_path)
    kept.spare.keep()
    assert not (tmp_path / "spare").exists()
    write(kept, intent("i-1"))
    disk.left = 100
    with pytest.raises(JournalError, match="No space left"):
        write(kept, intent("i-2"))
    assert kept.remarks == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    class Full(File):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            os.close(self._fd)
            self._fd = os.open("/dev/full", os.O_WRONLY)

    with pytest.raises(JournalError, match="No space left"):
        write(journal(tmp_path, open_tape=Full), intent())
