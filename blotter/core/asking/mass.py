"""A mass cancel: what was confirmed, what becomes of each order, and how many are where.

There is no verdict on the whole. Each order has a fate of its own, by the same rules as a single cancel: what an
attempt to send came to, and what its row says since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from blotter.core.book.cancel import CancelRequest, CancelState, Verdict
from blotter.core.book.status import FINISHED, OrdStatus
from blotter.core.instant import Instant
from blotter.core.order import Order, OrderKey


class Fate(StrEnum):
    """What became of one order so far, the worst first."""

    UNKNOWN = "unknown"
    """No answer that proves anything; being settled by reading."""
    REFUSED = "refused"
    NOT_SENT = "not sent"
    FILLED = "filled"
    ENDED = "ended"
    """Finished otherwise: expired, rejected, replaced."""
    PENDING = "pending"
    """The broker took the cancel; the order can still fill."""
    SENT = "sent"
    """On the wire, not answered."""
    QUEUED = "queued"
    CANCELED = "canceled"

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come."""
        return self not in (Fate.UNKNOWN, Fate.PENDING, Fate.SENT, Fate.QUEUED)


WORST_FIRST = tuple(Fate)


@dataclass(frozen=True, slots=True)
class MassCancel:
    """A confirmed wish to cancel many orders, in the order in which they are to be sent. ``sentence`` is the scope."""

    name: str
    sentence: str
    requests: tuple[CancelRequest, ...]
    confirmed: Instant


@dataclass(frozen=True, slots=True)
class Result:
    """One order of a mass cancel. ``order`` is as last known; ``text`` is our sentence, ``broker_text`` the broker's
    own words, raw.
    """

    tag: str
    order: Order
    fate: Fate
    text: str = ""
    broker_text: str = ""

    @property
    def key(self) -> OrderKey:
        return self.order.key


@dataclass(frozen=True, slots=True)
class MassProgress:
    """Where a mass cancel stands. ``results`` hold the orders that moved since the last one, by the key they were
    asked under; ``stopped`` says that nothing more is sent, whether the trader stopped it or something else did.

    ``over`` says that nothing is queued or on the wire any more, and that what is pending was given its time.
    ``again`` is how many the broker turned away for a moment: they wait to be sent once more.
    """

    name: str
    sentence: str
    total: int
    counts: Mapping[Fate, int]
    results: Mapping[OrderKey, Result] = field(default_factory=dict)
    stopped: bool = False
    over: bool = False
    again: int = 0

    @property
    def sent(self) -> int:
        """How many cancels left."""
        return self.total - self.counts.get(Fate.QUEUED, 0) - self.counts.get(Fate.NOT_SENT, 0)

    @property
    def queued(self) -> int:
        return self.counts.get(Fate.QUEUED, 0)

    @property
    def unsent(self) -> int:
        """How many wait for their turn."""
        return 0 if self.stopped else self.queued

    @property
    def stoppable(self) -> int:
        """How many would still be sent, for the first or the second time."""
        return self.unsent + self.again


def fate(order: Order, state: CancelState, verdict: Verdict | None) -> Fate:
    """What became of ``order``: ``state`` is that of the cancel in question, ``verdict`` what the attempt to send it
    came to (``None`` while it is on its way).
    """
    if verdict is Verdict.NOT_SENT:
        return Fate.NOT_SENT
    if verdict is Verdict.REFUSED or state is CancelState.REJECTED:
        return Fate.REFUSED
    if order.ord_status in FINISHED:
        return ended(order)
    if verdict is None:
        return Fate.SENT
    if state in (CancelState.PENDING, CancelState.UNKNOWN, CancelState.UNCONFIRMED):
        return Fate.PENDING if state is CancelState.PENDING else Fate.UNKNOWN
    return Fate.PENDING if verdict is Verdict.ACCEPTED else Fate.UNKNOWN


def tally(fates: Iterable[Fate]) -> dict[Fate, int]:
    """How many there are of each, the worst first; none of which there is none."""
    counted = Counter(fates)
    return {each: counted[each] for each in WORST_FIRST if counted[each]}


def progress_words(progress: MassProgress) -> str:
    """``sent 40/120, canceled 31, refused 2, unknown 1``: the last three always, the others where there are any."""
    counts = progress.counts
    said = [f"sent {progress.sent}/{progress.total}"]
    for each in (Fate.CANCELED, Fate.REFUSED, Fate.UNKNOWN):
        said.append(f"{each} {counts.get(each, 0)}")
    for each in (Fate.PENDING, Fate.FILLED, Fate.ENDED, Fate.NOT_SENT):
        if counts.get(each):
            said.append(f"{each} {counts[each]}")
    return ", ".join(said)


def worst_first(results: Iterable[Result]) -> list[Result]:
    """For reading: what went wrong stands on top, each kind in the order given."""
    return sorted(results, key=lambda result: WORST_FIRST.index(result.fate))


def ended(order: Order) -> Fate:
    """The fate of a finished order whose cancel was not refused."""
    if order.ord_status == OrdStatus.CANCELED:
        return Fate.CANCELED
    return Fate.FILLED if order.ord_status == OrdStatus.FILLED else Fate.ENDED
