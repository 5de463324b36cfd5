"""Conformance: what the row must be after every message about one order and its cancels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path

import pytest

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, why_not_cancel
from tests.core.disorder import delayed, doubled, swapped
from tests.core.matrix import Reader, end_of, picture, wanted
from tests.core.matrix_file import Scenario, Step, scenarios

SCENARIOS = scenarios()

each = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@each
def test_matrix(scenario: Scenario) -> None:
    reader = Reader(scenario)
    for number, step, expected in zip(count(1), scenario.steps, scenario.expected, strict=False):
        reader.tell(step)
        seen = picture(reader.row, reader.clock.now())
        assert seen == wanted(expected, seen), f"after step {number}, {step['event']}: {step.get('text')}"
        _holds(reader)


@each
def test_matrix_when_every_step_comes_twice(scenario: Scenario) -> None:
    for index, steps in enumerate(doubled(scenario.steps)):
        reader = Reader(scenario)
        for step in steps:
            reader.tell(step)
            _holds(reader)
        seen = picture(reader.row, reader.clock.now())
        assert seen == wanted(scenario.expected[-1], seen), f"step {index + 1} came twice"


@each
@pytest.mark.parametrize("disorder", [swapped, delayed])
def test_matrix_in_disorder_ends_as_the_final_read_says(
    scenario: Scenario, disorder: Callable[[Sequence[Step]], Iterable[tuple[Step, ...]]]
) -> None:
    for steps in disorder(scenario.steps):
        reader = Reader(scenario)
        ended = False
        for step in steps:
            reader.tell(step)
            finished = reader.row.order.ord_status in FINISHED
            assert finished or not ended or step["event"] in ("SNAPSHOT_ONE", "EXEC_TRADE_CANCEL"), step
            ended = finished
            _holds(reader)
        reader.tell(end_of(scenario))
        _equals_the_end(scenario, reader)


def test_matrix_has_scenarios() -> None:
    assert SCENARIOS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting"),
        ("[]", "list 'scenarios'"),
        ('{"scenarios": []}', "list 'scenarios'"),
        ('{"scenarios": [{"id": "A", "steps": []}]}', "scenario A: it lacks orderQty, expected_after_each_step"),
        (
            '{"scenarios": [{"id": "A", "orderQty": 1, "steps": [{"event": "X"}], "expected_after_each_step": [{}]}]}',
            "scenario A: step 1: 'X' is no event",
        ),
        (
            '{"scenarios":[{"id":1,"orderQty":1,"steps": [{"event": "HTTP_REPLY"}], "expected_after_each_step": [1]}]}',
            "scenario 1: step 1: HTTP_REPLY is about an order that is not there: 'given' is missing",
        ),
    ],
)
def test_a_matrix_file_that_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "matrix.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^CANCEL_MATRIX ") as caught:
        scenarios(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def _equals_the_end(scenario: Scenario, reader: Reader) -> None:
    seen = picture(reader.row, reader.clock.now())
    told = wanted(scenario.expected[-1], seen)
    for name in ("ordStatus", "cumQty", "leavesQty"):
        assert seen[name] == told[name], name
    if told["avgPx"] is not None:
        assert seen["avgPx"] == told["avgPx"]


def _holds(reader: Reader) -> None:
    """What is true of a row at any time, whatever was told."""
    row: Row = reader.row
    order = row.order
    finished = order.ord_status in FINISHED
    can = why_not_cancel(row, reader.clock.now()) is None
    assert not finished or order.leaves_qty == 0
    assert finished or row.cancel != CancelState.CONFIRMED
    assert order.cum_qty <= order.qty or row.needs_read
    assert not (can and finished)
    assert not (can and row.cancel in (CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN))
    assert finished or order.cum_qty + order.leaves_qty == order.qty or row.needs_read
