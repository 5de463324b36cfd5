"""Rows for tests of the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from blotter.core.book.row import Row
from blotter.core.book.tags import Tags
from blotter.core.order import Leg, Order, OrderFields
from tests.ui.fake_desk import START, HandClock

ACCOUNT = "ACC-1"


def a_row(number: int, *, clock: HandClock | None = None, tag: str = "", **fields: Any) -> Row:
    """Order ``number`` of the account: placed ``number`` minutes before the start, so that order 0 is the newest.

    ``fields`` are those of the order; ``row`` among them holds fields of the row.
    """
    of_row: dict[str, Any] = fields.pop("row", {})
    named: dict[str, Any] = {"account": ACCOUNT, "cl_ord_id": f"clord-{number:03}"}
    order = Order(**named | {**_plain(number)} | fields)
    reported = of_row.pop("reported", (clock or HandClock()).ago(4.0))
    return Row(order, tag or tag_of(number), reported, **of_row)


def tag_of(number: int) -> str:
    tags = Tags()
    for _ in range(number):
        tags.next()
    return tags.next()


def changed(row: Row, **fields: Any) -> Row:
    """``row`` with other fields of its order."""
    return replace(row, order=replace(row.order, **fields))


def _plain(number: int) -> OrderFields:
    return OrderFields(
        ord_id=f"B-{900 + number}",
        symbol=("AAPL", "MSFT", "NVDA", "TSLA", "AMD", "IBM")[number % 6],
        side="BUY" if number % 2 == 0 else "SELL",
        type="LIMIT",
        time_in_force="DAY",
        qty=Decimal(100 * (1 + number % 4)),
        leaves_qty=Decimal(100 * (1 + number % 4)),
        price=Decimal("175.50") + number,
        ord_status="NEW",
        security_type="CS",
        created_at=START - timedelta(minutes=number),
    )


def option(number: int, symbol: str, **fields: Any) -> Row:
    """A single option, in OSI notation."""
    leg = Leg(symbol=symbol, side="BUY", ratio_qty=Decimal(1), security_type="OPT")
    return a_row(number, symbol=symbol, security_type="OPT", legs=(leg,), **fields)
