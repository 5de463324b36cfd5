"""Ways in which the messages of a scenario can reach us other than once and in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.core.matrix_file import Step


def doubled(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Every step delivered twice, one at a time."""
    for index, step in enumerate(steps):
        yield (*steps[: index + 1], step, *steps[index + 1 :])


def swapped(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Every pair of neighbouring broker events in the other order."""
    for index, (one, other) in enumerate(pairwise(steps)):
        if _from_broker(one) and _from_broker(other):
            yield (*steps[:index], other, one, *steps[index + 2 :])


def delayed(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Every stream event moved to right after, and to right before, each HTTP answer."""
    for index, step in enumerate(steps):
        if not step["event"].startswith("EXEC_"):
            continue
        rest = [*steps[:index], *steps[index + 1 :]]
        for place, other in enumerate(rest):
            if other["event"].startswith("HTTP_"):
                yield (*rest[:place], step, *rest[place:])
                yield (*rest[: place + 1], step, *rest[place + 1 :])


def _from_broker(step: Step) -> bool:
    return step["event"].startswith(("EXEC_", "HTTP_")) or step["event"] in ("CANCEL_REJECT", "SNAPSHOT_ONE")
