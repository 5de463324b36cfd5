"""How often a refused token is refreshed: a broker that refuses whatever it gives is not asked for more and more."""

from __future__ import annotations

from blotter.core.instant import Instant

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds after the first, the second … refresh of a refused token, before there may be another."""

CALM = 60.0
"""Seconds without one after which the pauses begin anew."""


class Restraint:
    """Remembers the refreshes that refusals brought about."""

    def __init__(self) -> None:
        self._last: Instant | None = None
        self._useless = 0

    def refreshed(self, now: Instant) -> None:
        """One was made now. The one before it was of no use, if it is not long ago."""
        again = self._last is not None and now.since(self._last) < CALM
        self._useless = min(self._useless + 1, len(PAUSES) - 1) if again else 0
        self._last = now

    def holds(self, now: Instant) -> bool:
        """Whether it is too soon for another."""
        return self._last is not None and now.since(self._last) < PAUSES[self._useless]
