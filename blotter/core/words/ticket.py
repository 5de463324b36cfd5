"""An order in words, the way a trader would read it back over the telephone.

Everything here has passed ``show`` and is safe on a screen. Full words are the rule: a half-awake reader must not
have to decode a letter before taking an order off the market.
"""

from __future__ import annotations

from blotter.core.contract import contract, display_symbol
from blotter.core.order import Leg, Order
from blotter.core.text import show
from blotter.core.words.figures import price, quantity

UNKNOWN = "not given"


def words(code: str) -> str:
    """The broker's code as words: ``SELL_SHORT`` reads ``SELL SHORT``."""
    return show(code).replace("_", " ") or UNKNOWN


def side(order: Order) -> str:
    return words(order.side) if order.side else "SIDE " + UNKNOWN


def left(order: Order) -> str:
    """Leaves of the ordered total."""
    return f"left {quantity(order.leaves_qty)} of {quantity(order.qty)}"


def terms(order: Order) -> tuple[str, ...]:
    """Type with its price, the stop price, and the time in force."""
    kind = words(order.type) if order.type else "TYPE " + UNKNOWN
    currency = "" if order.currency in {"", "USD"} else f" {show(order.currency)}"
    if order.price is not None:
        kind = f"{kind} {price(order.price)}{currency}"
    elif "LIMIT" in order.type:
        kind = f"{kind}, price {UNKNOWN}"
    stop = () if order.stop_price is None else (f"stop {price(order.stop_price)}{currency}",)
    return (kind, *stop, words(order.time_in_force) if order.time_in_force else "TIME IN FORCE " + UNKNOWN)


def contract_in_full(order: Order) -> str:
    """What trades: a stock's symbol, an option spelled out, how many legs on what."""
    option = contract(order)
    if option is not None:
        day, month, year = option.expiry[:2], option.expiry[2:5], option.maturity.year
        return f"{show(option.root)} {day} {month} {year} {option.strike_text} {option.right}"
    if len(order.legs) > 1:
        return show(" ".join(display_symbol(order).split()[:2]))
    return show(display_symbol(order)) or "SYMBOL " + UNKNOWN


def legs(order: Order) -> tuple[str, ...]:
    """The legs of a multi-leg order in words: side, ratio, contract; what all contracts begin with is said once."""
    names = [show(display_symbol(_alone(part))) or "SYMBOL " + UNKNOWN for part in order.legs]
    starts = [heads[0] for heads in zip(*(name.split() for name in names), strict=False) if len(set(heads)) == 1]
    shared = " ".join(starts)
    if not all(name.startswith(shared + " ") for name in names):
        shared = ""
    said = tuple(_leg(part, name[len(shared) :].strip()) for part, name in zip(order.legs, names, strict=True))
    return (f"{shared}:", *said) if shared else said


def _leg(part: Leg, name: str) -> str:
    ratio = "?" if part.ratio_qty is None else quantity(part.ratio_qty)
    return f"{words(part.side)} {ratio} {name}"


def _alone(leg: Leg) -> Order:
    return Order(account="", cl_ord_id="", symbol=leg.symbol, security_type=leg.security_type, legs=(leg,))


def span(seconds: float) -> str:
    """A length of time in its two largest units: ``7 s``, ``4 min``, ``2 h 13 min``, ``3 d 4 h``."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if not minutes:
        return f"{whole} s"
    if not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"
