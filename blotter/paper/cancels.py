"""Cancels at the practice broker: the answer first, the outcome on the stream a moment later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blotter.paper import texts
from blotter.paper.agenda import Agenda
from blotter.paper.execution import part_of, trade
from blotter.paper.fate import Ending, Fate, fate_of
from blotter.paper.floor import Floor
from blotter.paper.order import PaperOrder, Record, timestamp
from blotter.paper.quotes import Quotes

# A single answer takes as long as over a real line, so that a trader sees the request under way. In a burst the
# answers come quickly: nobody learns anything from waiting a thousand times.
ANSWER_SECONDS = 0.3
BURST_ANSWER_SECONDS = 0.02
BURST_WINDOW = 1.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """A cancel that was read and not yet answered. ``refusal`` is set when the order's state alone decides it."""

    order: PaperOrder
    cl_ord_id: str
    fate: Fate
    delay: float
    refusal: str = ""


class Cancels:
    """Runs every cancel through to its end.

    The first cancel of a run and those of orders placed through the API are plain: pending, then canceled.
    """

    def __init__(
        self, floor: Floor, agenda: Agenda, quotes: Quotes, seed: int, ended: Callable[[PaperOrder], None]
    ) -> None:
        self._floor = floor
        self._agenda = agenda
        self._quotes = quotes
        self._seed = seed
        self._ended = ended
        self._none_yet = True
        self._last_begun = float("-inf")

    def begin(self, order: PaperOrder) -> Ticket:
        """Read a request. From here on the market leaves the order alone; ``answer`` must follow after the delay."""
        now = self._floor.clock.now().mono
        delay = BURST_ANSWER_SECONDS if now - self._last_begun < BURST_WINDOW else ANSWER_SECONDS
        self._last_begun = now
        fate = fate_of(self._seed, order, plain=order.placed or self._none_yet)
        cl_ord_id = self._floor.next_id("X")
        if order.finished:
            return Ticket(order, cl_ord_id, fate, delay, f"{texts.TOO_LATE}: order is {order.status}")
        if order.held:
            return Ticket(order, cl_ord_id, fate, delay, texts.PENDING_ALREADY)
        self._none_yet = False
        order.held = True
        order.cancels += 1
        return Ticket(order, cl_ord_id, fate, delay)

    def answer(self, ticket: Ticket) -> Record:
        """The body of the HTTP answer; the order is pending cancel when it was accepted."""
        order, refusal = ticket.order, ticket.refusal
        if not refusal and ticket.fate.ending is Ending.REFUSED:
            order.held = False
            refusal = ticket.fate.text
        if not refusal:
            self._floor.report(order, "PENDING_CANCEL")
            self._agenda.after(ticket.fate.settles_after, lambda: self._settle(ticket))
        return {
            "success": not refusal,
            "clOrdId": ticket.cl_ord_id,
            "origClOrdId": order.cl_ord_id,
            "status": "REJECTED" if refusal else "PENDING_CANCEL",
            "text": refusal,
        }

    def _settle(self, ticket: Ticket) -> None:
        order, fate = ticket.order, ticket.fate
        if fate.ending is Ending.LOST:
            trade(order, order.leaves, self._quotes)
            self._end(order, "FILLED", "")
            self._reject(ticket, texts.TOO_LATE)
        elif fate.ending is Ending.REFUSED_LATER:
            order.held = False
            self._floor.report(order, order.resting_status)
            self._reject(ticket, fate.text)
        elif fate.ending is Ending.LATE_FILL:
            trade(order, part_of(order, fate.share), self._quotes)
            self._floor.report(order, "PENDING_CANCEL")
            self._agenda.after(0.3, lambda: self._end(order, "CANCELED", texts.CANCELED))
        else:
            self._end(order, "CANCELED", texts.CANCELED)

    def _end(self, order: PaperOrder, status: str, text: str) -> None:
        order.held = False
        self._ended(order)
        self._floor.report(order, status, text)

    def _reject(self, ticket: Ticket, text: str) -> None:
        """A refused cancel is a record of its own: the cancel's id, the order's as the original, no broker id."""
        now = timestamp(self._floor.now())
        rejection = {
            "clOrdId": ticket.cl_ord_id,
            "origClOrdId": ticket.order.cl_ord_id,
            "ordId": "",
            "ordStatus": "REJECTED",
            "cumQty": "0",
            "leavesQty": "0",
            "avgPrice": "0",
            "text": text,
            "ordRejReason": "CANCEL_REJECTED",
            "createdAt": now,
            "updatedAt": now,
        }
        self._floor.publish(ticket.order.account, ticket.order.record() | rejection)
