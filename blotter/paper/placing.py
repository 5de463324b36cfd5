"""``POST /v1/orders``: from the request's body to an order's terms."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from blotter.paper.contract import Contract, parse_osi
from blotter.paper.draft import Draft, DraftLeg
from blotter.paper.fields import Fields
from blotter.paper.words import EFFECTS, LEG_SIDES, PUT_CALL, SECURITY_TYPES, SIDES, TIMES_IN_FORCE, TYPES

TICKER = re.compile(r"[A-Z][A-Z0-9.]{0,5}")
CURRENCY = re.compile(r"[A-Z]{3}")
MATURITY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_placement(body: dict[str, Any], accounts: Collection[str], today: date) -> Draft:
    """Check everything that the API checks before an order exists. No legs and no option symbol: a share."""
    fields = Fields(body)
    account = fields.account(accounts)
    symbol = fields.text("symbol", 21)
    side = fields.choice("side", SIDES)
    type_ = fields.choice("type", TYPES)
    tif = fields.choice("timeInForce", TIMES_IN_FORCE)
    qty = fields.decimal("qty")
    contract = parse_osi(symbol)
    if symbol and contract is None and TICKER.fullmatch(symbol) is None:
        fields.fail("BAD_SYMBOL", "is not a symbol", "symbol")
    legs = _legs(fields, contract, symbol, side, today)
    price = stop = None
    if type_:
        price = _price(fields, "price", type_ in ("LIMIT", "STOP_LIMIT"), signed=len(legs) > 1)
        stop = _price(fields, "stopPrice", type_ in ("STOP", "STOP_LIMIT"), signed=False)
    client_id = fields.text("clientId", 50, required=False)
    currency = fields.text("currency", 3, required=False) or "USD"
    if CURRENCY.fullmatch(currency) is None:
        fields.fail("FORMAT", "must be three capital letters", "currency")
    if legs:
        _check_option(fields, tif, side, qty)
    fields.finish()
    return Draft(account, symbol, side, type_, tif, qty or Decimal(0), price, stop, legs, client_id, currency)


def _price(fields: Fields, name: str, wanted: bool, *, signed: bool) -> Decimal | None:
    """A price where the order's type has one; one that it cannot use must be absent, empty or ``"0"``."""
    if wanted:
        return fields.decimal(name, positive=not signed)
    if fields.raw(name) not in (None, "", "0"):
        fields.fail("NOT_ALLOWED", "does not belong to this type of order", name)
    return None


def _check_option(fields: Fields, tif: str, side: str, qty: Decimal | None) -> None:
    if tif not in ("DAY", "GTC", ""):
        fields.fail("NOT_ALLOWED", "must be DAY or GTC for options", "timeInForce")
    if side not in ("BUY", "SELL", ""):
        fields.fail("NOT_ALLOWED", "must be BUY or SELL for options", "side")
    if qty is not None and qty != qty.to_integral_value():
        fields.fail("RANGE", "must be a whole number of contracts", "qty")


def _legs(fields: Fields, contract: Contract | None, symbol: str, side: str, today: date) -> tuple[DraftLeg, ...]:
    sent = fields.raw("legs")
    if sent is None or sent == []:
        if contract is None:
            return ()
        _check_maturity(fields, contract, "symbol", today)
        return (DraftLeg(side if side in LEG_SIDES else "BUY", 1, "OPEN", contract),)
    if not isinstance(sent, list) or not all(isinstance(leg, dict) for leg in sent):
        fields.fail("TYPE", "must be a list of objects", "legs")
        return ()
    if len(sent) > 4:
        fields.fail("TOO_LONG", "must have at most 4 legs", "legs")
        return ()
    legs = [_leg(fields.within(leg, f"legs[{place}]"), contract, symbol, today) for place, leg in enumerate(sent)]
    return tuple(leg for leg in legs if leg is not None)


def _leg(fields: Fields, order_contract: Contract | None, underlying: str, today: date) -> DraftLeg | None:
    security = fields.choice("securityType", SECURITY_TYPES)
    side = fields.choice("side", LEG_SIDES)
    ratio = fields.decimal("ratioQty")
    effect = fields.choice("positionEffect", EFFECTS)
    symbol = fields.text("symbol", 21, required=False) or underlying
    if ratio is not None and ratio != ratio.to_integral_value():
        fields.fail("RANGE", "must be a whole number", "ratioQty")
    if security == "EQUITY":
        return DraftLeg(side, int(ratio or 1), effect, None, symbol)
    contract = parse_osi(symbol) or _described(fields, symbol) or order_contract
    if contract is None:
        fields.fail("REQUIRED", "needs putCall, strikePrice and maturity, or an option symbol", "symbol")
        return None
    _check_maturity(fields, contract, "maturity", today)
    return DraftLeg(side, int(ratio or 1), effect, contract)


def _described(fields: Fields, root: str) -> Contract | None:
    """A contract from the three fields that describe one; ``None`` unless all are there."""
    put_call = fields.choice("putCall", PUT_CALL, required=False)
    strike = fields.decimal("strikePrice", required=False)
    maturity = read_maturity(fields)
    if not put_call or strike is None or maturity is None or TICKER.fullmatch(root) is None:
        return None
    if strike >= 100_000 or strike * 1000 != (strike * 1000).to_integral_value():
        fields.fail("RANGE", "must be below 100000 with at most 3 decimals", "strikePrice")
        return None
    return Contract(root, maturity, put_call, strike)


def read_maturity(fields: Fields) -> date | None:
    """``maturity`` as YYYY-MM-DD; ``None`` when it is absent or unreadable, which is noted."""
    text = fields.text("maturity", 10, required=False)
    if not text:
        return None
    try:
        if MATURITY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    fields.fail("FORMAT", "must be YYYY-MM-DD", "maturity")
    return None


def _check_maturity(fields: Fields, contract: Contract, name: str, today: date) -> None:
    if contract.maturity < today:
        fields.fail("EXPIRED", f"is of a contract that expired on {contract.maturity}", name)
