"""One mass cancel under way: its orders, which of them wait for their turn, and how many are where."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from blotter.core.asking.mass import Fate, MassCancel, MassProgress, Result, ended, fate
from blotter.core.book.asks import find
from blotter.core.book.cancel import CancelRequest, CancelState
from blotter.core.book.row import Row
from blotter.core.order import OrderKey
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.outcome import Ending, Outcome

_FATES = {Ending.CANCELED: Fate.CANCELED, Ending.REFUSED: Fate.REFUSED, Ending.NOT_SENT: Fate.NOT_SENT}


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
    def ending(self) -> Ending | None:
        """Its last word, as it is on record; a cancel ends once, whatever is said of the order later."""
        how = self.case.ending if self.case and self.outcome else None
        return how if how and how.final else None

    @property
    def is_open(self) -> bool:
        """Whether more is to come."""
        return self.outcome is None or (self.case is not None and self.fate is not Fate.NOT_SENT and not self.ending)

    def judge(self, row: Row | None) -> Fate:
        """What has become of it; ``row`` is the order's own, or of what replaced it."""
        if self.outcome is None and not self.flying:
            return Fate.QUEUED
        order = row.order if row else self.request.order
        if self.ending:
            return _FATES.get(self.ending) or ended(order)
        ask = find(row.asks, self.case.intent) if row and self.case else None
        verdict = self.outcome.verdict if self.outcome else None
        return fate(order, ask.state if ask else CancelState.NONE, verdict)

    def result(self, row: Row | None) -> Result:
        """For the sheet."""
        ask = find(row.asks, self.case.intent) if row and self.case else None
        at_end = row.order.text if row and self.fate.settled and self.fate is not Fate.NOT_SENT else ""
        broker = (ask.text if ask else "") or (self.outcome.text if self.outcome else "") or at_end
        return Result(self.request.tag, row.order if row else self.request.order, self.fate, self.words, broker)

    @property
    def words(self) -> str:
        """Our sentence beside the fate, where its name does not say it all."""
        if self.outcome is None or self.fate in (Fate.CANCELED, Fate.PENDING, Fate.SENT, Fate.QUEUED):
            return ""
        return "it filled before the cancel took effect" if self.fate is Fate.FILLED else self.outcome.detail


@dataclass(slots=True, eq=False)
class Run:
    """``open`` are those that have no last word yet, ``again`` those that wait for the broker's time to be sent once
    more, ``halt`` is why nothing else is sent; ``told`` once all have their last word and that was said.
    """

    mass: MassCancel
    orders: dict[OrderKey, One]
    queue: deque[One]
    counts: Counter[Fate]
    open: set[OrderKey]
    again: set[OrderKey] = field(default_factory=set)
    halt: Outcome | None = None
    over: bool = False
    told: bool = False
    intended: asyncio.Event = field(default_factory=asyncio.Event)
    """What was going to be put on disk before the first request is there, or is not going to be."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(cls, mass: MassCancel) -> Run:
        """Nothing of it is sent yet."""
        orders = {request.key: One(request) for request in mass.requests}
        return cls(mass, orders, deque(orders.values()), Counter({Fate.QUEUED: len(orders)}), set(orders))

    def move(self, one: One, to: Fate) -> None:
        """An order has come to this."""
        self.counts[one.fate] -= 1
        self.counts[to] += 1
        one.fate = to
        if not one.is_open:
            self.open.discard(one.request.key)
        self.moved.set()

    def waits(self, one: One, *, again: bool) -> None:
        """Whether its cancel waits to be sent once more."""
        (self.again.add if again else self.again.discard)(one.request.key)

    def progress(self, results: Mapping[OrderKey, Result] | None = None) -> MassProgress:
        """How far it is; ``results`` are the orders that have moved."""
        counts = {each: self.counts[each] for each in Fate if self.counts[each]}
        return MassProgress(
            self.mass.name,
            self.mass.sentence,
            len(self.orders),
            counts,
            results or {},
            stopped=self.halt is not None,
            over=self.over,
            again=len(self.again),
        )
