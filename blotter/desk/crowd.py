"""The same news of many orders, in one message.

A broker that restarts without its memory revives dozens of orders in one list, and the close of the market ends
hundreds: with a line for each, nothing else is left on a panel of three. The first is told at once, for nobody knows
that others follow. Those that follow within a moment are summed up, with their number and the first few tags; what was
to be said of each stays with it as a part of the message, and its order's details show it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

from blotter.core.notice import Notice, Severity

MOMENT = 1.0
"""Seconds without another one, after which the others are told."""

LONGEST = 5.0
"""Seconds that they wait at most: a list of thousands takes its time."""

ONE_BY_ONE = 2
"""So many that follow the first are no crowd."""

NAMED = 5

MOST_PARTS = 500
"""The panel keeps 2,000 messages, and a broker that goes mad must not take all memory. Every row says what it is."""

_GRAVE = list(Severity)


@dataclass(slots=True)
class _Gathering:
    since: float
    last: float
    notices: list[Notice] = field(default_factory=list)


class Crowd:
    """Passes every notice on to ``tell``, those that are ``alike`` in company. Lives in one loop."""

    def __init__(self, tell: Callable[[Notice], None]) -> None:
        self._tell = tell
        self._gatherings: dict[str, _Gathering] = {}

    def take(self, notice: Notice) -> None:
        if not notice.alike:
            self._tell(notice)
            return
        loop = asyncio.get_running_loop()
        gathering = self._gatherings.get(notice.alike)
        if gathering is None:
            self._tell(notice)
            self._gatherings[notice.alike] = _Gathering(loop.time(), loop.time())
            loop.call_later(MOMENT, self._look, notice.alike)
            return
        gathering.notices.append(notice)
        gathering.last = loop.time()

    def close(self) -> None:
        """Tell what was gathered: nothing more comes."""
        for alike in tuple(self._gatherings):
            self._disperse(alike)

    def _look(self, alike: str) -> None:
        gathering = self._gatherings.get(alike)
        if gathering is None:
            return
        loop = asyncio.get_running_loop()
        at = min(gathering.last + MOMENT, gathering.since + LONGEST)
        if loop.time() < at:
            loop.call_at(at, self._look, alike)
        else:
            self._disperse(alike)

    def _disperse(self, alike: str) -> None:
        notices = self._gatherings.pop(alike).notices
        if len(notices) <= ONE_BY_ONE:
            for notice in notices:
                self._tell(notice)
        else:
            self._tell(_summed_up(notices))


def _summed_up(notices: list[Notice]) -> Notice:
    tags = ", ".join(notice.tag for notice in notices[:NAMED])
    more = f" and {len(notices) - NAMED} more" if len(notices) > NAMED else ""
    return Notice(
        notices[-1].at,
        max((notice.severity for notice in notices), key=_GRAVE.index),
        f"{len(notices)} more orders {notices[0].alike}: {tags}{more}",
        outcomes=tuple(chain.from_iterable(notice.outcomes for notice in notices)),
        parts=tuple(notices[:MOST_PARTS]),
    )
