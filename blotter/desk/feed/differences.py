"""What changed over a while, in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from blotter.core.book.row import Change, Row
from blotter.core.book.status import is_finished
from blotter.core.notice import Notice, Severity
from blotter.core.order import Order, OrderKey

NAMED = 5
"""So many orders are named in one sentence, the rest counted: the panel has three lines."""

MOST_PARTS = 500
"""Of so many orders it is kept what the sentence says of them; the rows of all say what they are."""

MOMENT = 1.0
"""Seconds: a hole in the stream that is shorter, and in which nothing changed, is nobody's worry."""


class Differences:
    """Changes of many orders, folded: the first *before* of each order against its last *after*.

    Only what a trader would trade on counts: status, quantities, prices, and an order that a list lacked.
    """

    def __init__(self) -> None:
        self._rows: dict[OrderKey, _Difference] = {}
        self._told: list[_Difference] | None = None
        """What there is to say, sorted once: a gap can hold every order of the book."""

    def add(self, changes: Iterable[Change]) -> None:
        # In words at once: changes come in slices, and what a gap comes to is told in one piece.
        for change in changes:
            self._put(_difference(change.before, change.after))

    def merge(self, later: Differences) -> None:
        """Add what another while brought; of most orders there is nothing to say."""
        for each in later._said():
            self._put(each)

    def forget(self, key: OrderKey) -> Change | None:
        """Leave out an order that somebody else tells of; gives how it differed."""
        self._told = None
        gone = self._rows.pop(key, None)
        return Change(gone.before, gone.row) if gone else None

    def take(self) -> Differences:
        """Hand over everything gathered so far and start anew."""
        taken = Differences()
        taken._rows, self._rows = self._rows, {}
        self._told = None
        return taken

    def __len__(self) -> int:
        return len(self._said())

    @property
    def only_row(self) -> Row | None:
        """The order that differs, when there is just one."""
        said = self._said()
        return said[0].row if len(said) == 1 else None

    def severity(self, seconds: float) -> Severity:
        """How loud to tell of ``seconds`` in which this happened. Fills that were taken back are an alert: what the
        trader believes to hold, he does not. A hole of a moment in which nothing happened is none worth a warning.
        """
        said = self._said()
        if any(each.rank is _Rank.TAKEN_BACK for each in said):
            return Severity.ALERT
        return Severity.WARN if said or seconds >= MOMENT else Severity.INFO

    def parts(self, at: datetime, circumstance: str) -> tuple[Notice, ...]:
        """A message for each order, for whoever looks at that one."""
        return tuple(
            Notice(at, Severity.WARN, f"{circumstance}: {each.words}", key=each.row.key, tag=each.row.tag)
            for each in self._said()[:MOST_PARTS]
        )

    def __str__(self) -> str:
        """``1 order: ka FILLED``, with at most ``NAMED`` orders by name."""
        return self._in_words("")

    @property
    def changed(self) -> str:
        """``1 order changed: ka FILLED``, or ``nothing changed``."""
        return self._in_words(" changed") if len(self) else "nothing changed"

    def _put(self, each: _Difference) -> None:
        self._told = None
        known = self._rows.pop(each.row.former or each.row.key, None)
        self._rows[each.row.key] = _difference(known.before, each.row) if known else each

    def _in_words(self, verb: str) -> str:
        said = self._said()
        if not said:
            return "no order"
        named = ", ".join(f"{each.row.tag} {each.words}" for each in said[:NAMED])
        more = f" and {len(said) - NAMED} more" if len(said) > NAMED else ""
        return f"{len(said)} order{'s' if len(said) > 1 else ''}{verb}: {named}{more}"

    def _said(self) -> list[_Difference]:
        if self._told is None:
            self._told = sorted((each for each in self._rows.values() if each.words), key=lambda each: each.rank)
        return self._told


class _Rank(IntEnum):
    """What is named first, where not everything is."""

    TAKEN_BACK = 0
    FILLED = 1
    OTHER = 2


class _Difference(NamedTuple):
    before: Row | None
    row: Row
    words: str
    """The empty string where there is nothing to say."""
    rank: _Rank


def _difference(before: Row | None, after: Row) -> _Difference:
    was, now = before.order.cum_qty if before else after.order.cum_qty, after.order.cum_qty
    rank = _Rank.TAKEN_BACK if now < was else _Rank.FILLED if now > was else _Rank.OTHER
    return _Difference(before, after, _words(before, after), rank)


def _words(before: Row | None, after: Row) -> str:
    """How one order differs, or the empty string."""
    now = after.order
    if before is None:
        return f"{now.ord_status or 'without a status'} (new here)"
    was = before.order
    if now is was:
        return _doubted(before, after)
    if now.cl_ord_id != was.cl_ord_id:
        return "replaced"
    if now.cum_qty < was.cum_qty:
        return f"{now.ord_status} (filled fell from {_number(was.cum_qty)} to {_number(now.cum_qty)})"
    if now.ord_status != was.ord_status:
        filled = f" {_filled(now)}" if now.ord_status == "PARTIALLY_FILLED" else ""
        ended = f" (was {was.ord_status})" if is_finished(was) else ""
        return f"{now.ord_status}{filled}{ended}"
    if now.cum_qty != was.cum_qty:
        return f"filled {_filled(now)}"
    if (now.qty, now.leaves_qty) != (was.qty, was.leaves_qty):
        return f"left {_number(now.leaves_qty)} of {_number(now.qty)}"
    if (now.price, now.stop_price) != (was.price, was.stop_price):
        return "price changed"
    return _doubted(before, after)


def _doubted(before: Row, after: Row) -> str:
    return "to be read again" if after.needs_read and not before.needs_read else ""


def _filled(order: Order) -> str:
    return f"{_number(order.cum_qty)} of {_number(order.qty)}"


def _number(value: Decimal) -> str:
    return f"{value:f}"
