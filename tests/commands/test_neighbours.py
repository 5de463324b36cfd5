"""Cancels of other runs that ``blotter cancel`` meets: they are waited for and not repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blotter import paths
from tests.commands.canceling import cancel, ends, never
from tests.commands.running import comes, ended, environment, on, records, run, started
from tests.desk.desk_broker import DeskBroker
from tests.desk.journal.left_behind import past
from tests.terminal.pty_session import private_environment


def test_a_second_process_waits_for_the_first_ones_cancel_and_sends_none(tmp_path: Path, broker: DeskBroker) -> None:
    first = started(tmp_path, "cancel", "ORD-1", "--yes", "--wait", "20", to=on(broker))
    other = started(tmp_path, "cancel", "ORD-1", "--yes", "--json", "--wait", "20", to=on(broker))
    with first as begun:
        comes(lambda: records(tmp_path, "answer"))
        with other as second:
            # Twice each: once to find the order, once as a desk that waits for its end.
            comes(lambda: broker.account_calls == 4)
            hasty = cancel(tmp_path, broker, "ORD-1", "--wait", "0")
            seen = run(tmp_path, "orders", to=broker)
            assert (hasty.code, hasty.json[0]["outcome"]) == (3, "pending")
            assert "another blotter of yours" in hasty.json[0]["text"]
            assert "CXL?" in seen.out
            broker.tell("ORD-1", "CANCELED")
            assert ended(begun).code == 0
            waited = ended(second)
    assert (waited.code, [each["outcome"] for each in json.loads(waited.out)]) == (0, ["canceled"])
    assert len(broker.cancels) == 1


def test_the_unknown_end_of_a_run_that_died_is_not_asked_about_twice(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [never]
    with started(tmp_path, "cancel", "ORD-1", "--yes", to=on(broker)):
        comes(lambda: records(tmp_path, "attempt"))
        comes(lambda: broker.cancels)
    ran = cancel(tmp_path, broker, "ORD-1", "--wait", "0")
    assert (ran.code, ran.json[0]["outcome"]) == (3, "unknown")
    assert len(broker.cancels) == 1


def test_a_run_that_ended_without_a_last_word_is_taken_up_by_the_next(tmp_path: Path, broker: DeskBroker) -> None:
    """As the command advises where its wait ran out."""
    first = cancel(tmp_path, broker, "ORD-1", "--wait", "0")
    assert (first.code, first.json[0]["outcome"]) == (3, "pending")
    broker.feed.set("ORD-1", "PENDING_CANCEL")
    with started(tmp_path, "cancel", "ORD-1", "--yes", "--json", "--wait", "20", to=on(broker)) as second:
        comes(lambda: broker.account_calls == 4)
        broker.tell("ORD-1", "CANCELED")
        ran = ended(second)
    assert (ran.code, ran.json[0]["outcome"]) == (0, "canceled")
    assert len(broker.cancels) == 1


@pytest.mark.parametrize("verdict", ["accepted", "unknown"])
def test_a_cancel_that_a_dead_run_left_long_ago_is_unconfirmed_and_asked_again(
    tmp_path: Path, broker: DeskBroker, verdict: str
) -> None:
    """The list shows the order working since; whether the broker had taken the first makes no difference any more."""
    with environment(private_environment(tmp_path)):
        folder = paths.state_folder(practice=False)
    with past(folder, broker, ago=90) as dead:
        dead.hears(dead.asks(), verdict)
    assert "CXL??" in run(tmp_path, "orders", to=broker).out
    broker.on_cancel = [ends(broker)]
    ran = cancel(tmp_path, broker, "ORD-1", "--wait", "20")
    assert (ran.code, ran.json[0]["outcome"]) == (0, "canceled")
    assert len(broker.cancels) == 1


def test_a_cancel_that_a_dead_run_left_a_moment_ago_is_pending_still(tmp_path: Path, broker: DeskBroker) -> None:
    with environment(private_environment(tmp_path)):
        folder = paths.state_folder(practice=False)
    with past(folder, broker, ago=10) as dead:
        dead.hears(dead.asks(), "accepted")
    assert "CXL? " in run(tmp_path, "orders", to=broker).out
    ran = cancel(tmp_path, broker, "ORD-1", "--wait", "0")
    assert (ran.code, ran.json[0]["outcome"]) == (3, "pending")
    assert broker.cancels == []
