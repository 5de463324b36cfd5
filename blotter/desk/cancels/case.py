"""One confirmed cancel, from the key to its last word, and what the journal holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blotter.broker.errors import BrokerError
from blotter.broker.wire.cancels import CancelReply
from blotter.core.book.cancel import Ask, CancelRequest
from blotter.core.instant import Instant
from blotter.core.order import Order, OrderKey
from blotter.desk.cancels.outcome import Ending, Outcome
from blotter.desk.journal.record import Kind, Record

MOST_OF_AN_ANSWER = 1 << 16
"""Characters of an answer that are kept where it is not one that the broker gives."""


@dataclass(slots=True, eq=False)
class Case:
    """``intent`` names it in the journal and in the book. ``key`` follows the order when it is replaced.

    ``body`` is the request as it goes to the broker. ``answered`` is set once no request of the case is on its way,
    ``timed`` once a timer will tell that it is pending for long, ``unread`` while the fills beside an end are awaited,
    ``told`` once the screen heard of the order. ``earlier`` marks a case that another run left behind.
    """

    request: CancelRequest
    intent: str
    body: Mapping[str, str]
    key: OrderKey
    mass: str = ""
    answered: Outcome | None = None
    ending: Ending | None = None
    timed: bool = False
    unread: bool = False
    told: bool = False
    earlier: bool = False

    def intended(self, displayed: Order, at: Instant) -> Record:
        """Before anything leaves. ``displayed`` is the desk's own picture at this moment, beside what was shown."""
        asked = self.request
        body = {
            "intent": self.intent,
            "account": asked.key.account,
            "clOrdId": asked.key.cl_ord_id,
            "tag": asked.tag,
            "pressed": asked.pressed,
            "confirmed": asked.confirmed,
            "row": asked.order,
            "shown": asked.shown,
            "book": displayed,
            "request": self.body,
        }
        if self.mass:
            body["mass"] = self.mass
        if asked.reason:
            body["reason"] = asked.reason
        if asked.overruled:
            body |= {"override": asked.overruled, "unaudited": bool(asked.unaudited)}
        return Record(Kind.INTENT, at, body)

    def overruled(self, beside: Iterable[Ask], at: Instant) -> Record:
        """What was typed to send it overruled this reason; ``beside`` are the order's cancels that are still open."""
        body = {
            "intent": self.intent,
            "reason": self.request.overruled,
            "unaudited": bool(self.request.unaudited),
            "beside": tuple(ask.intent for ask in beside),
        }
        return Record(Kind.OVERRIDE, at, body)

    def attempted(self, number: int, at: Instant) -> Record:
        return Record(Kind.ATTEMPT, at, {"intent": self.intent, "attempt": number})

    def replied(self, number: int, answer: CancelReply | BrokerError | None, came_to: Outcome, at: Instant) -> Record:
        """What came back, as it came, and what it was taken for."""
        body: dict[str, Any] = {
            "intent": self.intent,
            "attempt": number,
            "verdict": came_to.verdict,
            "cause": came_to.cause,
        }
        if isinstance(answer, CancelReply):
            body |= {"http": 200, "raw": answer.raw, "requestId": answer.cl_ord_id}
        elif isinstance(answer, BrokerError):
            body |= {
                "http": answer.status,
                "error": type(answer).__name__,
                "said": str(answer),
                "raw": answer.raw[:MOST_OF_AN_ANSWER],
                "words": answer.words,
                "code": answer.code,
                "requestId": answer.request_id,
            }
        return Record(Kind.ANSWER, at, body)

    def ended(self, how: Ending, order: Order, at: Instant, detail: str = "") -> Record:
        body = {
            "intent": self.intent,
            "outcome": how,
            "final": how.final,
            "cause": self.answered.cause if self.answered else None,
            "detail": detail,
            "ordStatus": order.ord_status,
            "cumQty": order.cum_qty,
            "leavesQty": order.leaves_qty,
            "avgPrice": order.avg_price,
            "text": order.text,
        }
        return Record(Kind.OUTCOME, at, body)


def reported(intent: str, order: Order, at: Instant) -> Record:
    """What the broker said of the order of this cancel, before its last word or after it."""
    return Record(Kind.REPORT, at, {"intent": intent, "order": order})


def declined(request: CancelRequest, reason: str, at: Instant, intent: str = "") -> Record:
    """A confirmed cancel that the desk turned down: nothing was sent, and there is no durable intent.

    ``intent`` names one that a file may hold all the same, since what was wrong with the disk came after its line.
    """
    body = {
        "intent": intent,
        "account": request.key.account,
        "clOrdId": request.key.cl_ord_id,
        "tag": request.tag,
        "pressed": request.pressed,
        "confirmed": request.confirmed,
        "row": request.order,
        "shown": request.shown,
        "reason": reason,
    }
    return Record(Kind.DECLINED, at, body)
