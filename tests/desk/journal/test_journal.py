"""The journal on real files: durable before it returns, chained, private, and never trusted after a failure."""

from __future__ import annotations

import errno
import fcntl
import json
import stat
from pathlib import Path

import pytest

from blotter.desk.journal import recall
from blotter.desk.journal.disk import Tape
from blotter.desk.journal.journal import Journal, JournalError
from blotter.desk.journal.ledger import cancels, read_run
from blotter.desk.journal.record import GENESIS, Kind, Record, line
from blotter.desk.journal.witness import nobody, witness_of
from tests.desk.journal.bad_disk import Counting, Trouble
from tests.desk.journal.journals import files, intent, journal, outcome, records, write
from tests.desk.values import AT, WHO, order
from tests.ui.fake_desk import HandClock


def test_a_run_that_sends_nothing_leaves_no_file(tmp_path: Path) -> None:
    quiet = journal(tmp_path / "journal")
    quiet.check()
    quiet.close("quit")
    assert files(tmp_path / "journal") == []


def test_a_record_says_what_was_shown_and_who_pressed(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    write(kept, intent())
    write(kept, outcome())
    kept.close("quit")
    start, asked, became, end = records(files(tmp_path)[0])
    assert [each["kind"] for each in (start, asked, became, end)] == ["start", "intent", "outcome", "end"]
    assert start["who"] == {
        "login": "trader",
        "uid": 1000,
        "host": "desk-1",
        "tty": "/dev/pts/3",
        "ssh": "192.0.2.7 50022 192.0.2.1 22",
    }
    assert asked["order"]["price"] == "12.50"
    assert asked["utc"] == "2026-11-22T14:02:11Z"
    assert asked["mono"] == 100.0
    assert end["unsettled"] == []


def test_an_intent_without_final_outcome_is_named_at_the_end(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    write(kept, intent("i-1"))
    write(kept, intent("i-2"))
    write(kept, outcome("i-1"))
    write(kept, outcome("i-2", final=False))
    kept.close("quit")
    assert records(files(tmp_path)[0])[-1]["unsettled"] == ["i-2"]


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "journal"
    folder.mkdir(parents=True, mode=0o755)
    write(journal(folder), intent())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(files(folder)[0].stat().st_mode) == 0o600


def test_a_living_run_holds_a_lock(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    write(kept, intent())
    with files(tmp_path)[0].open("rb") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
        kept.close("quit")
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_broker_text_of_any_kind_is_kept_on_one_line() -> None:
    nasty = "line\nbreak \x1b]52;c;AAAA\x07 \u202e \ud800 \x00"
    raw, _ = line(Record(Kind.ANSWER, AT, {"text": nasty}), seq=0, run="r", prev=GENESIS)
    assert raw.count(b"\n") == 1
    assert raw.isascii()
    assert json.loads(raw)["text"] == nasty


@pytest.mark.parametrize(
    ("plan", "code"),
    [({"append": 2}, errno.ENOSPC), ({"sync": 1}, errno.EIO), ({"cut": 2}, errno.EIO), ({"append": 2}, errno.EROFS)],
)
def test_a_file_that_failed_once_is_left_and_the_next_one_holds_the_open_intents(
    tmp_path: Path, plan: dict[str, int], code: int
) -> None:
    def tape(path: Path) -> Tape:
        return Trouble(path, plan, code)

    kept = journal(tmp_path, open_tape=tape)
    write(kept, intent("i-1"))
    with pytest.raises(JournalError, match="cannot be written"):
        write(kept, intent("i-2"))
    (first,) = files(tmp_path)
    left = first.read_bytes()
    write(kept, intent("i-3"))
    kept.close("quit")
    (second,) = set(files(tmp_path)) - {first}
    told = records(second)
    assert [(each["kind"], each.get("intent"), each.get("again")) for each in told[:3]] == [
        ("start", None, None),
        ("intent", "i-1", True),
        ("intent", "i-3", None),
    ]
    assert told[0]["continues"] == first.name
    assert first.read_bytes() == left


@pytest.mark.parametrize("plan", [{"append": 2}, {"sync": 1}, {"cut": 2}])
def test_an_outcome_gets_a_second_file_when_the_first_fails(tmp_path: Path, plan: dict[str, int]) -> None:
    kept = journal(tmp_path, open_tape=lambda path: Trouble(path, plan, errno.EIO))
    write(kept, intent("i-1"))
    (first,) = files(tmp_path)
    write(kept, outcome("i-1"))
    kept.close("quit")
    (second,) = set(files(tmp_path)) - {first}
    told = records(second)
    assert [(each["kind"], each.get("again")) for each in told] == [
        ("start", None),
        ("intent", True),
        ("outcome", None),
        ("end", None),
    ]


def test_what_becomes_of_an_order_after_the_last_word_stands_beside_its_cancels_name(tmp_path: Path) -> None:
    fails_at = {"append": 3}
    kept = journal(tmp_path, open_tape=lambda path: Trouble(path, fails_at, errno.EIO))
    asked = {"account": "ACC-1", "clOrdId": "ORD-1", "tag": "ka", "shown": "Cancel BUY ZZA?", "row": order()}
    write(kept, Record(Kind.INTENT, AT, {"intent": "i-1", **asked}))
    write(kept, outcome("i-1"))
    write(kept, Record(Kind.REPORT, AT, {"intent": "i-1", "order": order(ord_status="FILLED")}))
    kept.close("quit")
    first, second = files(tmp_path)
    _, again, report, end = records(second)
    said = {name: value for name, value in again.items() if name in ("intent", "again", *asked)}
    assert said == {"intent": "i-1", "again": True, "account": "ACC-1", "clOrdId": "ORD-1", "tag": "ka"}
    assert (report["kind"], report["order"]["ord_status"], end["unsettled"]) == ("report", "FILLED", [])
    (cancel,) = cancels([read_run(first), read_run(second)])
    assert recall.order(cancel).symbol == "ZZA"
    assert not cancel.open


def test_an_outcome_without_a_durable_intent_is_left_out(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    write(kept, intent("i-1"))
    write(kept, outcome("i-2"))
    write(kept, outcome("i-1"))
    write(kept, outcome("i-1"))
    kept.close("quit")
    assert [each["kind"] for each in records(files(tmp_path)[0])] == ["start", "intent", "outcome", "end"]


@pytest.mark.parametrize("plan", [{"append": 4}, {"sync": 2}, {"cut": 4}])
def test_facts_not_known_to_be_on_the_disk_are_written_again(tmp_path: Path, plan: dict[str, int]) -> None:
    kept = journal(tmp_path, open_tape=lambda path: Trouble(path, plan, errno.EIO))
    write(kept, intent("i-1"))
    write(kept, intent("i-2"))
    kept.put(Record(Kind.ATTEMPT, AT, {"intent": "i-1"}))
    kept.put(outcome("i-1"))
    kept.sync()
    (first, second) = files(tmp_path)
    assert [(each["kind"], each.get("intent")) for each in records(second)] == [
        ("start", None),
        ("intent", "i-1"),
        ("intent", "i-2"),
        ("attempt", "i-1"),
        ("outcome", "i-1"),
    ]
    kept.close("quit")
    assert records(second)[-1]["unsettled"] == ["i-2"]
    assert read_run(first).bad is None
    assert read_run(second).bad is None


def test_the_intents_of_many_share_one_fsync(tmp_path: Path) -> None:
    tapes: list[Counting] = []

    def tape(path: Path) -> Tape:
        tapes.append(Counting(path))
        return tapes[-1]

    kept = journal(tmp_path, open_tape=tape)
    kept.intend(*(intent(f"i-{number}") for number in range(200)))
    assert (tapes[0].appends, tapes[0].syncs) == (201, 1)
    assert len(records(files(tmp_path)[0])) == 201


@pytest.mark.parametrize("plan", [{"append": 120}, {"sync": 0}, {"cut": 7}])
def test_of_many_intents_all_are_durable_or_none_counts(tmp_path: Path, plan: dict[str, int]) -> None:
    kept = journal(tmp_path, open_tape=lambda path: Trouble(path, plan, errno.EIO))
    with pytest.raises(JournalError):
        kept.intend(*(intent(f"i-{number}") for number in range(200)))
    kept.put(outcome("i-3"))
    write(kept, intent("i-200"))
    kept.close("quit")
    assert [each.get("intent") for each in records(files(tmp_path)[-1])] == [None, "i-200", None]


def test_an_adopted_intent_is_repeated_with_the_first_word_about_it(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    kept.adopt(intent("then-1"))
    kept.close("quit")
    assert files(tmp_path) == []
    kept = journal(tmp_path)
    kept.adopt(intent("then-1"))
    kept.adopt(intent("then-2"))
    kept.put(outcome("then-1"))
    kept.put(Record(Kind.ACKNOWLEDGEMENT, AT, {"intents": ("then-1", "then-2")}))
    kept.close("quit")
    _, again, became, noted, end = records(files(tmp_path)[0])
    assert (again["kind"], again["intent"], again["again"]) == ("intent", "then-1", True)
    assert became["intent"] == "then-1"
    assert noted["intents"] == ["then-1", "then-2"]
    assert (end["unsettled"], end["settled"], end["acknowledged"]) == ([], ["then-1"], ["then-1", "then-2"])


def test_a_witness_hears_where_the_chain_stands_once_a_minute_and_at_the_end(tmp_path: Path) -> None:
    clock, heard = HandClock(), list[str]()
    kept = Journal(tmp_path, clock, WHO, {}, witness=heard.append)
    for seconds in (0, 30, 20, 20):
        clock.advance(seconds)
        write(kept, intent(f"i-{clock.now().mono}"))
    kept.keep(intent("i-x"))
    kept.close("quit")
    lines = files(tmp_path)[0].read_bytes().splitlines()
    heads = [(2, json.loads(lines[1])["hash"]), (5, json.loads(lines[4])["hash"]), (7, json.loads(lines[6])["hash"])]
    name = files(tmp_path)[0].name
    said = [f"journal {name} {count} records, hash {digest}" for count, digest in heads]
    assert heard == [*said[:2], f"cancel sent without a record: intent i-x of run {kept.run}", said[2]]


@pytest.mark.parametrize(
    ("url", "told"), [("http://127.0.0.1:8765", False), ("http://[::1]:1", False), ("https://api.example.com", True)]
)
def test_practice_concerns_nobody_else(url: str, told: bool) -> None:
    assert (witness_of(url) is not nobody) == told
