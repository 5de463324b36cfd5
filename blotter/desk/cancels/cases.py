"""The cases of a run by their orders: those that have no last word yet, and the name of the last one that had.

A case holds what the trader saw and what the broker said; that is on record once it ended, and let go of here, so that
a day of cancels takes no more memory than their names.
"""

from __future__ import annotations

from blotter.core.order import OrderKey
from blotter.desk.cancels.case import Case


class Cases:
    """Under the keys that the orders have now: :meth:`follow` must be told of every replace."""

    def __init__(self) -> None:
        self._open: dict[OrderKey, list[Case]] = {}
        self._ended: dict[OrderKey, str] = {}

    def add(self, case: Case) -> None:
        self._open.setdefault(case.key, []).append(case)

    def of(self, key: OrderKey) -> tuple[Case, ...]:
        """The order's open ones, in the order in which they were asked."""
        return tuple(self._open.get(key, ()))

    def find(self, key: OrderKey, intent: str) -> Case | None:
        """The open one of this name."""
        return next((case for case in self._open.get(key, ()) if case.intent == intent), None)

    def ended(self, key: OrderKey) -> str:
        """The intent of the order's last one that had its last word; empty where none had."""
        return self._ended.get(key, "")

    def follow(self, former: OrderKey, key: OrderKey) -> None:
        """A replaced order: its cases are looked for under the new id from here on."""
        moved = self._open.pop(former, [])
        for case in moved:
            case.key = key
        if moved:
            self._open.setdefault(key, []).extend(moved)
        if former in self._ended:
            self._ended[key] = self._ended.pop(former)

    def end(self, case: Case) -> None:
        """It has its last word."""
        cases = self._open.get(case.key, [])
        if case not in cases:
            return
        self._ended[case.key] = case.intent
        cases.remove(case)
        if not cases:
            del self._open[case.key]

    def leave(self) -> tuple[Case, ...]:
        """All that are open, which are none of ours any more."""
        left, self._open = tuple(case for cases in self._open.values() for case in cases), {}
        return left
