"""Small makers of the values that the desk's tests speak of."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.desk.clock import SystemClock
from blotter.desk.journal.who import Who

ACCOUNT = "PAPER-77"
AT = Instant(datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC), 100.0)
WHO = Who(login="trader", uid=1000, host="desk-1", tty="/dev/pts/3", ssh="192.0.2.7 50022 192.0.2.1 22")


def order(cl_ord_id: str = "ORD-1", **changes: Any) -> Order:
    """A working limit order for 100 ZZA."""
    said: dict[str, Any] = {
        "ord_id": f"B-{cl_ord_id}",
        "symbol": "ZZA",
        "side": "BUY",
        "type": "LIMIT",
        "time_in_force": "DAY",
        "qty": Decimal(100),
        "price": Decimal("12.50"),
        "ord_status": "NEW",
        "leaves_qty": Decimal(100),
        "security_type": "EQUITY",
    }
    return Order(account=ACCOUNT, cl_ord_id=cl_ord_id, **(said | changes))


def row(of: Order | None = None, **changes: Any) -> Row:
    said: dict[str, Any] = {"tag": "ka", "reported": AT}
    return Row(order=of or order(), **(said | changes))


def request(of: Order, tag: str = "ka", at: Instant | None = None) -> CancelRequest:
    now = at or SystemClock().now()
    return CancelRequest(order=of, tag=tag, shown=f"Cancel {of.side} {of.symbol}?", pressed=now, confirmed=now)


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait in a thread of the test until ``condition`` holds; a test that waits in vain fails here."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds} s")
        time.sleep(0.002)
