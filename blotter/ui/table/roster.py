"""The orders shown, in the order shown."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from blotter.core.order import OrderKey

Place = tuple[float, int]
"""Where an order stands: smaller is higher up. Unique, given once, and kept whatever happens to the order."""

FEW = 64
"""Up to so many newcomers are put in one by one; more are sorted in at once."""


class Roster:
    """A sorted list of places, and the order that stands at each. Finding and adding cost O(log n) compares."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._keys: dict[Place, OrderKey] = {}

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> OrderKey:
        return self._keys[self._places[index]]

    def __contains__(self, place: Place) -> bool:
        return place in self._keys

    def rank(self, place: Place) -> int:
        """How many orders stand above ``place``, whether or not one stands at it."""
        return bisect_left(self._places, place)

    def place(self, index: int) -> Place:
        return self._places[index]

    def keys(self, start: int, stop: int) -> list[OrderKey]:
        return [self._keys[place] for place in self._places[start:stop]]

    def add(self, orders: Iterable[tuple[Place, OrderKey]]) -> None:
        """Put orders at their places; one that stands there already is replaced."""
        arrived = dict(orders)
        new = [place for place in arrived if place not in self._keys]
        self._keys.update(arrived)
        if len(new) <= FEW:
            for place in new:
                insort(self._places, place)
        else:
            self._places.extend(new)
            self._places.sort()

    def remove(self, place: Place) -> None:
        """Take the order at ``place`` away, if there is one."""
        if self._keys.pop(place, None) is not None:
            del self._places[bisect_left(self._places, place)]

    def fill(self, orders: Iterable[tuple[Place, OrderKey]]) -> None:
        """Start over with these orders."""
        self._keys = dict(orders)
        self._places = sorted(self._keys)
