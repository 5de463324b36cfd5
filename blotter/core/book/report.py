"""What the broker said of one order, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from blotter.core.instant import Instant
from blotter.core.order import OrderFields, OrderKey


class Source(Enum):
    """Where a report came from. Only a read that was asked for after a report can contradict it."""

    LIST = auto()
    """A page of the active list, read by REST."""
    HISTORY = auto()
    """A page of the order history, read by REST."""
    STREAM = auto()
    """An event of the stream."""
    SNAPSHOT = auto()
    """The stream's own picture after a subscription: may be cut short, never proof of absence."""


@dataclass(frozen=True, slots=True)
class Report:
    """``fields`` are only those that the record carried: it may be a whole order or a patch.

    ``requested`` is set on reads only: the moment when the request left, which decides whether the read can
    be newer than a stream event. The execution fields are FIX's; the Aries wire leaves them out: ``exec_type`` is in
    the words of the statuses, or ``TRADE``, ``TRADE_CANCEL``, ``TRADE_CORRECT``, ``RESTATED``; ``request_id`` names the
    cancel that the report answers.
    """

    account: str
    cl_ord_id: str
    fields: OrderFields
    source: Source
    received: Instant
    requested: Instant | None = None
    exec_id: str = ""
    exec_type: str = ""
    exec_ref_id: str = ""
    last_qty: Decimal | None = None
    last_px: Decimal | None = None
    request_id: str = ""

    @property
    def key(self) -> OrderKey:
        return OrderKey(self.account, self.cl_ord_id)
