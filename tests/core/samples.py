"""Orders of every kind, for tests of what is said about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Unpack

from blotter.core.book.row import Row
from blotter.core.order import Leg, Order, OrderFields
from tests.core.moments import START, at

HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x1b[31mred",
    "\u202eLLUF\u2066",
    "\x9b31m\x9d0;title\x9c",
    "[@click=app.quit]x[/]",
    "[/]",
    "[/nope]",
    "two\nlines\r\ttab\x00\x7f",
    "a\u200bb\u2028c\U000e0041",
)
"""Broker texts that other terminal programs obeyed, or crashed on."""


def sample(tag: str = "ka", /, **fields: Unpack[OrderFields]) -> Row:
    """A limit order to buy 300 AAPL at 175.50, placed four minutes before the start."""
    plain = Order(
        account="ACC-1",
        cl_ord_id="clord-2026-000001",
        ord_id="B-90211",
        symbol="AAPL",
        side="BUY",
        type="LIMIT",
        time_in_force="DAY",
        qty=Decimal(300),
        leaves_qty=Decimal(300),
        price=Decimal("175.50"),
        ord_status="NEW",
        security_type="EQUITY",
        created_at=START - timedelta(minutes=4),
    )
    return Row(replace(plain, **fields), tag, at(0))


def single_option(**fields: Unpack[OrderFields]) -> Row:
    symbol = "AAPL  260619C00205000"
    leg = Leg(symbol=symbol, side="SELL", ratio_qty=Decimal(1), security_type="OPTION")
    option = OrderFields(
        symbol=symbol,
        side="SELL",
        security_type="OPTION",
        legs=(leg,),
        qty=Decimal(10),
        leaves_qty=Decimal(10),
        price=Decimal("5.20"),
    )
    return sample(**option | fields)


def condor(**fields: Unpack[OrderFields]) -> Row:
    """Four legs that expire together."""
    strikes = (("P", 4100, "SELL"), ("P", 4000, "BUY"), ("C", 4600, "SELL"), ("C", 4700, "BUY"))
    legs = tuple(
        Leg(symbol=f"SPX   260619{right}{strike:05}000", side=side, ratio_qty=Decimal(1), security_type="OPTION")
        for right, strike, side in strikes
    )
    spread = OrderFields(
        symbol="SPX", side="SELL", legs=legs, qty=Decimal(5), leaves_qty=Decimal(5), price=Decimal("1.20")
    )
    return sample(**spread | fields)


def stop_limit(**fields: Unpack[OrderFields]) -> Row:
    stop = OrderFields(type="STOP_LIMIT", side="SELL", stop_price=Decimal("174.00"), time_in_force="GTC")
    return sample(**stop | fields)


def with_order(row: Row, **fields: Unpack[OrderFields]) -> Row:
    """The row after its order changed."""
    return replace(row, order=replace(row.order, **fields))
