"""The life of the practice market: one update at a time, from one seed.

Which orders come, with which ids and prices, and what becomes of them in which order is a function of the seed, the
date (expiries lie ahead of it) and the number of steps; the clock gives nothing but the time stamps. A client that
cancels an order takes it out of this play, so from there on the play is another one.
"""

from __future__ import annotations

from collections import deque
from random import Random

from blotter.paper import texts
from blotter.paper.execution import part_of, trade
from blotter.paper.floor import Floor
from blotter.paper.flow import OrderFlow
from blotter.paper.order import PaperOrder
from blotter.paper.quotes import Quotes

# An order rests for this many updates before it may end by itself (two minutes at the usual pace), so that what a
# trader has just picked seldom vanishes under the confirmation.
REST = 60
AUCTIONS = ("AT_THE_OPENING", "AT_THE_CLOSE")


class Market:
    """Keeps about ``target`` orders working: arrivals replace departures."""

    def __init__(self, floor: Floor, flow: OrderFlow, quotes: Quotes, rng: Random, target: int) -> None:
        self._floor = floor
        self._flow = flow
        self._quotes = quotes
        self._rng = rng
        self._target = target
        self._working: list[PaperOrder] = []
        self._places: dict[PaperOrder, int] = {}
        self._arriving: deque[PaperOrder] = deque()
        self.ticks = 0

    @property
    def working(self) -> int:
        return len(self._working)

    def adopt(self, order: PaperOrder) -> None:
        """Take an order into the play."""
        self._places[order] = len(self._working)
        self._working.append(order)
        if order.status == "PENDING_NEW":
            self._arriving.append(order)

    def drop(self, order: PaperOrder) -> None:
        """The order ended; one that never was in the play is none of ours."""
        place = self._places.pop(order, None)
        if place is None:
            return
        last = self._working.pop()
        if last is not order:
            self._working[place] = last
            self._places[last] = place

    def step(self) -> None:
        """One update: one order's record is published, or (seldom) none when nothing is fit to change."""
        self.ticks += 1
        self._quotes.drift()
        if self._arriving and self._rng.random() < 0.7:
            self._decide(self._arriving.popleft())
        elif self._target and self._rng.random() < self._wish_for_more():
            order = self._floor.enter(self._flow.draw(), born=self.ticks)
            self.adopt(order)
            self._floor.report(order, "PENDING_NEW")
        else:
            for _ in range(8):
                if not self._working or self._move(self._rng.choice(self._working)):
                    return

    def _wish_for_more(self) -> float:
        missing = self._target - len(self._working)
        return min(max(0.15 + 2 * missing / max(self._target, 8), 0.0), 0.95)

    def _decide(self, order: PaperOrder) -> None:
        """The venue's answer to a new order."""
        if order.held or order.status != "PENDING_NEW":
            return
        draft, roll = order.draft, self._rng.random()
        if roll < 0.06:
            short = draft.side == "SELL_SHORT"
            order.reject_reason, text = texts.NO_LOCATE if short else self._rng.choice(texts.REJECTIONS)
            self._end(order, "REJECTED", text)
            return
        self._floor.accept(order)
        if draft.rests:
            self._floor.report(order, "NEW")
        elif draft.type == "MARKET" or roll < 0.55:
            self._fill_up(order)
        elif draft.tif == "FOK":
            self._end(order, "CANCELED", texts.FOK_KILLED)
        else:
            if order.leaves > 1 and roll < 0.85:
                trade(order, part_of(order, self._rng.uniform(0.2, 0.8)), self._quotes)
            self._end(order, "CANCELED", texts.IOC_REST)

    def _move(self, order: PaperOrder) -> bool:
        """Let something happen to a resting order, if it may."""
        if order.held or order.status == "PENDING_NEW":
            return False
        roll, rested = self._rng.random(), self.ticks - order.born >= REST
        if order.status == "SUSPENDED":
            self._floor.report(order, order.resting_status)
        elif rested and roll < 0.22:
            self._fill_up(order)
        elif rested and roll < 0.32:
            self._run_out(order)
        elif roll > 0.97 and order.draft.type == "LIMIT":
            self._floor.report(order, "SUSPENDED", texts.SUSPENDED)
        elif trades_in_parts(order):
            trade(order, part_of(order, self._rng.uniform(0.1, 0.45)), self._quotes)
            self._floor.report(order, "PARTIALLY_FILLED")
        else:
            return False
        return True

    def _fill_up(self, order: PaperOrder) -> None:
        trade(order, order.leaves, self._quotes)
        self._end(order, "FILLED", texts.TRIGGERED if order.draft.stop is not None else "")

    def _run_out(self, order: PaperOrder) -> None:
        tif = order.draft.tif
        if tif in AUCTIONS:
            self._end(order, "EXPIRED", texts.NOT_IN_AUCTION)
        elif tif == "GTC":
            self._end(order, "CANCELED", self._rng.choice((texts.DESK_CANCELED, texts.GTC_ENDED)))
        else:
            self._end(order, "EXPIRED", texts.EXPIRED)

    def _end(self, order: PaperOrder, status: str, text: str) -> None:
        self.drop(order)
        self._floor.report(order, status, text)


def trades_in_parts(order: PaperOrder) -> bool:
    """Whether a piece of it can trade now: limit orders in continuous trading with something to divide."""
    draft = order.draft
    return draft.type == "LIMIT" and draft.tif not in AUCTIONS and order.leaves > 1 and order.leaves * 8 > draft.qty
