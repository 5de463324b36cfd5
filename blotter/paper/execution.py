"""Trades: what an order's fill is booked at."""

from __future__ import annotations

from decimal import Decimal

from blotter.paper.draft import Draft, DraftLeg
from blotter.paper.order import PaperOrder
from blotter.paper.quotes import CENT, Quotes, to_tick


def trade(order: PaperOrder, qty: Decimal, quotes: Quotes) -> None:
    """Fill ``qty``: at the limit price where there is one, else at the stop price, else at the market."""
    draft = order.draft
    leg_prices = [_leg_price(leg, quotes) for leg in draft.legs]
    price = draft.price if draft.price is not None else draft.stop
    if price is None:
        price = _market_price(draft, leg_prices, quotes)
    if len(draft.legs) > 1:
        _make_net(draft, leg_prices, price)
    order.fill(qty, price, leg_prices)


def part_of(order: PaperOrder, share: float) -> Decimal:
    """A believable piece of what is left: whole units, round lots where the order has them, never all of it."""
    lot = Decimal(100) if order.leaves > 200 else Decimal(1)
    piece = (order.leaves * Decimal(str(round(share, 3))) // lot) * lot
    return min(max(piece, lot), order.leaves - 1)


def _market_price(draft: Draft, leg_prices: list[Decimal], quotes: Quotes) -> Decimal:
    if leg_prices:
        pairs = zip(draft.legs, leg_prices, strict=True)
        return abs(sum((_sign(leg) * price for leg, price in pairs), Decimal(0))) or CENT
    # A ticker that this market does not quote trades at the price of an unremarkable share.
    return quotes.stock(draft.symbol) or Decimal("50.00")


def _leg_price(leg: DraftLeg, quotes: Quotes) -> Decimal:
    if leg.contract is None:
        return quotes.stock(leg.stock) or Decimal("50.00")
    value = quotes.option(leg.contract)
    return to_tick(value if value is not None else 1.0)


def _make_net(draft: Draft, leg_prices: list[Decimal], net: Decimal) -> None:
    """Shift the first leg that can take it, so that the legs add up to the strategy's net price."""
    wanted = net if draft.side == "BUY" else -net
    gap = wanted - sum((_sign(leg) * price for leg, price in zip(draft.legs, leg_prices, strict=True)), Decimal(0))
    for place, leg in enumerate(draft.legs):
        shifted = leg_prices[place] + gap / _sign(leg)
        if shifted >= CENT and shifted == shifted.quantize(CENT):
            leg_prices[place] = shifted
            return


def _sign(leg: DraftLeg) -> int:
    return leg.ratio if leg.side == "BUY" else -leg.ratio
