"""One mass cancel under way: its orders, which of them wait for their turn, and how many are where."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from blotter.core.cancel import CancelRequest
from blotter.core.mass import Fate, MassCancel, MassProgress, Result
from blotter.core.order import OrderKey
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.outcome import Outcome


@dataclass(slots=True, eq=False)
class One:
    """One order of a run, under the key that it was asked by. ``flying`` while its request has its turn."""

    request: CancelRequest
    case: Case | None = None
    flying: bool = False
    outcome: Outcome | None = None
    fate: Fate = Fate.QUEUED
    answered: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def words(self) -> str:
        """Our sentence beside the fate, where its name does not say it all."""
        if self.outcome is None or self.fate in (Fate.CANCELED, Fate.PENDING, Fate.SENT, Fate.QUEUED):
            return ""
        return "it filled before the cancel arrived" if self.fate is Fate.FILLED else self.outcome.detail


@dataclass(slots=True, eq=False)
class Run:
    """``halt`` is why nothing more of it is sent; ``told`` once all have their last word and that was said."""

    mass: MassCancel
    orders: dict[OrderKey, One]
    queue: deque[One]
    counts: Counter[Fate]
    halt: Outcome | None = None
    over: bool = False
    told: bool = False
    intended: asyncio.Event = field(default_factory=asyncio.Event)
    """What was going to be put on disk before the first request is there, or is not going to be."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_settled(self) -> bool:
        """Whether every order has its last word."""
        return not any(count for each, count in self.counts.items() if not each.settled)

    def move(self, one: One, now: Fate) -> None:
        self.counts[one.fate] -= 1
        self.counts[now] += 1
        one.fate = now
        self.moved.set()

    def progress(self, results: Mapping[OrderKey, Result] | None = None) -> MassProgress:
        """How far it is; ``results`` are the orders that have moved."""
        counts = {each: self.counts[each] for each in Fate if self.counts[each]}
        mass = self.mass
        stopped = self.halt is not None
        return MassProgress(mass.name, mass.sentence, len(self.orders), counts, results or {}, stopped, self.over)
