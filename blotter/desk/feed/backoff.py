"""How long to wait before trying again."""

from __future__ import annotations

import random


class Backoff:
    """Waits drawn evenly between ``first`` and a ceiling that doubles up to ``last`` seconds, for ever.

    The whole range is drawn from (full jitter), so that the many clients of a broker that restarts do not come
    back together; no wait is shorter than ``first``, so that one which refuses at once is not hammered.
    """

    def __init__(self, first: float, last: float, chance: random.Random) -> None:
        if not 0 < first <= last:
            raise ValueError("a backoff needs 0 < first <= last")
        self._first = first
        self._last = last
        self._chance = chance
        self._ceiling = first

    def next(self) -> float:
        """Seconds to wait now; the next wait may be twice as long."""
        self._ceiling = min(self._last, self._ceiling * 2)
        return self._chance.uniform(self._first, self._ceiling)

    def reset(self) -> None:
        """Things went well: start from the shortest wait."""
        self._ceiling = self._first
