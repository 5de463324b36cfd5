"""Option strategies of two to four legs, with their net price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from blotter.paper.contract import Contract
from blotter.paper.draft import DraftLeg
from blotter.paper.quotes import Quotes, Stock

# Legs as (side, ratio, put or call, strikes from the middle, expiries from the first).
SHAPES: tuple[tuple[tuple[str, int, str, int, int], ...], ...] = (
    (("BUY", 1, "CALL", 1, 0), ("SELL", 1, "CALL", 3, 0)),
    (("BUY", 1, "PUT", 0, 0), ("SELL", 1, "PUT", -2, 0)),
    (("SELL", 1, "PUT", -2, 0), ("BUY", 1, "PUT", -4, 0)),
    (("BUY", 1, "CALL", 0, 0), ("BUY", 1, "PUT", 0, 0)),
    (("SELL", 1, "CALL", 3, 0), ("SELL", 1, "PUT", -3, 0)),
    (("SELL", 1, "CALL", 1, 0), ("BUY", 1, "CALL", 1, 1)),
    (("BUY", 1, "CALL", -1, 0), ("SELL", 2, "CALL", 1, 0), ("BUY", 1, "CALL", 3, 0)),
    (("BUY", 1, "PUT", -4, 0), ("SELL", 1, "PUT", -2, 0), ("SELL", 1, "CALL", 2, 0), ("BUY", 1, "CALL", 4, 0)),
)


def near_strike(stock: Stock, quotes: Quotes, steps: int) -> Decimal:
    """The strike that many steps away from the middle price."""
    at_the_money = round(quotes.spot(stock) / stock.strike_step)
    return Decimal(max(at_the_money + steps, 1) * stock.strike_step)


def draw_strategy(
    rng: Random, stock: Stock, quotes: Quotes, expiries: list[date]
) -> tuple[tuple[DraftLeg, ...], float]:
    """A strategy on ``stock`` and its net value per unit: above zero it costs money, below it earns some."""
    first = rng.randrange(len(expiries) - 1)
    effect = "OPEN" if rng.random() < 0.7 else "CLOSE"
    legs: list[DraftLeg] = []
    net = 0.0
    for side, ratio, put_call, steps, later in rng.choice(SHAPES):
        strike = near_strike(stock, quotes, steps)
        contract = Contract(stock.option_root, expiries[first + later], put_call, strike)
        legs.append(DraftLeg(side, ratio, effect, contract))
        net += (ratio if side == "BUY" else -ratio) * (quotes.option(contract) or 0)
    return tuple(legs), net
