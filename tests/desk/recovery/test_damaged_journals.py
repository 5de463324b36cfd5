"""Journals of earlier runs that were torn, edited by hand, or written by another version: nothing in them is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blotter.core.book.cancel import CancelState
from tests.desk.desk_broker import running_broker
from tests.desk.journal.left_behind import past, settled
from tests.desk.seat import seated


def test_a_damaged_journal_is_put_aside_and_what_can_be_read_of_it_counts(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker:
        with past(tmp_path, broker) as then:
            _, second = then.asks("ORD-1"), then.asks("ORD-2")
        assert then.journal.path is not None
        touched = then.journal.path.read_bytes().replace(b'"clOrdId":"ORD-1"', b'"clOrdId":"ORD-8"', 1)
        then.journal.path.write_bytes(touched)
        broker.feed.set("ORD-2", "CANCELED")
        with seated(broker, tmp_path) as seat:
            told = seat.told("A journal is damaged: it was read as far as it can be, and put aside")
            assert f"{then.journal.path.name}, line 2: its bytes are not those that were written" in told.text
            settled(seat, second)
            seat.told("ORD-8")
        assert not then.journal.path.exists()
        assert (tmp_path / "quarantine" / then.journal.path.name).read_bytes() == touched
        with seated(broker, tmp_path) as seat:
            seat.told("ORD-8")
            assert not [text for text in seat.texts if "damaged" in text]


def test_a_torn_last_line_does_no_harm(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
        assert then.journal.path is not None
        then.journal.path.write_bytes(then.journal.path.read_bytes()[:-30])
        broker.feed.set("ORD-1", "CANCELED")
        with seated(broker, tmp_path) as seat:
            settled(seat, intent)
        assert not [text for text in seat.texts if "damaged" in text]


def test_an_answer_in_the_words_of_another_version_is_an_outcome_that_reading_settles(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
            then.hears(intent, "queued")
        with seated(broker, tmp_path, settle_earlier=False) as seat:
            seat.live()
            seat.becomes(CancelState.UNKNOWN)
        broker.feed.set("ORD-1", "CANCELED")
        with seated(broker, tmp_path) as seat:
            outcome = settled(seat, intent).outcome
            assert outcome is not None
            assert outcome.said["outcome"] == "canceled"
    assert broker.cancels == []


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        pytest.param(1, "mono", 10**400, id="intent"),
        pytest.param(1, "shown", float("inf"), id="endless"),
        pytest.param(1, "shown", json.loads("[" * 900 + "]" * 900), id="deep"),
        pytest.param(2, "utc", "9999-12-31T23:59:59-05:00", id="attempt"),
    ],
)
def test_a_number_or_moment_beyond_all_bounds_does_not_keep_a_cancel_from_being_settled(
    tmp_path: Path, line: int, name: str, value: object
) -> None:
    with running_broker("ORD-1") as broker:
        with past(tmp_path, broker) as then:
            intent = then.asks()
        assert then.journal.path is not None
        lines = [json.loads(each) for each in then.journal.path.read_text().splitlines()]
        lines[line][name] = value
        then.journal.path.write_text("".join(json.dumps(each) + "\n" for each in lines))
        broker.feed.set("ORD-1", "CANCELED")
        with seated(broker, tmp_path) as seat:
            seat.told("A journal is damaged: it was read as far as it can be")
            settled(seat, intent)
    assert broker.cancels == []


def test_hostile_journals_do_not_reach_the_desk(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        lines = [
            {"seq": 0, "run": "r", "kind": "start", "utc": "2026-11-22T00:00:00Z", "base_url": broker.server.url},
            {"kind": "intent", "utc": "9999-99-99", "intent": "x"},
            {"kind": "intent", "utc": "2026-11-22T00:00:00Z", "intent": "y", "account": 7, "row": {"qty": "NaN"}},
            {"kind": "intent", "utc": "2026-11-22T00:00:00Z", "intent": "z", "row": [], "clOrdId": "\x1b]52;c;A\x07"},
            {"kind": "acknowledgement", "utc": "2026-11-22T00:00:00Z", "intents": "z"},
            {"kind": "end", "utc": "2026-11-22T00:00:00Z", "reason": ["quit"]},
        ]
        raw = "\n".join(json.dumps(line) for line in lines)
        (tmp_path / "20261122T000000Z-1-aa.jsonl").write_text(raw)
        with seated(broker, tmp_path) as seat:
            seat.live()
            seat.told("A journal is damaged")
            seat.told("2 cancels have no answer")
        assert not [text for text in seat.texts if "\x1b" in text]
