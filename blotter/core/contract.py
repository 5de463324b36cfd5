"""What an order is for: the option contract behind a symbol, and the words that name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from blotter.core.order import Leg, Order

# The 21 characters of the OSI symbology, padded or not, with the prefix that market-data pages put before it.
_OSI = re.compile(r"(?:O:)?([A-Z0-9.]{1,6}?)\s*(\d{6})([CP])(\d{8})", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_RIGHTS = {"CALL": "CALL", "C": "CALL", "PUT": "PUT", "P": "PUT"}


@dataclass(frozen=True, slots=True)
class OptionContract:
    """One listed option. ``right`` is ``CALL`` or ``PUT``."""

    root: str
    maturity: date
    right: str
    strike: Decimal

    @property
    def expiry(self) -> str:
        """The expiry as traders write it: ``19JUN26``."""
        return f"{self.maturity.day:02}{_MONTHS[self.maturity.month - 1]}{self.maturity.year % 100:02}"

    @property
    def strike_text(self) -> str:
        """The strike without superfluous zeros, never with an exponent: ``205``, ``7.5``."""
        text = f"{self.strike:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def __str__(self) -> str:
        return f"{self.root} {self.expiry} {self.strike_text}{self.right[0]}"


def parse_osi(symbol: str) -> OptionContract | None:
    """The contract that an OSI symbol names (padded, unpadded, or with ``O:`` before it), else ``None``."""
    found = _OSI.fullmatch(symbol.strip())
    if found is None:
        return None
    root, day, right, strike = found.groups()
    try:
        maturity = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    return OptionContract(root, maturity, _RIGHTS[right], Decimal(strike).scaleb(-3))


def contract(order: Order) -> OptionContract | None:
    """The one option contract that the order is for: from its leg, else from its symbol.

    ``None`` for a stock and for a multi-leg order.
    """
    if len(order.legs) > 1:
        return None
    if order.legs and (found := _of_leg(order.legs[0], order.symbol)):
        return found
    return parse_osi(order.symbol)


def display_symbol(order: Order) -> str:
    """The instrument as traders read it, raw: ``MSFT``, ``AAPL 19JUN26 205C``, ``2-leg AAPL 19JUN26 205C/210C``."""
    if len(order.legs) > 1:
        return f"{len(order.legs)}-leg {_legs(order)}".rstrip()
    found = contract(order)
    return str(found) if found else order.symbol


def security_type_to_send(order: Order) -> Literal["CS", "OPT"]:
    """``CS`` or ``OPT``: requests have another vocabulary than reports, and ``category`` cannot be trusted."""
    said = {order.security_type.upper(), *(leg.security_type.upper() for leg in order.legs)}
    if len(order.legs) > 1 or said & {"OPT", "OPTION"} or contract(order):
        return "OPT"
    return "CS"


def _of_leg(leg: Leg, underlying: str) -> OptionContract | None:
    named = parse_osi(leg.symbol)
    if named:
        return named
    right = _RIGHTS.get(leg.put_call.upper())
    try:
        maturity = date.fromisoformat(leg.maturity)
        strike = Decimal(leg.strike_price)
    except (ValueError, InvalidOperation):
        return None
    if right is None or not strike.is_finite() or abs(strike.adjusted()) > 12:
        return None
    of = parse_osi(underlying)
    return OptionContract(leg.symbol or (of.root if of else underlying), maturity, right, strike)


def _legs(order: Order) -> str:
    found = [_of_leg(leg, order.symbol) for leg in order.legs]
    named = [option for option in found if option]
    if len(named) < len(found):
        return order.symbol
    root = named[0].root
    if any(option.root != root for option in named):
        return "/".join(map(str, named))
    if any(option.maturity != named[0].maturity for option in named):
        return f"{root} " + "/".join(str(option).removeprefix(f"{root} ") for option in named)
    return f"{root} {named[0].expiry} " + "/".join(f"{option.strike_text}{option.right[0]}" for option in named)
