"""Which order id followed which: every replace gives an order a new one, and the old one stops working."""

from __future__ import annotations

from blotter.core.order import OrderKey

MOST_LINKS = 200_000
"""Links beyond these are not made, and the orders in them keep rows of their own: no day brings so many replaces."""


class Succession:
    """The chains of ids of all orders, however out of order their links are told."""

    def __init__(self) -> None:
        self._heirs: dict[OrderKey, OrderKey] = {}

    def current(self, key: OrderKey) -> OrderKey:
        """The last id of the chain that ``key`` is in: ``key`` itself where nothing replaced it."""
        last = key
        while (heir := self._heirs.get(last)) is not None:
            last = heir
        # The next time it is one step: a list can hold every id of an order that was replaced ten thousand times.
        while key != last:
            heir = self._heirs[key]
            self._heirs[key] = last
            key = heir
        return last

    def link(self, original: OrderKey, heir: OrderKey) -> OrderKey | None:
        """``heir`` follows ``original``. Returns the id that stood last in that chain, ``None`` if this is no news."""
        last = self.current(original)
        if last == self.current(heir) or len(self._heirs) >= MOST_LINKS:
            return None
        self._heirs[last] = heir
        return last
