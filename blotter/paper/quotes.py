"""What the instruments of the practice market cost at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random

from blotter.paper.contract import Contract

CENT = Decimal("0.01")
NICKEL = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Stock:
    """A listed share. ``lots`` is a usual order size; ``strike_step`` is 0 where no options trade on it."""

    symbol: str
    price: float
    volatility: float
    lots: int
    strike_step: int = 0
    option_root: str = ""
    tradable: bool = True


STOCKS = (
    Stock("AAPL", 175.40, 0.26, 100, 5, "AAPL"),
    Stock("MSFT", 401.30, 0.24, 100, 5, "MSFT"),
    Stock("NVDA", 132.65, 0.48, 200, 5, "NVDA"),
    Stock("AMZN", 186.20, 0.32, 100),
    Stock("GOOGL", 165.85, 0.29, 100),
    Stock("META", 512.70, 0.35, 50),
    Stock("TSLA", 244.10, 0.55, 100, 10, "TSLA"),
    Stock("AMD", 158.35, 0.46, 200, 5, "AMD"),
    Stock("JPM", 203.45, 0.22, 100),
    Stock("XOM", 117.15, 0.25, 200),
    Stock("KO", 62.40, 0.15, 300),
    Stock("DIS", 96.75, 0.28, 200),
    Stock("F", 11.24, 0.36, 1000),
    Stock("INTC", 24.18, 0.42, 500),
    Stock("BA", 178.90, 0.34, 100),
    Stock("BRK.B", 452.60, 0.17, 50),
    Stock("SPY", 589.30, 0.15, 200, 5, "SPY"),
    Stock("QQQ", 497.85, 0.20, 200, 5, "QQQ"),
    Stock("IWM", 220.15, 0.22, 200),
    Stock("GLD", 243.60, 0.14, 100),
    Stock("SPX", 5903.25, 0.15, 0, 25, "SPXW", tradable=False),
)


def to_tick(price: float, tick: Decimal = CENT) -> Decimal:
    """The nearest price on the grid, never below one tick."""
    steps = (Decimal(price) / tick).to_integral_value(ROUND_HALF_EVEN)
    return max(steps, Decimal(1)) * tick


class Quotes:
    """Middle prices, walking at random. The walk is a function of the generator alone, never of the time."""

    def __init__(self, rng: Random, today: date) -> None:
        self._rng = rng
        self._today = today
        self._stocks = {stock.symbol: stock for stock in STOCKS}
        self._by_root = {stock.option_root: stock for stock in STOCKS if stock.option_root}
        self._mid = {stock.symbol: stock.price for stock in STOCKS}
        self._symbols = list(self._mid)

    def drift(self) -> None:
        """One instrument moves a little, and is pulled back gently, so that it stays near its price for days."""
        symbol = self._rng.choice(self._symbols)
        stock = self._stocks[symbol]
        noise = self._rng.gauss(0, stock.volatility / 400)
        pull = (stock.price - self._mid[symbol]) / stock.price / 50
        self._mid[symbol] *= 1 + noise + pull

    def stock(self, symbol: str) -> Decimal | None:
        """The middle price of a share; ``None`` for one that this market does not know."""
        mid = self._mid.get(symbol)
        return None if mid is None else to_tick(mid)

    def spot(self, stock: Stock) -> float:
        return self._mid[stock.symbol]

    def option(self, contract: Contract) -> float | None:
        """What a contract is worth; ``None`` when its underlying is not known here."""
        stock = self._by_root.get(contract.root)
        return None if stock is None else contract.value(self.spot(stock), stock.volatility, self._today)
