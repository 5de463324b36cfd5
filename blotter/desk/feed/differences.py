"""What changed over a while, in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from blotter.core.order import Order, OrderKey
from blotter.core.row import Change, Row

NAMED = 5
"""So many orders are named in one sentence, the rest counted: the panel has three lines."""


class Differences:
    """Changes of many orders, folded: the first *before* of each order against its last *after*.

    Only what a trader would trade on counts: status, quantities, prices, and an order that a list lacked.
    """

    def __init__(self) -> None:
        self._rows: dict[OrderKey, tuple[Row | None, Row]] = {}
        self._told: list[tuple[str, Row]] | None = None
        """What there is to say, worked out once: a gap can hold every order of the book."""

    def add(self, changes: Iterable[Change]) -> None:
        self._told = None
        for change in changes:
            key = change.after.former or change.after.key
            first = self._rows.pop(key, (change.before, change.after))[0]
            self._rows[change.after.key] = (first, change.after)

    def merge(self, later: Differences) -> None:
        """Add what another while brought; of most orders there is nothing to say."""
        self.add(Change(*later._rows[after.key]) for _, after in later._said())

    def forget(self, key: OrderKey) -> Change | None:
        """Leave out an order that somebody else tells of; gives how it differed."""
        self._told = None
        gone = self._rows.pop(key, None)
        return Change(*gone) if gone else None

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
        return said[0][1] if len(said) == 1 else None

    def __str__(self) -> str:
        """``1 order: ka FILLED``, with at most ``NAMED`` orders by name."""
        return self._in_words("")

    @property
    def changed(self) -> str:
        """``1 order changed: ka FILLED``, or ``nothing changed``."""
        return self._in_words(" changed") if len(self) else "nothing changed"

    def _in_words(self, verb: str) -> str:
        said = self._said()
        if not said:
            return "no order"
        named = ", ".join(words for words, _ in said[:NAMED])
        more = f" and {len(said) - NAMED} more" if len(said) > NAMED else ""
        return f"{len(said)} order{'s' if len(said) > 1 else ''}{verb}: {named}{more}"

    def _said(self) -> list[tuple[str, Row]]:
        if self._told is None:
            self._told = [(said, after) for before, after in self._rows.values() if (said := _said(before, after))]
        return self._told


def _said(before: Row | None, after: Row) -> str:
    """How one order differs, or the empty string."""
    now = after.order
    if before is None:
        return f"{after.tag} {now.ord_status or 'without a status'} (new here)"
    was = before.order
    if now is was:
        return _doubted(before, after)
    if now.cl_ord_id != was.cl_ord_id:
        return f"{after.tag} replaced"
    if now.ord_status != was.ord_status:
        filled = f" {_filled(now)}" if now.ord_status == "PARTIALLY_FILLED" else ""
        return f"{after.tag} {now.ord_status}{filled}"
    if now.cum_qty != was.cum_qty:
        return f"{after.tag} filled {_filled(now)}"
    if (now.qty, now.leaves_qty) != (was.qty, was.leaves_qty):
        return f"{after.tag} left {_number(now.leaves_qty)} of {_number(now.qty)}"
    if (now.price, now.stop_price) != (was.price, was.stop_price):
        return f"{after.tag} price changed"
    return _doubted(before, after)


def _doubted(before: Row, after: Row) -> str:
    return f"{after.tag} to be read again" if after.needs_read and not before.needs_read else ""


def _filled(order: Order) -> str:
    return f"{_number(order.cum_qty)} of {_number(order.qty)}"


def _number(value: Decimal) -> str:
    return f"{value:f}"
