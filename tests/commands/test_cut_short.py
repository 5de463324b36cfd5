"""A cancel that is cut short, by a signal or by a reader that went away: what is on record then."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.commands.canceling import ends
from tests.commands.running import comes, ended, on, records, start, started
from tests.desk.desk_broker import DeskBroker


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(tmp_path: Path, broker: DeskBroker, number: signal.Signals) -> None:
    with started(tmp_path, "cancel", "ORD-1", "--yes", "--json", to=on(broker)) as begun:
        comes(lambda: records(tmp_path, "answer"))
        begun.send_signal(number)
        ran = ended(begun)
    assert ran.code == 128 + number
    assert ran.json[0]["outcome"] == "pending"
    assert [each["outcome"] for each in records(tmp_path, "outcome")] == ["pending"]
    assert records(tmp_path, "end")[0]["reason"] == number.name


def test_a_closed_output_changes_nothing_but_the_end_on_record(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [ends(broker)]
    reading, writing = os.pipe()
    os.close(reading)
    ran = ended(start(tmp_path, "cancel", "ORD-1", "--yes", to=on(broker), stdout=writing))
    os.close(writing)
    assert ran.code == 0
    assert ran.err == ""
    assert records(tmp_path, "end")[0]["reason"] == "its output was closed"
