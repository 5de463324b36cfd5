"""An exchange without a server, and what it said."""

from __future__ import annotations

from decimal import Decimal

from blotter.paper.draft import Draft
from blotter.paper.exchange import Exchange
from blotter.paper.order import PaperOrder, Record
from blotter.paper.settings import PaperSettings
from tests.paper.clock import ManualClock


class PaperDesk:
    """An exchange on a manual clock whose records are collected in ``heard``."""

    def __init__(self, settings: PaperSettings | None = None, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.exchange = Exchange(settings or PaperSettings(), self.clock)
        self.heard: list[Record] = []
        self.exchange.floor.listen(lambda _account, record: self.heard.append(record))

    def wait(self, seconds: float) -> None:
        """Let time pass in small steps, as the pacer would, without market updates."""
        for _ in range(round(seconds / 0.05)):
            self.clock.advance(0.05)
            self.exchange.agenda.run_due()

    def orders(self) -> list[PaperOrder]:
        return [order for account in self.exchange.accounts for order in self.exchange.active(account, 10**6, 0).orders]

    def working(self) -> list[PaperOrder]:
        return [order for order in self.orders() if not order.finished]

    def statuses(self, cl_ord_id: str) -> list[str]:
        """What was said of one order, in order."""
        return [record["ordStatus"] for record in self.heard if record["clOrdId"] == cl_ord_id]


def limit_order(account: str = "PAPER-1", qty: str = "100") -> Draft:
    return Draft(account, "MSFT", "BUY", "LIMIT", "DAY", Decimal(qty), Decimal("401.10"))
