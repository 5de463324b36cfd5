"""What changed over a while, in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from itertools import chain, islice
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

    In words, and in their order, from the start: a gap can hold every order of the book, and what it comes to is told
    in one piece.
    """

    def __init__(self) -> None:
        self._rows: list[dict[OrderKey, _Difference]] = [{} for _ in _Rank]
        """By their rank."""

    def add(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self._put(_difference(change.before, change.after))

    def merge(self, later: Differences) -> None:
        """Add what another while brought, which is handed over; of most orders there is nothing to say."""
        if not len(self):
            self._rows, later._rows = later._rows, self._rows
            self._rows[_Rank.NOTHING].clear()
            return
        for each in later._said():
            self._put(each)

    def forget(self, key: OrderKey) -> Change | None:
        """Leave out an order that somebody else tells of; gives how it differed."""
        gone = self._pop(key)
        return Change(gone.before, gone.row) if gone else None

    def take(self) -> Differences:
        """Hand over everything gathered so far and start anew."""
        taken = Differences()
        taken._rows, self._rows = self._rows, taken._rows
        return taken

    def __len__(self) -> int:
        return sum(map(len, self._rows[: _Rank.NOTHING]))

    @property
    def only_row(self) -> Row | None:
        """The order that differs, when there is just one."""
        return next(self._said()).row if len(self) == 1 else None

    def severity(self, seconds: float) -> Severity:
        """How loud to tell of ``seconds`` in which this happened. Fills that were taken back are an alert: what the
        trader believes to hold, he does not. A hole of a moment in which nothing happened is none worth a warning.
        """
        if self._rows[_Rank.TAKEN_BACK]:
            return Severity.ALERT
        return Severity.WARN if len(self) or seconds >= MOMENT else Severity.INFO

    def parts(self, at: datetime, circumstance: str) -> tuple[Notice, ...]:
        """A message for each order, for whoever looks at that one."""
        return tuple(
            Notice(at, Severity.WARN, f"{circumstance}: {each.words}", key=each.row.key, tag=each.row.tag)
            for each in islice(self._said(), MOST_PARTS)
        )

    def __str__(self) -> str:
        """``1 order: ka FILLED``, with at most ``NAMED`` orders by name."""
        return self._in_words("")

    @property
    def changed(self) -> str:
        """``1 order changed: ka FILLED``, or ``nothing changed``."""
        return self._in_words(" changed") if len(self) else "nothing changed"

    def _put(self, each: _Difference) -> None:
        own = self._pop(each.row.key)
        # A row names the order that it replaced for good, also where that was long before.
        known = (self._pop(each.row.former) if each.row.former else None) or own
        now = _difference(known.before, each.row) if known else each
        if now.rank is not _Rank.NOTHING or (now.before and now.before.needs_read):
            # Any other that does not differ can be measured from its next change as well.
            self._rows[now.rank][now.row.key] = now

    def _pop(self, key: OrderKey) -> _Difference | None:
        return next((rows.pop(key) for rows in self._rows if key in rows), None)

    def _in_words(self, verb: str) -> str:
        count = len(self)
        if not count:
            return "no order"
        named = ", ".join(f"{each.row.tag} {each.words}" for each in islice(self._said(), NAMED))
        more = f" and {count - NAMED} more" if count > NAMED else ""
        return f"{count} order{'s' if count > 1 else ''}{verb}: {named}{more}"

    def _said(self) -> Iterator[_Difference]:
        return chain.from_iterable(rows.values() for rows in self._rows[: _Rank.NOTHING])


class _Rank(IntEnum):
    """What is named first, where not everything is."""

    TAKEN_BACK = 0
    FILLED = 1
    OTHER = 2
    NOTHING = 3


class _Difference(NamedTuple):
    before: Row | None
    row: Row
    words: str
    """The empty string where there is nothing to say."""
    rank: _Rank


def _difference(before: Row | None, after: Row) -> _Difference:
    words = _words(before, after)
    was, now = before.order.cum_qty if before else after.order.cum_qty, after.order.cum_qty
    rank = _Rank.TAKEN_BACK if now < was else _Rank.FILLED if now > was else _Rank.OTHER
    return _Difference(before, after, words, rank if words else _Rank.NOTHING)


def _words(before: Row | None, after: Row) -> str:
    """How one order differs, or the empty string."""
    now = after.order
    if before is None:
        return f"{now.ord_status or 'without a status'} (new here)"
    was = before.order
    if now is was:
        return _doubted(before, after)
    if now.cl_ord_id != was.cl_ord_id:
        traded = now.cum_qty != was.cum_qty or is_finished(now)
        heir = replace(was, cl_ord_id=now.cl_ord_id)
        more = _words(replace(before, order=heir), after) if traded else ""
        return f"replaced, {more}" if more else "replaced"
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
