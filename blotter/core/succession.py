"""Which order id followed which: every replace gives an order a new one, and the old one stops working."""

from __future__ import annotations

from blotter.core.order import OrderKey


class Succession:
    """The chains of ids of all orders, however out of order their links are told."""

    def __init__(self) -> None:
        self._heirs: dict[OrderKey, OrderKey] = {}

    def current(self, key: OrderKey) -> OrderKey:
        """The last id of the chain that ``key`` is in: ``key`` itself where nothing replaced it."""
        while (heir := self._heirs.get(key)) is not None:
            key = heir
        return key

    def link(self, original: OrderKey, heir: OrderKey) -> OrderKey | None:
        """``heir`` follows ``original``. Returns the id that stood last in that chain, ``None`` if this is no news."""
        last = self.current(original)
        if last == self.current(heir):
            return None
        self._heirs[last] = heir
        return last
