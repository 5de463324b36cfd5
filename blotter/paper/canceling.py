"""``POST /v1/orders/cancel``: which order is meant, and whether the request describes it."""

from __future__ import annotations

from typing import Any

from blotter.paper.contract import Contract, parse_osi
from blotter.paper.errors import flat, problem
from blotter.paper.exchange import Exchange
from blotter.paper.fields import Fields
from blotter.paper.order import PaperOrder
from blotter.paper.placing import read_maturity
from blotter.paper.words import PUT_CALL, SECURITY_TYPES, SIDES


def read_cancel(body: dict[str, Any], exchange: Exchange) -> PaperOrder:
    """The order to cancel. 400 for a request that does not fit it, 404 for one that the account does not have.

    ``securityType`` may be left out, and so may the contract's fields where ``symbol`` is the option's own.
    """
    fields = Fields(body)
    account = fields.account(exchange.accounts)
    cl_ord_id = fields.text("origClOrdId", 100)
    symbol = fields.text("symbol", 21)
    side = fields.choice("side", SIDES)
    security = fields.choice("securityType", SECURITY_TYPES, required=False)
    put_call = fields.choice("putCall", PUT_CALL, required=False)
    strike = fields.decimal("strikePrice", required=False)
    maturity = read_maturity(fields)
    fields.finish()
    order = exchange.ledger.find(account, cl_ord_id)
    if order is None:
        raise flat(404, "order not found", [problem("NOT_FOUND", "is not an order of this account", "origClOrdId")])
    draft = order.draft
    if side != draft.side:
        fields.fail("MISMATCH", f"must be the order's: {draft.side}", "side")
    if security and security != ("OPTION" if draft.legs else "EQUITY"):
        fields.fail("MISMATCH", f"must be {'OPT' if draft.legs else 'CS'} for this order", "securityType")
    contract = draft.legs[0].contract if len(draft.legs) == 1 else None
    described = [name for name in ("putCall", "strikePrice", "maturity") if fields.raw(name)]
    if contract is None:
        if symbol != draft.symbol:
            fields.fail("MISMATCH", "must be the order's", "symbol")
        for name in described:
            fields.fail("NOT_ALLOWED", "belongs to orders of one option only", name)
    else:
        _check_contract(fields, symbol, draft.symbol, contract)
        wrong = (
            ("putCall", bool(put_call) and put_call != contract.put_call),
            ("strikePrice", strike is not None and strike != contract.strike),
            ("maturity", maturity is not None and maturity != contract.maturity),
        )
        for name, is_wrong in wrong:
            if is_wrong:
                fields.fail("MISMATCH", "must be the order's", name)
        if parse_osi(symbol) is None and len(described) < 3:
            missing = next(name for name in ("putCall", "strikePrice", "maturity") if name not in described)
            fields.fail("REQUIRED", "must not be empty unless symbol is an option symbol", missing)
    fields.finish()
    return order


def _check_contract(fields: Fields, symbol: str, own: str, contract: Contract) -> None:
    """An option's symbol is the order's to the letter, or any writing of the contract's."""
    if symbol != own and parse_osi(symbol) != contract:
        fields.fail("MISMATCH", "must be the order's", "symbol")
