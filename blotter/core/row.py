"""A row of the blotter: an order, and what we know and asked of it."""

from __future__ import annotations

from dataclasses import dataclass

from blotter.core.cancel import CancelState
from blotter.core.instant import Instant
from blotter.core.order import Order, OrderKey


@dataclass(frozen=True, slots=True)
class Row:
    """The frozen value that crosses from the desk to the screen.

    ``tag`` is the order's short name for the run, never reused. ``former`` is the key of the order that this one
    replaced: it takes over that row, its tag and its cursor. ``finished_before`` marks an order that was already
    finished when first read: such rows are hidden and counted.
    """

    order: Order
    tag: str
    reported: Instant
    cancel: CancelState = CancelState.NONE
    cancel_at: Instant | None = None
    cancel_text: str = ""
    intent: str = ""
    needs_read: bool = False
    stale_since: Instant | None = None
    finished_before: bool = False
    former: OrderKey | None = None

    @property
    def key(self) -> OrderKey:
        return self.order.key


@dataclass(frozen=True, slots=True)
class Change:
    """A row before and after something was applied to the book; ``before`` is ``None`` for a new order."""

    before: Row | None
    after: Row
