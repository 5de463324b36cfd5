"""The exchange's floor: where orders get their ids, and from where every change of one is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count

from blotter.core.clock import Clock
from blotter.paper.draft import Draft
from blotter.paper.ledger import Ledger
from blotter.paper.order import PaperOrder, Record

Listener = Callable[[str, Record], None]
"""Hears an account id and an order record."""


class Floor:
    """Enters orders in the ledger and publishes records to the listeners.

    The market's orders, those placed through the API and cancel requests are numbered apart, so that what a client
    does never changes an id of the market.
    """

    def __init__(self, ledger: Ledger, clock: Clock, seed: int) -> None:
        self.ledger = ledger
        self.clock = clock
        self._listeners: list[Listener] = []
        self._seq = count(1)
        series = abs(seed) % 10
        self._ids = {letter: (f"{letter}{series}", count(412)) for letter in "APX"}
        self._broker_ids = count(90_211)

    def now(self) -> datetime:
        return self.clock.now().utc

    def enter(
        self, draft: Draft, *, placed: bool = False, created: datetime | None = None, born: int = 0
    ) -> PaperOrder:
        """A new order in PENDING_NEW, not yet published. ``created`` backdates one that is older than the market."""
        created = created or self.now()
        cl_ord_id = self.next_id("P" if placed else "A")
        order = PaperOrder(draft, next(self._seq), cl_ord_id, created, created, born, placed)
        self.ledger.add(order)
        return order

    def next_id(self, letter: str) -> str:
        """A new client order id: ``A`` for the market's orders, ``P`` for placed ones, ``X`` for cancel requests."""
        prefix, numbers = self._ids[letter]
        return f"{prefix}-{next(numbers):06d}"

    def accept(self, order: PaperOrder) -> None:
        """Give the order the broker's own id, which it lacks until then."""
        order.ord_id = f"B-{next(self._broker_ids)}"

    def report(self, order: PaperOrder, status: str, text: str = "") -> None:
        """Change the order's status and tell everybody."""
        order.status = status
        order.text = text
        order.touch(self.now())
        self.publish(order.account, order.record())

    def publish(self, account: str, record: Record) -> None:
        for listener in list(self._listeners):
            listener(account, record)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear every record from now on; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
