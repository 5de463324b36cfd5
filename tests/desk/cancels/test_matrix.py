"""Conformance through the whole desk: keys, real HTTP, a real stream, a real journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from tests.core.disorder import delayed, doubled, swapped
from tests.core.matrix_file import Scenario, Step, scenarios
from tests.desk.cancels.matrix_player import player, through

SCENARIOS = scenarios()
OVER_HTTP = [scenario for scenario in SCENARIOS if any(step["event"].startswith("HTTP_") for step in scenario.steps)]
LONG = bool(os.environ.get("BLOTTER_LONG"))


def _named(scenarios: Sequence[Scenario]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scenario", scenarios, ids=lambda scenario: scenario.name)


@_named(SCENARIOS)
def test_matrix_through_the_desk(tmp_path: Path, scenario: Scenario) -> None:
    with player(scenario, tmp_path) as played:
        for number, (step, expected) in enumerate(zip(scenario.steps, scenario.expected, strict=True), 1):
            played.play(step, expected)
            try:
                played.settles(expected)
            except AssertionError as error:
                raise AssertionError(f"after step {number}, {step['event']}: {step.get('text')}: {error}") from None
            played.holds()


@_named(SCENARIOS if LONG else OVER_HTTP)
@pytest.mark.parametrize("disorder", [doubled, swapped, delayed])
def test_matrix_in_disorder_through_the_desk(
    tmp_path: Path, scenario: Scenario, disorder: Callable[[Sequence[Step]], Iterable[tuple[Step, ...]]]
) -> None:
    for number, steps in enumerate(disorder(scenario.steps)):
        with player(scenario, tmp_path / str(number)) as played:
            through(played, steps)
            played.finish()
