"""A row of the blotter: an order, and what we know and asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from blotter.core.book.cancel import Ask, CancelState
from blotter.core.instant import Instant
from blotter.core.order import Order, OrderKey


@dataclass(frozen=True, slots=True)
class Execution:
    """A report that a feed with execution ids has already delivered, and the trade in it, if any."""

    exec_id: str
    qty: Decimal | None = None
    px: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The frozen value that crosses from the desk to the screen.

    ``tag`` is the order's short name for the run, never reused. ``former`` is the key of the order that this one
    replaced: it takes over that row, its tag and its cursor. ``finished_before`` marks an order that was already
    finished when first read: such rows are hidden and counted. ``reported`` is the last word on the order,
    ``changed`` the last word that was news.

    ``cancel``, ``cancel_at``, ``cancel_text`` and ``intent`` are those of one of ``asks``: our strongest open request,
    else the last that changed. ``needs_read`` says that the order must be read before it is trusted: since ``doubted``,
    which only a read asked for later ends, or because a request of ours is unclear. ``hidden_status`` is the status
    that PENDING_CANCEL stands before.
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
    changed: Instant | None = None
    doubted: Instant | None = None
    asks: tuple[Ask, ...] = ()
    executions: tuple[Execution, ...] = ()
    hidden_status: str = ""

    @property
    def key(self) -> OrderKey:
        return self.order.key


@dataclass(frozen=True, slots=True)
class Change:
    """A row before and after something was applied to the book; ``before`` is ``None`` for a new order."""

    before: Row | None
    after: Row
