"""How much hangs on an order that is to be taken off: what stands first in a list that a tired trader reads.

First the orders that guard something: a stop limits a loss, and without it a position stands open. Then the
multi-leg ones, since one line is several contracts. Then the rest by the money that works in them, those whose money
cannot be told (a market order, a price not given) before those whose can.
"""

from __future__ import annotations

from decimal import Decimal

from blotter.core.book.row import Row
from blotter.core.contract import security_type_to_send
from blotter.core.order import Order

NAKED = "a canceled stop guards nothing"

CONTRACT_SIZE = 100
"""Shares behind one option contract."""


def is_protective(order: Order) -> bool:
    """Whether the order waits for a stop price: such orders are there to limit a loss."""
    return order.stop_price is not None or order.type.startswith("STOP")


def is_multi_leg(order: Order) -> bool:
    return len(order.legs) > 1


def note(order: Order) -> str:
    """Why the order is pointed out, in at most five cells; empty where it is not."""
    if is_protective(order):
        return "stop"
    return "legs" if is_multi_leg(order) else ""


def notional(order: Order) -> Decimal | None:
    """The money that works in what is left, by limit price; ``None`` where it cannot be told."""
    price = order.price if order.price is not None else order.stop_price
    if price is None or not price.is_finite() or not order.leaves_qty.is_finite():
        return None
    size = CONTRACT_SIZE if security_type_to_send(order) == "OPT" else 1
    return abs(price * order.leaves_qty * size)


def by_risk(row: Row) -> tuple[object, ...]:
    """Sorts rows, the riskiest first; equal ones keep one order whatever the order they came in."""
    order = row.order
    money = notional(order)
    return (
        not is_protective(order),
        not is_multi_leg(order),
        money is not None,
        -(money or Decimal(0)),
        order.account,
        len(row.tag),
        row.tag,
        order.cl_ord_id,
    )
