"""An order as it was asked for, before the broker gave it ids and a state."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from blotter.paper.contract import Contract


@dataclass(frozen=True, slots=True)
class DraftLeg:
    """One leg: a contract, or the share of a covered position. ``side`` is BUY or SELL, ``effect`` OPEN or CLOSE."""

    side: str
    ratio: int
    effect: str
    contract: Contract | None
    stock: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order's terms. No legs: a share; one: an option; two to four: a strategy with a net price."""

    account: str
    symbol: str
    side: str
    type: str
    tif: str
    qty: Decimal
    price: Decimal | None = None
    stop: Decimal | None = None
    legs: tuple[DraftLeg, ...] = ()
    client_id: str = ""
    currency: str = "USD"

    @property
    def rests(self) -> bool:
        """Whether it can wait in the book. The others trade or die as soon as they are accepted."""
        return self.tif not in ("IOC", "FOK") and not (self.type == "MARKET" and self.tif in ("DAY", "GTC"))
