"""What the header counts, and which finished orders are put away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from blotter.core.order import OrderKey
from blotter.core.row import Row
from blotter.core.status import code, is_finished

WORKING = "working"
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the header counts. ``done`` orders are finished and hidden, unless the trader asked to see them.

    ``codes`` counts the rows by those status codes that speak of a cancel. ``shown`` of ``total`` pass the filter.
    """

    working: int
    done: int
    codes: dict[str, int]
    shown: int
    total: int


class Tally:
    """Counts rows as they come and go. A row must be removed as it was added, before anything of it changes."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._acknowledged: set[OrderKey] = set()

    def add(self, row: Row) -> None:
        """Count this row; one that works, again or still, is not put away."""
        if not is_finished(row.order):
            self._acknowledged.discard(row.key)
        self._numbers.update(self._facts(row))

    def remove(self, row: Row) -> None:
        self._numbers.subtract(self._facts(row))

    def forget(self, row: Row) -> None:
        """It stands for another order now."""
        self.remove(row)
        self._acknowledged.discard(row.key)

    def acknowledge(self, row: Row) -> None:
        """Put a finished order away."""
        self.remove(row)
        self._acknowledged.add(row.key)
        self.add(row)

    def is_retired(self, row: Row) -> bool:
        """Whether the order had finished before the blotter began, or was put away."""
        return is_finished(row.order) and (row.finished_before or row.key in self._acknowledged)

    def counts(self, shown: int, known: int, *, with_retired: bool) -> Counts:
        """Of ``known`` rows, ``shown`` pass the filter; ``with_retired``: those that are put away are shown, too."""
        retired = self._numbers[RETIRED]
        codes = {word: n for word, n in self._numbers.items() if n and word not in (WORKING, RETIRED)}
        return Counts(self._numbers[WORKING], retired, codes, shown, known - (0 if with_retired else retired))

    def _facts(self, row: Row) -> list[str]:
        word = code(row)
        facts = [word] if word.startswith("CXL") and word != "CXLD" else []
        if self.is_retired(row):
            facts.append(RETIRED)
        elif not is_finished(row.order):
            facts.append(WORKING)
        return facts
