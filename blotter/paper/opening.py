"""The market as a client finds it: orders at work for hours, some that are done, and the days before."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from blotter.paper import texts
from blotter.paper.draft import Draft
from blotter.paper.execution import part_of, trade
from blotter.paper.floor import Floor
from blotter.paper.flow import SHOWCASE, OrderFlow, Style
from blotter.paper.market import REST, Market, trades_in_parts
from blotter.paper.new_york import midnight_before
from blotter.paper.order import PaperOrder
from blotter.paper.quotes import Quotes

# Finished orders that show what a day leaves behind, those with a fate of their own first.
ENDINGS = (
    (Style(0, "LIMIT", "IOC"), "CANCELED", texts.IOC_REST),
    (Style(0, "LIMIT", "FOK"), "CANCELED", texts.FOK_KILLED),
    (Style(0, "MARKET", "DAY"), "FILLED", ""),
    (Style(0, "LIMIT", "DAY"), "REJECTED", texts.REJECTIONS[0][1]),
    (Style(0, "LIMIT", "DAY"), "EXPIRED", texts.EXPIRED),
    (Style(1, "LIMIT", "DAY"), "FILLED", ""),
    (Style(2, "LIMIT", "DAY"), "FILLED", ""),
    (Style(0, "LIMIT", "GTC"), "CANCELED", texts.CANCELED),
)


# How old the newest orders are: a market in motion has some.
JUST_NOW = (timedelta(seconds=130), timedelta(seconds=75), timedelta(seconds=41), timedelta(seconds=18))


class Opening:
    """Fills an empty ledger, oldest order first, so that the order of creation and the times agree."""

    def __init__(self, floor: Floor, flow: OrderFlow, quotes: Quotes, rng: Random, main_account: str) -> None:
        self._floor = floor
        self._flow = flow
        self._quotes = quotes
        self._rng = rng
        self._main = main_account

    def fill(self, market: Market, orders: int) -> None:
        """``orders`` working ones go into the ``market``; a third as many are done today, and some on days before."""
        now = self._floor.now()
        midnight = midnight_before(now)
        past, done = min(orders, 60), min(orders // 3, 400)
        for place in range(past):
            created = midnight - timedelta(hours=7 + 5 * (past - place) + self._rng.random())
            self._finished(place, created, created + timedelta(minutes=self._rng.uniform(0.1, 90)))
        span = min(timedelta(hours=4), now - midnight)
        moments = [(self._rng.uniform(0, 0.95), False) for _ in range(done)]
        moments += [(self._rng.uniform(0, 0.96), True) for _ in range(orders - len(JUST_NOW))]
        moments += [(max(1 - age / span, 0.96), True) for age in JUST_NOW[-orders:] if orders]
        left, ended = orders, 0
        for moment, works in sorted(moments):
            created = now - span * (1 - moment)
            if works:
                left -= 1
                self._working(market, left, created, now)
            else:
                self._finished(ended, created, created + (now - created) * self._rng.random())
                ended += 1

    def _working(self, market: Market, newer: int, created: datetime, now: datetime) -> None:
        """``newer`` orders follow: the newest is the one a newcomer's cursor stands on, and is plain."""
        order = self._floor.enter(self._working_draft(newer), created=created, born=-min(newer * 4, REST))
        if newer == 1:
            market.adopt(order)
            return
        self._floor.accept(order)
        if newer % 4 == 2 and trades_in_parts(order):
            trade(order, part_of(order, self._rng.uniform(0.1, 0.7)), self._quotes)
        order.status = order.resting_status
        if newer == 7:
            order.status, order.text = "SUSPENDED", texts.SUSPENDED
        order.touch(created + (now - created) * self._rng.random() * 0.9)
        market.adopt(order)

    def _working_draft(self, newer: int) -> Draft:
        if newer < len(SHOWCASE):
            return self._flow.draw(SHOWCASE[newer], account=self._main if newer == 0 else "")
        return self._flow.resting()

    def _finished(self, number: int, created: datetime, ended: datetime) -> None:
        style, status, text = ENDINGS[number % len(ENDINGS)]
        order: PaperOrder = self._floor.enter(self._flow.draw(style), created=created)
        order.status, order.text = status, text
        if status == "REJECTED":
            order.reject_reason = texts.REJECTIONS[0][0]
        else:
            self._floor.accept(order)
        if status == "FILLED":
            trade(order, order.leaves or order.draft.qty, self._quotes)
        order.touch(ended)
