"""What the header counts, and which finished orders are put away.

A finished order stays in the table until the trader has put it away. He may also hide those that he has not seen: they
are put away *unseen*, and stay counted as that until they were in view. An end that no cancel was about is told nowhere
else but in its row.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from blotter.core.book.row import Row
from blotter.core.book.status import code, is_finished
from blotter.core.order import OrderKey

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


@dataclass(frozen=True, slots=True)
class Ended:
    """Finished orders that wait to be put away: of the ``shown`` ones ``here`` are in view; ``unseen`` are hidden."""

    here: int
    shown: int
    unseen: int


class Tally:
    """Counts rows as they come and go. A row must be removed as it was added, before anything of it changes."""

    def __init__(self) -> None:
        self.ended: set[OrderKey] = set()
        """Finished and not put away."""
        self.unseen: set[OrderKey] = set()
        """Put away without having been in view."""
        self._away: set[OrderKey] = set()
        self._numbers: Counter[str] = Counter()

    def add(self, row: Row) -> None:
        """Count this row; one that works, again or still, is not put away."""
        if not is_finished(row.order):
            self._take_back(row.key)
        elif not self.is_retired(row):
            self.ended.add(row.key)
        self._numbers.update(self._facts(row))

    def remove(self, row: Row) -> None:
        self._numbers.subtract(self._facts(row))
        self.ended.discard(row.key)

    def forget(self, row: Row) -> None:
        """It stands for another order now."""
        self.remove(row)
        self._take_back(row.key)

    def put_away(self, row: Row, *, seen: bool) -> None:
        """Put a finished order away."""
        self.remove(row)
        self._away.add(row.key)
        (self.unseen.discard if seen else self.unseen.add)(row.key)
        self.add(row)

    def bring_back(self, row: Row) -> None:
        """A finished order that was put away unseen stands in the table again."""
        self.remove(row)
        self._take_back(row.key)
        self.add(row)

    def is_news(self, row: Row) -> bool:
        """Whether the order ended and the trader has not put that away, as far as he has seen it."""
        return row.key in self.ended or row.key in self.unseen

    def is_retired(self, row: Row) -> bool:
        """Whether the order had finished before the blotter began, or was put away."""
        return is_finished(row.order) and (row.finished_before or row.key in self._away)

    def counts(self, shown: int, known: int, *, with_retired: bool) -> Counts:
        """Of ``known`` rows, ``shown`` pass the filter; ``with_retired``: those that are put away are shown, too."""
        retired = self._numbers[RETIRED]
        codes = {word: n for word, n in self._numbers.items() if n and word not in (WORKING, RETIRED)}
        return Counts(self._numbers[WORKING], retired, codes, shown, known - (0 if with_retired else retired))

    def _take_back(self, key: OrderKey) -> None:
        self._away.discard(key)
        self.unseen.discard(key)

    def _facts(self, row: Row) -> list[str]:
        word = code(row)
        facts = [word] if word.startswith("CXL") and word != "CXLD" else []
        if self.is_retired(row):
            facts.append(RETIRED)
        elif not is_finished(row.order):
            facts.append(WORKING)
        return facts
