"""Orders that a whole list lacked although they never were reported finished.

Absence proves nothing, so each is looked for by other means (the history), at once and then ever more rarely: an order
that the broker has forgotten must not cost a walk through the history with every list.
"""

from __future__ import annotations

from collections.abc import Iterable

from blotter.core.instant import Instant
from blotter.core.order import OrderKey

FIRST = 30.0
LAST = 960.0
"""Seconds between two looks for the same order: the wait starts at ``FIRST`` and doubles up to ``LAST``."""

AT_ONCE = 200
"""So many orders are looked for after one list, in one walk; the others have their turn after the next."""


class Absentees:
    """Remembers who was looked for, and when."""

    def __init__(self) -> None:
        self._looked: dict[OrderKey, tuple[Instant, float]] = {}

    def due(self, absent: Iterable[OrderKey], now: Instant) -> list[OrderKey]:
        """Whom to look for now; an order that is not ``absent`` any more is forgotten."""
        still = dict.fromkeys(absent)
        self._looked = {key: looked for key, looked in self._looked.items() if key in still}
        due = [key for key in still if self._is_due(key, now)][:AT_ONCE]
        for key in due:
            wait = self._looked[key][1] if key in self._looked else FIRST / 2
            self._looked[key] = (now, min(2 * wait, LAST))
        return due

    def _is_due(self, key: OrderKey, now: Instant) -> bool:
        if key not in self._looked:
            return True
        at, wait = self._looked[key]
        return now.since(at) >= wait
