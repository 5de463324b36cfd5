"""The conformance file: ours, or the one that ``CANCEL_MATRIX`` names. What is wrong in it is said with its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

Step = dict[str, Any]
Expected = dict[str, Any]

OURS = Path(__file__).with_name("cancel_matrix.json")
EXECUTION = "EXEC_"
EVENTS = frozenset(
    {"NEW_ORDER", "CANCEL_REQUEST", "REPLACE_REQUEST", "OUT_OF_BAND", "CANCEL_REJECT", "SNAPSHOT_ONE"}
    | {"SNAPSHOT_OPEN_LIST_WITHOUT_ORDER", "STREAM_LOST", "CRASH_RESTART", "HOLDOFF_ELAPSED_STILL_WORKING"}
    | {"HTTP_REPLY", "HTTP_NO_ANSWER", "HTTP_NOT_SENT"}
)
"""Beside those that begin with ``EXECUTION``."""

BRINGS_ITS_ORDER = frozenset({"NEW_ORDER", "SNAPSHOT_ONE"})
"""Beside those that begin with ``EXECUTION``: before any other step the order must be there."""

PICTURE = ("ordStatus", "cumQty", "leavesQty", "avgPx", "cancelState", "needsReconcile", "canRequestCancel")


@dataclass(frozen=True)
class Scenario:
    """One sequence of the file."""

    name: str
    qty: Decimal
    given: Expected | None
    steps: tuple[Step, ...]
    expected: tuple[Expected, ...]


def scenarios(path: Path | None = None) -> tuple[Scenario, ...]:
    """All sequences of the file. Raises :class:`ValueError` with file, scenario and step."""
    path = path or Path(os.environ.get("CANCEL_MATRIX") or OURS)
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"CANCEL_MATRIX {path}: {error}") from None
    entries = read.get("scenarios") if isinstance(read, dict) else None
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"CANCEL_MATRIX {path}: it must be an object with a list 'scenarios' that is not empty")
    found = []
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id", number) if isinstance(entry, dict) else number
        wrong = next(_wrong(entry), None)
        if wrong is not None:
            raise ValueError(f"CANCEL_MATRIX {path}: scenario {name}: {wrong}")
        found.append(_scenario(entry))
    return tuple(found)


def _scenario(entry: dict[str, Any]) -> Scenario:
    steps, expected = tuple(entry["steps"]), tuple(entry["expected_after_each_step"])
    return Scenario(entry["id"], Decimal(entry["orderQty"]), entry.get("given"), steps, expected)


def _wrong(entry: object) -> Iterator[str]:
    """What is wrong with one scenario."""
    if not isinstance(entry, dict):
        yield "it is no object"
        return
    if missing := [name for name in ("id", "orderQty", "steps", "expected_after_each_step") if name not in entry]:
        yield f"it lacks {', '.join(missing)}"
        return
    try:
        Decimal(entry["orderQty"])
    except (InvalidOperation, TypeError, ValueError):
        yield f"orderQty {entry['orderQty']!r} is no number"
    steps, expected = entry["steps"], entry["expected_after_each_step"]
    if not (isinstance(steps, list) and isinstance(expected, list) and steps):
        yield "steps and expected_after_each_step must be lists that are not empty"
        return
    if len(steps) != len(expected):
        yield f"{len(steps)} steps, but {len(expected)} pictures after them"
    for number, (step, after) in enumerate(zip(steps, expected, strict=False), start=1):
        event = step.get("event") if isinstance(step, dict) else None
        if not isinstance(event, str) or not (event in EVENTS or event.startswith(EXECUTION)):
            yield f"step {number}: {event!r} is no event"
        elif number == 1 and entry.get("given") is None and not _brings_its_order(event):
            yield f"step 1: {event} is about an order that is not there: 'given' is missing, or a NEW_ORDER before it"
        if not isinstance(after, dict) or not after.keys() >= set(PICTURE):
            yield f"step {number}: what is expected after it must name {', '.join(PICTURE)}"


def _brings_its_order(event: str) -> bool:
    return event in BRINGS_ITS_ORDER or event.startswith(EXECUTION)
