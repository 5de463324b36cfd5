"""The question before many cancels: a frozen set of orders, what it follows, and what takes an order out of it.

The set is frozen when the question opens: no order ever joins it, and none changes its place in the list that is being
read. An order that finishes meanwhile leaves it, one that is not the order that was listed any more (price, stop,
ordered quantity, side, contract, id) is blocked, as in :mod:`.confirmation`, and neither comes back. So the
count can only fall, and what is sent is never more than what was read.

Where nothing can be put on record, that is said and the count must be typed a second time, as the tag must for one
order (:mod:`blotter.core.asking.override`). It overrules nothing about any of the orders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from blotter.core.asking.confirmation import SINCE, another_order
from blotter.core.asking.risk import by_risk, is_multi_leg, is_protective
from blotter.core.asking.scope import Selection
from blotter.core.book.row import Row
from blotter.core.book.status import code, is_finished, why_not_cancel
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.core.text import show

Bars = Callable[[Row], str | None]
"""Why nothing may be sent for an order whatever it is like (a view-only account, no link); ``None`` when it may."""


class Place(Enum):
    """Whether an order of the set is among those that are asked about."""

    IN = auto()
    KEPT = auto()
    """It could not be canceled when the question opened."""
    LEFT = auto()
    """It finished, or became one that cannot be canceled."""
    CHANGED = auto()
    """It is not the order that was listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One order of the set: as it stood when the key was pressed, and now. ``why`` it is out, safe to show."""

    asked: Row
    row: Row
    place: Place = Place.IN
    why: str = ""

    def follow(self, row: Row, now: Instant) -> Entry:
        if self.place is not Place.IN:
            return replace(self, row=row) if row.key == self.row.key else self
        if row.key != self.asked.key:
            return replace(self, place=Place.CHANGED, why=f"replaced, now {show(row.order.cl_ord_id)}")
        if reason := why_not_cancel(row, now):
            return replace(self, row=row, place=Place.LEFT, why=show(row.order.ord_status) if _over(row) else reason)
        if reason := another_order(self.asked.order, row.order):
            return replace(self, row=row, place=Place.CHANGED, why=reason.removesuffix(f" {SINCE}"))
        return replace(self, row=row)


@dataclass(frozen=True, slots=True)
class Many:
    """``entries`` stand riskiest first, those that cannot be canceled last. ``news`` are the orders that went out
    since, the latest first, safe to show. ``blocked`` is why the count is no answer any more. ``journal`` is why
    nothing can be put on record, empty while each cancel can.
    """

    sentence: str
    entries: tuple[Entry, ...]
    pressed: Instant
    news: tuple[str, ...] = ()
    blocked: str = ""
    journal: str = ""
    _at: Mapping[OrderKey, int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, selection: Selection, pressed: Instant, bars: Bars = lambda row: None, journal: str = "") -> Many:
        entries = [_entry(row, pressed, bars) for row in sorted(selection.rows, key=by_risk)]
        entries.sort(key=lambda entry: entry.place is not Place.IN)
        at = {entry.asked.key: index for index, entry in enumerate(entries)}
        many = cls(selection.sentence, tuple(entries), pressed, journal=journal, _at=at)
        return many if many.count else replace(many, blocked=f"none can be canceled now: {many._reasons()}")

    @property
    def count(self) -> int:
        """How many cancels the answer sends."""
        return sum(entry.place is Place.IN for entry in self.entries)

    @property
    def inside(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.place is Place.IN)

    @property
    def accounts(self) -> tuple[tuple[str, int], ...]:
        """Every account that the answer touches, raw, and how many of its orders."""
        return tuple(sorted(Counter(entry.row.order.account for entry in self.inside).items()))

    @property
    def protective(self) -> int:
        return sum(is_protective(entry.row.order) for entry in self.inside)

    @property
    def multi_leg(self) -> int:
        return sum(is_multi_leg(entry.row.order) for entry in self.inside)

    @property
    def stale(self) -> int:
        return sum(entry.row.stale_since is not None or entry.row.needs_read for entry in self.inside)

    @property
    def kept(self) -> str:
        """How many of the scope were out from the beginning, and why; empty when none was."""
        out = sum(entry.place is Place.KEPT for entry in self.entries)
        return f"{out} kept: {self._reasons()}" if out else ""

    def _reasons(self) -> str:
        why = Counter(entry.why for entry in self.entries if entry.place is Place.KEPT)
        return next(iter(why)) if len(why) == 1 else ", ".join(f"{count} {reason}" for reason, count in why.items())

    def follow(self, rows: Iterable[Row], now: Instant) -> Many:
        """The same question after news of any orders."""
        changed: dict[int, Entry] = {}
        news: list[str] = []
        for row in rows:
            index = self._at.get(row.key)
            if index is None and row.former is not None:
                index = self._at.get(row.former)
            if index is None:
                continue
            before = changed.get(index, self.entries[index])
            changed[index] = after = before.follow(row, now)
            if after.place is not before.place:
                news.insert(0, f"{after.asked.tag} {_said(after)}")
        if not changed:
            return self
        entries = tuple(changed.get(index, entry) for index, entry in enumerate(self.entries))
        many = replace(self, entries=entries, news=(*news, *self.news))
        if not many.count and not many.blocked:
            return replace(many, blocked="no order is left in the set")
        return many

    def block(self, reason: str) -> Many:
        """For good."""
        return replace(self, blocked=reason)

    def wrong(self, typed: str, begun: int) -> str:
        """Why ``typed`` is no answer, as a sentence; empty when it is.

        ``begun`` is the count that stood there when the first digit was typed. It answers, too: whoever types while
        orders finish would otherwise never be done, and the count can only have fallen.
        """
        if not typed:
            return "nothing typed, nothing sent"
        if typed in (str(self.count), str(begun)):
            return ""
        return f"{typed} is not the count, nothing sent"


def why_kept(row: Row, now: Instant, bars: Bars) -> str:
    """Why this order is out from the beginning, safe to show; empty when it can be canceled."""
    return bars(row) or (code(row) if why_not_cancel(row, now) else "")


def _entry(row: Row, now: Instant, bars: Bars) -> Entry:
    reason = why_kept(row, now, bars)
    return Entry(row, row, Place.KEPT if reason else Place.IN, reason)


def _over(row: Row) -> bool:
    return is_finished(row.order)


def _said(entry: Entry) -> str:
    return f"blocked: {entry.why}" if entry.place is Place.CHANGED else entry.why
