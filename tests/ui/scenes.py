"""Orders in every state that a trader meets, for golden screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.notice import Notice, Severity
from blotter.core.order import Leg
from tests.ui.fake_desk import HandClock
from tests.ui.orders import a_row, changed, option


def every_state(clock: HandClock, accounts: Sequence[str] = ("ACC-1",)) -> list[Row]:
    """Fifteen rows shown and two hidden, each with an age of its own, spread over the accounts."""
    legs = tuple(
        Leg(symbol=f"SPY   270319P00{strike}000", side="SELL", ratio_qty=Decimal(1), security_type="OPT")
        for strike in (500, 490)
    )
    rows = [
        a_row(0),
        replace(a_row(1), cancel=CancelState.SENT, cancel_at=clock.ago(1)),
        replace(changed(a_row(2), ord_status="PENDING_CANCEL"), cancel=CancelState.PENDING, cancel_at=clock.ago(9)),
        replace(a_row(3), cancel=CancelState.UNKNOWN, cancel_at=clock.ago(30)),
        replace(a_row(4), cancel=CancelState.REJECTED, cancel_text="TOO_LATE_TO_CANCEL"),
        changed(a_row(5), ord_status="PARTIALLY_FILLED", leaves_qty=Decimal(40), cum_qty=Decimal(160)),
        changed(a_row(6), ord_status="FILLED", leaves_qty=Decimal(0), cum_qty=Decimal(300), avg_price=Decimal("180.1")),
        changed(a_row(7), ord_status="CANCELED", leaves_qty=Decimal(0)),
        option(8, "AAPL  270619C00205000", price=Decimal("3.15"), qty=Decimal(5), leaves_qty=Decimal(5)),
        a_row(9, symbol="SPY", legs=legs, security_type="MLEG", price=Decimal("1.05")),
        a_row(10, type="MARKET", price=None, time_in_force="GTC", side="SELL_SHORT"),
        a_row(11, type="STOP", price=None, stop_price=Decimal("160.25"), side="BUY_TO_COVER"),
        replace(a_row(12), stale_since=clock.ago(7)),
        a_row(13, ord_status="MYSTERY"),
        a_row(14, qty=Decimal("123456789.5"), leaves_qty=Decimal("123456789.5"), price=Decimal("1234567.8901")),
        replace(changed(a_row(15), ord_status="FILLED"), finished_before=True),
        replace(changed(a_row(16), ord_status="EXPIRED"), finished_before=True),
    ]
    aged = [replace(row, reported=clock.ago(2 + 11 * number * number)) for number, row in enumerate(rows)]
    return [changed(row, account=accounts[number % len(accounts)]) for number, row in enumerate(aged)]


def messages(clock: HandClock) -> list[Notice]:
    return [
        Notice(clock.ago(30).utc, Severity.WARN, "outcome unknown, reading the order", tag="ad"),
        Notice(clock.ago(9).utc, Severity.INFO, "cancel pending, can still fill", "Cancel request received", tag="ac"),
        Notice(clock.ago(4).utc, Severity.ALERT, "cancel refused, the order works", "TOO_LATE_TO_CANCEL", tag="ae"),
    ]
