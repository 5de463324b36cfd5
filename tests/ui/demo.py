"""The screen with a made-up market behind it, to look at: ``python -m tests.ui.demo [orders] [accounts]``."""

from __future__ import annotations

import random
import sys
import threading
import time
from dataclasses import replace
from decimal import Decimal

from blotter.core.account import Account
from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.desk.clock import SystemClock
from blotter.desk.messages import LinkPhase, LinkState
from blotter.paths import styles
from blotter.ui.app import BlotterApp
from tests.ui.fake_desk import FakeDesk
from tests.ui.orders import a_row, changed, option


def rows(count: int, accounts: list[Account], now: Instant) -> list[Row]:
    """A bit of everything."""
    made: list[Row] = []
    for number in range(count):
        account = accounts[number % len(accounts)].id
        if number % 5 == 3:
            row = option(number, "AAPL  270619C00205000", account=account, price=Decimal("3.15"))
        else:
            row = a_row(number, account=account)
        made.append(replace(row, reported=now))
    made[1] = replace(made[1], cancel=CancelState.PENDING, cancel_at=now)
    made[2] = replace(made[2], cancel=CancelState.REJECTED, cancel_text="too late to cancel")
    made[4] = replace(changed(made[4], ord_status="PARTIALLY_FILLED", leaves_qty=Decimal(40), cum_qty=Decimal(60)))
    made[5] = changed(made[5], ord_status="FILLED", leaves_qty=Decimal(0))
    made[6] = replace(made[6], stale_since=now)
    made[7] = replace(made[7], cancel=CancelState.UNKNOWN, cancel_at=now)
    made[8] = changed(made[8], ord_status="WEIRD_STATUS")
    made[9] = replace(changed(made[9], ord_status="CANCELED"), finished_before=True)
    return made


def market(desk: FakeDesk, clock: SystemClock, made: list[Row], accounts: list[Account]) -> None:
    """Fill a little of some order a few times a second, answer cancels, keep the links heard."""
    chance = random.Random(7)
    answered = 0
    while True:
        time.sleep(0.5)
        now = clock.now()
        at = chance.randrange(len(made))
        order = made[at].order
        if order.leaves_qty > 10 and order.ord_status in ("NEW", "PARTIALLY_FILLED"):
            left = order.leaves_qty - 10
            made[at] = replace(
                changed(made[at], leaves_qty=left, cum_qty=order.qty - left, ord_status="PARTIALLY_FILLED"), changed=now
            )
            desk.post(made[at])
        for request in desk.cancels[answered:]:
            answered += 1
            at = next(i for i, row in enumerate(made) if row.key == request.key)
            made[at] = replace(made[at], cancel=CancelState.PENDING, cancel_at=now)
            desk.post(made[at], notices=[Notice(now.utc, Severity.INFO, "cancel pending", "ok", tag=made[at].tag)])
        desk.post(links=[LinkState(account, LinkPhase.OK, now, heard=now, listed=now) for account in accounts])


def main() -> None:
    count, several = (int(word) for word in (sys.argv[1:] + ["12", "1"][len(sys.argv) - 1 :])[:2])
    clock, desk = SystemClock(), FakeDesk()
    accounts = [Account(f"ACC-{n + 1}") for n in range(several)]
    now = clock.now()
    made = rows(count, accounts, now)
    notices = [
        Notice(now.utc, Severity.INFO, "order canceled", "Cancel request processed", tag="ka"),
        Notice(now.utc, Severity.ALERT, "cancel refused, the order still works", "TOO_LATE_TO_CANCEL", tag=made[2].tag),
    ]
    desk.post(*made, links=[LinkState(a, LinkPhase.OK, now, heard=now, listed=now) for a in accounts], notices=notices)
    threading.Thread(target=market, args=(desk, clock, made, accounts), daemon=True).start()
    app = BlotterApp(desk, clock, practice=False, styles=styles())
    app.run(mouse=False)
    sys.exit(app.return_code)


if __name__ == "__main__":
    main()
