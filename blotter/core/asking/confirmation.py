"""The question before a cancel: what it says, what it follows, and what takes it back.

A confirmation is bound to the order as it stood when the trader pressed the key. Fills do not disturb it, for what is
sent is always the rest of this order. Anything that makes it another order than the one that was read (price, stop,
ordered quantity, side, contract, id), or leaves nothing to cancel, blocks it for good: a confirmation that could come
back to life would be answered by a key meant for an earlier text.

A broker id that appears where there was none is news and does not block: the broker gives it after accepting an order,
the order is addressed by its client order id, and nothing that was read has become wrong. One broker id in the
place of another does block.

Where the cancel is not plainly right, the question gives the reason and asks for the order's tag in place of ``y``
(:mod:`blotter.core.asking.override`). Which of the two is asked never changes while the question is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from blotter.core.asking.override import why_tag
from blotter.core.book.row import Row
from blotter.core.book.status import OrdStatus, why_not_cancel
from blotter.core.instant import Instant
from blotter.core.order import Leg, Order
from blotter.core.text import show
from blotter.core.words import figures, ticket

SINCE = "since you pressed c"
NONE = "none"
SETTLED = "what stood against this cancel is settled"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """``asked`` is the row as it stood at ``pressed``, ``row`` as it stands now, ``kind`` is LIVE or PRACTICE.

    ``blocked`` is the reason why yes is no answer any more; empty while it is one. ``again`` says that the order can be
    asked about anew. ``reason`` and ``journal`` are what stands against the cancel and can be overruled: the state of
    the order, and why nothing can be put on record.
    """

    kind: str
    asked: Row
    row: Row
    pressed: Instant
    blocked: str = ""
    again: bool = False
    reason: str = ""
    journal: str = ""
    account: str = ""
    """What the account is called, where the trader has a name for it."""
    chosen: str = ""
    """How the order was chosen, where not by the cursor: by a mark, or as all that a scope came to."""

    @classmethod
    def open(
        cls, row: Row, kind: str, pressed: Instant, journal: str = "", account: str = "", chosen: str = ""
    ) -> Confirmation:
        reason = why_tag(row, pressed) or ""
        blocked = "" if reason else why_not_cancel(row, pressed) or ""
        return cls(kind, row, row, pressed, blocked, reason=reason, journal=journal, account=account, chosen=chosen)

    @property
    def override(self) -> str:
        """All that the typed tag overrules; empty where ``y`` is the answer."""
        return "; ".join(filter(None, (self.reason, self.journal)))

    def follow(self, row: Row, now: Instant) -> Confirmation:
        """The same question after news of its order; rows of other orders leave it as it is."""
        if row.key != self.asked.key:
            if row.former != self.asked.key:
                return self
            heir = show(row.order.cl_ord_id)
            return replace(self, blocked=f"the order was replaced, it is now {heir}", again=True)
        reason = why_tag(row, now) or ""
        if not reason and (never := why_not_cancel(row, now)):
            return replace(self, row=row, blocked=never, again=False)
        if other := another_order(self.asked.order, row.order):
            return replace(self, row=row, blocked=other, again=True)
        if bool(reason) != bool(self.reason):
            return replace(self, row=row, blocked=reason or SETTLED, again=True)
        return replace(self, row=row, reason=reason)

    def block(self, reason: str) -> Confirmation:
        """For good, whatever becomes of the order."""
        return replace(self, blocked=reason, again=False)

    @property
    def news(self) -> str:
        """What changed since the key was pressed and does not block, as one sentence; empty when nothing did."""
        changes = ", ".join(_changes(self.asked.order, self.row.order))
        return f"{changes} {SINCE}" if changes else ""


def another_order(before: Order, after: Order) -> str | None:
    """Why ``after`` is not the order that was read as ``before``; ``None`` when it still is."""
    facts: tuple[tuple[str, Any, Any, Callable[[Any], str]], ...] = (
        ("side", before.side, after.side, ticket.words),
        ("ordered quantity", before.qty, after.qty, figures.quantity),
        ("price", before.price, after.price, _price),
        ("stop", before.stop_price, after.stop_price, _price),
        ("symbol", before.symbol, after.symbol, show),
        ("broker id", before.ord_id or after.ord_id, after.ord_id or before.ord_id, show),
    )
    for name, old, new, said in facts:
        if old != new:
            return f"{name} {said(old) or NONE} -> {said(new) or NONE} {SINCE}"
    if tuple(map(_identity, before.legs)) != tuple(map(_identity, after.legs)):
        return f"the legs changed {SINCE}"
    return None


def _changes(before: Order, after: Order) -> Iterator[str]:
    if before.leaves_qty != after.leaves_qty:
        yield f"left {figures.quantity(before.leaves_qty)} -> {figures.quantity(after.leaves_qty)}"
    elif before.cum_qty != after.cum_qty:
        yield f"filled {figures.quantity(before.cum_qty)} -> {figures.quantity(after.cum_qty)}"
    if before.type != after.type:
        yield f"type {ticket.words(before.type)} -> {ticket.words(after.type)}"
    if before.time_in_force != after.time_in_force:
        yield f"time in force {ticket.words(before.time_in_force)} -> {ticket.words(after.time_in_force)}"
    told_by_left = after.ord_status == OrdStatus.PARTIALLY_FILLED and before.leaves_qty != after.leaves_qty
    if before.ord_status != after.ord_status and not told_by_left:
        yield f"status {ticket.words(before.ord_status)} -> {ticket.words(after.ord_status)}"
    if after.ord_id and not before.ord_id:
        yield f"broker id is now {show(after.ord_id)}"


def _price(value: Decimal | None) -> str:
    return "" if value is None else figures.price(value)


def _identity(leg: Leg) -> tuple[object, ...]:
    return leg.symbol, leg.side, leg.ratio_qty, leg.maturity, leg.strike_price, leg.put_call
