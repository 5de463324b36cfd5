"""Fields of orders that this version does not know: ignored, and counted, for a broker may mean something by them.

Counted in lists, which hold every order whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from blotter.broker.wire.orders import LEG_FIELDS, ORDER_FIELDS

MOST_NAMES = 10
LONGEST_NAME = 40
OTHERS = ""
"""Under this name stands what has no room under its own: a broker can make up a million names."""


class UnknownFields:
    """How many records carried each; those of legs begin with ``legs.``. Names are the broker's, raw, cut at 40."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def see(self, record: object) -> None:
        """Count what one record carries, whatever it is."""
        if not isinstance(record, dict):
            return
        self._count("", record, ORDER_FIELDS)
        legs = record.get("legs")
        for leg in legs if isinstance(legs, list) else ():
            if isinstance(leg, dict):
                self._count("legs.", leg, LEG_FIELDS)

    def add(self, others: Iterable[tuple[str, int]]) -> None:
        """Count what :meth:`most` of another one gave."""
        for name, times in others:
            kept = name in self._times or len(self._times) < MOST_NAMES
            name = name if kept else OTHERS
            self._times[name] = self._times.get(name, 0) + times

    def most(self) -> tuple[tuple[str, int], ...]:
        """Names and how often each was met, the most frequent first, ``OTHERS`` last."""
        return tuple(sorted(self._times.items(), key=lambda pair: (pair[0] == OTHERS, -pair[1], pair[0])))

    def _count(self, kind: str, record: dict[str, object], known: frozenset[str]) -> None:
        if not record.keys() <= known:
            self.add((kind + name[:LONGEST_NAME], 1) for name in record if name not in known)
