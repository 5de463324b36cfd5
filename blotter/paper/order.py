"""An order of the practice broker, and its record on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from blotter.paper.draft import Draft, DraftLeg

ZERO = Decimal(0)
FINISHED = frozenset({"FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"})

Record = dict[str, Any]
"""A JSON object as it goes over the wire."""


@dataclass(slots=True, eq=False)
class PaperOrder:
    """One order and its state, changed in place by the exchange only.

    ``seq`` counts orders in order of creation; ``born`` is the market's tick at that time. ``held`` means that a
    cancel is at work on it, and nothing else may touch it. ``placed`` orders came through the API.
    """

    draft: Draft
    seq: int
    cl_ord_id: str
    created: datetime
    updated: datetime
    born: int = 0
    placed: bool = False
    ord_id: str = ""
    orig_cl_ord_id: str = ""
    status: str = "PENDING_NEW"
    cum: Decimal = ZERO
    average: Decimal = ZERO
    text: str = ""
    reject_reason: str = ""
    held: bool = False
    cancels: int = 0
    leg_averages: list[Decimal] = field(default_factory=list)

    @property
    def account(self) -> str:
        return self.draft.account

    @property
    def finished(self) -> bool:
        return self.status in FINISHED

    @property
    def leaves(self) -> Decimal:
        return ZERO if self.finished else self.draft.qty - self.cum

    @property
    def resting_status(self) -> str:
        """What the order is while nothing particular happens to it."""
        return "PARTIALLY_FILLED" if self.cum else "NEW"

    def fill(self, qty: Decimal, price: Decimal, leg_prices: list[Decimal]) -> None:
        """Trade ``qty`` at ``price`` (net, for a strategy); the status is left to the caller."""
        total = self.cum + qty
        if len(self.draft.legs) > 1:
            before = self.leg_averages or [ZERO] * len(leg_prices)
            pairs = zip(before, leg_prices, strict=True)
            self.leg_averages = [_average(old, self.cum, new, qty) for old, new in pairs]
        else:
            self.average = _average(self.average, self.cum, price, qty)
            self.leg_averages = [self.average] * len(self.draft.legs)
        self.cum = total

    def touch(self, at: datetime) -> None:
        """Note the time of a change. Two changes never carry the same one: nothing else orders two copies."""
        self.updated = max(at, self.updated + timedelta(microseconds=1))

    def record(self) -> Record:
        """The whole order, as the list and the stream both carry it (all quantities and prices are strings)."""
        draft = self.draft
        unused = "0" if draft.legs else ""
        record: Record = {
            "clOrdId": self.cl_ord_id,
            "ordId": self.ord_id,
            "accountId": draft.account,
            "clientId": draft.client_id,
            "symbol": draft.symbol,
            "side": draft.side,
            "type": draft.type,
            "timeInForce": draft.tif,
            "qty": plain(draft.qty),
            "price": unused if draft.price is None else plain(draft.price),
            "stopPrice": unused if draft.stop is None else plain(draft.stop),
            "ordStatus": self.status,
            "cumQty": plain(self.cum),
            "leavesQty": plain(self.leaves),
            "avgPrice": plain(self.average),
            "currency": draft.currency,
            "exDestination": "MNGDFTE" if draft.tif == "EXTENDED_HOURS" else "MNGD",
            "text": self.text,
            "ordRejReason": self.reject_reason,
            "securityType": "OPTION" if draft.legs else "EQUITY",
            "category": ("EQUITY", "SINGLE_LEG", "MULTI_LEG")[min(len(draft.legs), 2)],
            "createdAt": timestamp(self.created),
            "updatedAt": timestamp(self.updated),
        }
        if self.orig_cl_ord_id:
            record["origClOrdId"] = self.orig_cl_ord_id
        if draft.legs:
            averages = self.leg_averages or [ZERO] * len(draft.legs)
            record["legs"] = [_leg(leg, average) for leg, average in zip(draft.legs, averages, strict=True)]
        return record


def plain(number: Decimal) -> str:
    """A decimal as the wire writes it: no exponent ever."""
    return f"{number:f}"


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _average(old: Decimal, old_qty: Decimal, new: Decimal, qty: Decimal) -> Decimal:
    exact = (old * old_qty + new * qty) / (old_qty + qty)
    rounded = exact.quantize(Decimal("0.0001"))
    cents = rounded.quantize(Decimal("0.01"))
    return cents if cents == rounded else rounded


def _leg(leg: DraftLeg, average: Decimal) -> Record:
    contract = leg.contract
    return {
        "symbol": contract.osi if contract else leg.stock,
        "side": leg.side,
        "ratioQty": str(leg.ratio),
        "positionEffect": leg.effect,
        "securityType": "OPTION" if contract else "EQUITY",
        "maturity": contract.maturity.isoformat() if contract else "",
        "strikePrice": plain(contract.strike.normalize()) if contract else "",
        "putCall": contract.put_call if contract else "",
        "avgPrice": plain(average),
    }
