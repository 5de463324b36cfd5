"""Option contracts: the OSI symbol, the expiries that are listed, and what a contract is worth."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

OSI = re.compile(r"(?:O:)?([A-Z0-9.]{1,6}?)\s*(\d{2})(\d{2})(\d{2})([CP])(\d{8})")
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Contract:
    """One listed option. ``put_call`` is ``CALL`` or ``PUT``."""

    root: str
    maturity: date
    put_call: str
    strike: Decimal

    @property
    def osi(self) -> str:
        """The 21-character symbol: the root padded to six, then yymmdd, C or P, and the strike times 1000."""
        return f"{self.root:<6}{self.maturity:%y%m%d}{self.put_call[0]}{int(self.strike * 1000):08d}"

    def value(self, spot: float, volatility: float, today: date) -> float:
        """Black and Scholes at an interest rate of zero: close enough to look like a quote."""
        years = max((self.maturity - today).days, 1) / 365
        strike = float(self.strike)
        spread = volatility * math.sqrt(years)
        d1 = (math.log(spot / strike) + spread * spread / 2) / spread
        call = spot * _normal(d1) - strike * _normal(d1 - spread)
        return call if self.put_call == "CALL" else call - spot + strike


def parse_osi(symbol: str) -> Contract | None:
    """Read a contract from its symbol: padded, unpadded or with the ``O:`` of the market data pages."""
    match = OSI.fullmatch(symbol)
    if match is None:
        return None
    root, year, month, day, letter, strike = match.groups()
    try:
        maturity = date(2000 + int(year), int(month), int(day))
    except ValueError:
        return None
    return Contract(root, maturity, "CALL" if letter == "C" else "PUT", Decimal(strike) / 1000)


def maturities(today: date) -> list[date]:
    """The next five monthly expiries (third Fridays) that are at least a week away."""
    found: list[date] = []
    year, month = today.year, today.month
    while len(found) < 5:
        first = date(year, month, 1)
        third_friday = first + timedelta(days=(FRIDAY - first.weekday()) % 7 + 14)
        if third_friday >= today + timedelta(days=7):
            found.append(third_friday)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _normal(x: float) -> float:
    return (1 + math.erf(x / math.sqrt(2))) / 2
