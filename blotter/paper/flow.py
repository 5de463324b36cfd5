"""Where the practice market's orders come from: a seeded stream of believable terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import NamedTuple

from blotter.paper.contract import Contract, maturities
from blotter.paper.draft import Draft, DraftLeg
from blotter.paper.quotes import CENT, NICKEL, STOCKS, Quotes, to_tick
from blotter.paper.strategy import draw_strategy, near_strike

CLIENTS = ("desk-web", "desk-web", "desk-mobile", "twap", "hedger")
SHARES = [stock for stock in STOCKS if stock.tradable]
OPTIONABLE = [stock for stock in STOCKS if stock.option_root]


class Style(NamedTuple):
    """What an order is like, before it has a symbol and a price. ``legs``: 0 a share, 1 an option, 2 a strategy."""

    legs: int
    type: str
    tif: str
    side: str = ""


# One of every type, side, time in force and kind that can rest: a new market begins with these.
SHOWCASE = (
    Style(0, "LIMIT", "DAY", "BUY"),
    Style(1, "LIMIT", "DAY", "BUY"),
    Style(2, "LIMIT", "DAY"),
    Style(0, "STOP", "GTC", "SELL"),
    Style(0, "LIMIT", "DAY", "SELL_SHORT"),
    Style(1, "LIMIT", "GTC", "SELL"),
    Style(0, "MARKET", "AT_THE_CLOSE", "SELL"),
    Style(0, "STOP_LIMIT", "DAY", "BUY_TO_COVER"),
    Style(0, "LIMIT", "EXTENDED_HOURS", "BUY"),
    Style(2, "LIMIT", "GTC"),
    Style(0, "LIMIT", "AT_THE_OPENING", "BUY"),
    Style(1, "STOP_LIMIT", "DAY", "SELL"),
)
SHARE_STYLES = {
    ("LIMIT", "DAY"): 46,
    ("LIMIT", "GTC"): 15,
    ("LIMIT", "IOC"): 5,
    ("LIMIT", "FOK"): 3,
    ("LIMIT", "EXTENDED_HOURS"): 5,
    ("LIMIT", "AT_THE_OPENING"): 2,
    ("LIMIT", "AT_THE_CLOSE"): 3,
    ("MARKET", "DAY"): 6,
    ("MARKET", "AT_THE_OPENING"): 1,
    ("MARKET", "AT_THE_CLOSE"): 3,
    ("STOP", "DAY"): 3,
    ("STOP", "GTC"): 4,
    ("STOP_LIMIT", "DAY"): 2,
    ("STOP_LIMIT", "GTC"): 3,
}
OPTION_STYLES = {
    ("LIMIT", "DAY"): 60,
    ("LIMIT", "GTC"): 25,
    ("MARKET", "DAY"): 5,
    ("STOP", "DAY"): 4,
    ("STOP_LIMIT", "GTC"): 6,
}
STRATEGY_STYLES = {("LIMIT", "DAY"): 70, ("LIMIT", "GTC"): 26, ("MARKET", "DAY"): 4}
SHARE_SIDES = {"BUY": 45, "SELL": 38, "SELL_SHORT": 9, "BUY_TO_COVER": 8}


class OrderFlow:
    """Draws drafts, one after the other, from one generator."""

    def __init__(self, rng: Random, quotes: Quotes, accounts: list[str], today: date) -> None:
        self._rng = rng
        self._quotes = quotes
        self._accounts = accounts
        # The first account is the busiest, as a trader's main account is.
        self._weights = [1 / (place + 1) for place in range(len(accounts))]
        self._expiries = maturities(today)

    def draw(self, style: Style | None = None, *, account: str = "") -> Draft:
        """The next order; ``style`` and ``account`` where they are not left to chance."""
        rng = self._rng
        style = style or self._style()
        account = account or rng.choices(self._accounts, self._weights)[0]
        if style.legs == 0:
            return self._share(account, style)
        return self._option(account, style) if style.legs == 1 else self._strategy(account, style)

    def resting(self) -> Draft:
        """The next order that can wait in the book."""
        while True:
            draft = self.draw()
            if draft.rests:
                return draft

    def _style(self) -> Style:
        legs = self._rng.choices((0, 1, 2), (60, 26, 14))[0]
        styles = (SHARE_STYLES, OPTION_STYLES, STRATEGY_STYLES)[legs]
        type_, tif = self._rng.choices(list(styles), list(styles.values()))[0]
        return Style(legs, type_, tif)

    def _share(self, account: str, style: Style) -> Draft:
        rng = self._rng
        stock = rng.choice(SHARES)
        side = style.side or rng.choices(list(SHARE_SIDES), list(SHARE_SIDES.values()))[0]
        mid = self._quotes.spot(stock)
        lots = rng.choices((1, 2, 3, 5, 10, 25), (30, 25, 16, 15, 10, 4))[0]
        qty = Decimal(stock.lots * lots if rng.random() < 0.88 else rng.randint(1, stock.lots - 1))
        # People like round prices, programs do not care.
        tick = rng.choice((CENT, CENT, NICKEL, Decimal("0.25"), Decimal("0.50")))
        eager = style.tif in ("IOC", "FOK")
        away = rng.uniform(-0.0004, 0.0006) if eager else rng.uniform(0.0008, 0.022)
        price, stop = self._prices(style.type, side, mid, away, CENT if eager else tick)
        return Draft(account, stock.symbol, side, style.type, style.tif, qty, price, stop, (), rng.choice(CLIENTS))

    def _option(self, account: str, style: Style) -> Draft:
        rng = self._rng
        stock = rng.choice(OPTIONABLE)
        put_call = rng.choice(("CALL", "PUT"))
        steps = rng.randint(-1, 6) * (1 if put_call == "CALL" else -1)
        contract = Contract(
            stock.option_root, rng.choice(self._expiries), put_call, near_strike(stock, self._quotes, steps)
        )
        side = style.side or rng.choice(("BUY", "SELL"))
        effect = rng.choices(("OPEN", "CLOSE"), (7, 3))[0]
        value = max(self._quotes.option(contract) or 0, 0.10)
        price, stop = self._prices(style.type, side, value, rng.uniform(0.02, 0.18), _option_tick(value))
        # An order keeps the symbol that it was placed with: mostly the contract, sometimes the underlying and a leg.
        symbol = contract.osi if rng.random() < 0.75 else stock.symbol
        qty = Decimal(rng.choices((1, 2, 3, 5, 10, 20, 50), (20, 18, 10, 22, 18, 8, 4))[0])
        legs = (DraftLeg(side, 1, effect, contract),)
        return Draft(account, symbol, side, style.type, style.tif, qty, price, stop, legs, rng.choice(CLIENTS))

    def _strategy(self, account: str, style: Style) -> Draft:
        rng = self._rng
        stock = rng.choice(OPTIONABLE)
        legs, net = draw_strategy(rng, stock, self._quotes, self._expiries)
        side = "BUY" if net > 0 else "SELL"
        value = max(abs(net), 0.05)
        price, stop = self._prices(style.type, side, value, rng.uniform(0.02, 0.12), _option_tick(value))
        qty = Decimal(rng.choice((1, 2, 4, 5, 10, 15, 25)))
        return Draft(account, stock.symbol, side, style.type, style.tif, qty, price, stop, legs, rng.choice(CLIENTS))

    def _prices(
        self, type_: str, side: str, mid: float, away: float, tick: Decimal
    ) -> tuple[Decimal | None, Decimal | None]:
        """Limit and stop price: limits wait on the patient side of the market, stops on the other."""
        buys = side in ("BUY", "BUY_TO_COVER")
        patient = mid * (1 - away if buys else 1 + away)
        trigger = mid * (1 + away if buys else 1 - away)
        if type_ == "LIMIT":
            return to_tick(patient, tick), None
        if type_ == "STOP":
            return None, to_tick(trigger, tick)
        if type_ == "STOP_LIMIT":
            stop = to_tick(trigger, tick)
            slack = max(to_tick(mid * 0.003, tick), tick)
            return (stop + slack if buys else max(stop - slack, tick)), stop
        return None, None


def _option_tick(value: float) -> Decimal:
    return CENT if value < 3 else NICKEL
