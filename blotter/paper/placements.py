"""Orders that come in through the API. They behave plainly: they rest until they are canceled."""

from __future__ import annotations

from blotter.paper import texts
from blotter.paper.agenda import Agenda
from blotter.paper.draft import Draft
from blotter.paper.execution import trade
from blotter.paper.floor import Floor
from blotter.paper.order import PaperOrder
from blotter.paper.quotes import Quotes

ACCEPTED_SECONDS = 0.25
DONE_SECONDS = 1.5


class Placements:
    """Accepts every order a moment after it came; those that cannot rest trade or die soon after."""

    def __init__(self, floor: Floor, agenda: Agenda, quotes: Quotes) -> None:
        self._floor = floor
        self._agenda = agenda
        self._quotes = quotes

    def place(self, draft: Draft) -> PaperOrder:
        order = self._floor.enter(draft, placed=True)
        self._floor.report(order, "PENDING_NEW")
        self._agenda.after(ACCEPTED_SECONDS, lambda: self._accept(order))
        return order

    def _accept(self, order: PaperOrder) -> None:
        if order.held or order.status != "PENDING_NEW":
            return
        self._floor.accept(order)
        self._floor.report(order, "NEW")
        if not order.draft.rests:
            self._agenda.after(DONE_SECONDS, lambda: self._finish(order))

    def _finish(self, order: PaperOrder) -> None:
        if order.held or order.finished:
            return
        if self._can_trade(order.draft):
            trade(order, order.leaves, self._quotes)
            self._floor.report(order, "FILLED")
        else:
            killed = order.draft.tif == "FOK"
            self._floor.report(order, "CANCELED", texts.FOK_KILLED if killed else texts.IOC_REST)

    def _can_trade(self, draft: Draft) -> bool:
        """Market orders do; a limit does when it crosses the middle price; a stop is not triggered."""
        market = self._quotes.stock(draft.symbol)
        if draft.type != "LIMIT" or draft.price is None or market is None:
            return draft.type == "MARKET"
        return draft.price >= market if draft.side in ("BUY", "BUY_TO_COVER") else draft.price <= market
