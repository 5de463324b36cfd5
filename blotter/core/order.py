"""An order, as the broker reports it.

Text fields hold exactly what was received: they are sent back in a cancel and written to the journal. Those that are
only read (``client_id``, ``ex_destination``, ``text``, ``ord_rej_reason``) are cut at the door where they are endless.
Nothing here is safe to print; ``core.text.show`` is the only way to a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypedDict

ZERO = Decimal(0)


class OrderKey(NamedTuple):
    """What addresses an order everywhere: client order ids are unique within an account only."""

    account: str
    cl_ord_id: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of an option order; ``qty x ratio_qty`` contracts trade."""

    symbol: str = ""
    side: str = ""
    ratio_qty: Decimal | None = None
    position_effect: str = ""
    security_type: str = ""
    maturity: str = ""
    strike_price: str = ""
    put_call: str = ""
    avg_price: Decimal | None = None


class OrderFields(TypedDict, total=False):
    """The fields of :class:`Order` that one record carried. A field that is not here was not said."""

    ord_id: str
    orig_cl_ord_id: str
    client_id: str
    symbol: str
    side: str
    type: str
    time_in_force: str
    qty: Decimal
    price: Decimal | None
    stop_price: Decimal | None
    ord_status: str
    cum_qty: Decimal
    leaves_qty: Decimal
    avg_price: Decimal | None
    currency: str
    ex_destination: str
    text: str
    ord_rej_reason: str
    security_type: str
    category: str
    legs: tuple[Leg, ...]
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """The broker's picture of one order. Field names are those of the API in snake case (FIX words).

    Quantities and prices are decimals; an unused price is ``None``. Times are aware UTC.
    """

    account: str
    cl_ord_id: str
    ord_id: str = ""
    orig_cl_ord_id: str = ""
    client_id: str = ""
    symbol: str = ""
    side: str = ""
    type: str = ""
    time_in_force: str = ""
    qty: Decimal = ZERO
    price: Decimal | None = None
    stop_price: Decimal | None = None
    ord_status: str = ""
    cum_qty: Decimal = ZERO
    leaves_qty: Decimal = ZERO
    avg_price: Decimal | None = None
    currency: str = ""
    ex_destination: str = ""
    text: str = ""
    ord_rej_reason: str = ""
    security_type: str = ""
    category: str = ""
    legs: tuple[Leg, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def key(self) -> OrderKey:
        return OrderKey(self.account, self.cl_ord_id)
