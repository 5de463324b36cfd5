"""What an answer to a cancel proves, and how a cancel ended: the one place that concludes anything.

No answer is not a failure. A verdict other than *unknown* needs proof: a request that provably never left, or an
answer that is the broker's own and about this very order. Nothing is inferred from free text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from blotter.broker.errors import (
    Answered,
    BadRequest,
    BrokerError,
    Conflict,
    Forbidden,
    LoggedOut,
    NotFound,
    NotSent,
    RateLimited,
    Unauthorized,
    sentence,
)
from blotter.broker.wire.cancels import CancelReply
from blotter.core.book.asks import find
from blotter.core.book.cancel import CancelState, Doubt, Verdict
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, WORKING, OrdStatus

LONGEST_WAIT = 5.0
"""A longer ``Retry-After`` is told to the trader instead of being waited out."""


class Cause(StrEnum):
    """Why an attempt got its verdict. The journal holds these words and the exit codes of commands derive from them."""

    ACKNOWLEDGED = "acknowledged"
    CANCELED = "canceled at once"
    REFUSED = "refused by the broker"
    BAD_REQUEST = "request not accepted"
    UNAUTHORIZED = "token refused"
    FORBIDDEN = "not permitted"
    NOT_FOUND = "order not found"
    CONFLICT = "conflict"
    RATE_LIMITED = "too many requests"
    UNREACHED = "never left"
    LOGGED_OUT = "no token"
    DECLINED = "turned down by the desk"
    JOURNAL = "no intent on disk"
    WITHHELD = "stopped by the trader"
    CHANGED = "order changed before sending"
    ENDING = "blotter ending"
    NO_ANSWER = "no answer"
    TROUBLE = "answer proves nothing"
    CONTRADICTION = "answer contradicts itself"
    FAULT = "error of the blotter"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to. ``status``, ``text`` and ``request_id`` (the broker's name of the cancel) are as
    received; ``detail`` is a sentence of ours.

    ``http`` is the answer's HTTP status where that was an error. ``asked`` is how many seconds the broker asks to stay
    away, and ``wait`` the same where the request may be sent once more after them. ``intent`` is the cancel's name in
    the journal, empty where there is none.
    """

    verdict: Verdict
    cause: Cause
    status: str = ""
    text: str = ""
    detail: str = ""
    request_id: str = ""
    wait: float | None = None
    intent: str = ""
    asked: float | None = None
    http: int | None = None


class Ending(StrEnum):
    """How a cancel ended, as the journal says it. The last three are no ends: they are settled by reading, even if it
    takes until the next start.
    """

    CANCELED = "canceled"
    MOOT = "moot"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    PENDING = "pending"
    UNCONFIRMED = "unconfirmed"
    UNKNOWN = "unknown"

    @property
    def final(self) -> bool:
        return self not in (Ending.PENDING, Ending.UNCONFIRMED, Ending.UNKNOWN)


_ENDINGS = {
    CancelState.CONFIRMED: Ending.CANCELED,
    CancelState.MOOT: Ending.MOOT,
    CancelState.REJECTED: Ending.REFUSED,
    CancelState.NOT_SENT: Ending.NOT_SENT,
}

_STANDING = {
    CancelState.PENDING: Ending.PENDING,
    CancelState.UNCONFIRMED: Ending.UNCONFIRMED,
    CancelState.CONFIRMED: Ending.CANCELED,
    CancelState.MOOT: Ending.MOOT,
    CancelState.REJECTED: Ending.REFUSED,
}

_DOUBTS: dict[str, Doubt] = {
    Cause.TROUBLE: Doubt.NO_PROOF,
    Cause.CONTRADICTION: Doubt.CONTRADICTION,
    Cause.FAULT: Doubt.FAULT,
}

_REFUSALS: dict[type[BrokerError], Cause] = {
    BadRequest: Cause.BAD_REQUEST,
    NotFound: Cause.NOT_FOUND,
    Conflict: Cause.CONFLICT,
}


def of_reply(reply: CancelReply) -> Outcome:
    """The verdict on a readable HTTP 200 about this order (the wire's door reads no other).

    ``REJECTED`` is a word about the cancel, never about the order. An answer that affirms and reports another end
    than the one asked for proves nothing.
    """
    status, text = reply.status, reply.text
    named = reply.cl_ord_id if reply.cl_ord_id != reply.orig_cl_ord_id else ""

    def came_to(verdict: Verdict, cause: Cause) -> Outcome:
        return Outcome(verdict, cause, status, text, request_id=named)

    if not reply.success or status == OrdStatus.REJECTED:
        return came_to(Verdict.REFUSED, Cause.REFUSED)
    if status == OrdStatus.CANCELED:
        return came_to(Verdict.ACCEPTED, Cause.CANCELED)
    if not status or status in WORKING:
        return came_to(Verdict.ACCEPTED, Cause.ACKNOWLEDGED)
    return came_to(Verdict.UNKNOWN, Cause.CONTRADICTION if status in FINISHED else Cause.TROUBLE)


def of_error(error: BrokerError) -> Outcome:
    """The verdict on anything but a readable HTTP 200.

    400, 404, 409 and 422 refuse only in the broker's own error shape: a proxy's page with the same number says
    nothing about what the broker did. 401, 403 and 429 are given before a request is processed.
    """
    verdict, cause = _proved(error)
    asked = error.retry_after if isinstance(error, RateLimited) else None
    wait = asked if asked is not None and asked <= LONGEST_WAIT else None
    detail = sentence(error)
    return Outcome(verdict, cause, text=error.words, detail=detail, wait=wait, asked=asked, http=error.status)


def _proved(error: BrokerError) -> tuple[Verdict, Cause]:
    match error:
        case LoggedOut():
            return Verdict.NOT_SENT, Cause.LOGGED_OUT
        case NotSent():
            return Verdict.NOT_SENT, Cause.UNREACHED
        case RateLimited():
            return Verdict.NOT_SENT, Cause.RATE_LIMITED
        case Unauthorized():
            return Verdict.REFUSED, Cause.UNAUTHORIZED
        case Forbidden():
            return Verdict.REFUSED, Cause.FORBIDDEN
        case BadRequest(from_broker=True) | NotFound(from_broker=True) | Conflict(from_broker=True):
            return Verdict.REFUSED, _REFUSALS[type(error)]
        case Answered():
            return Verdict.UNKNOWN, Cause.TROUBLE
        case _:
            return Verdict.UNKNOWN, Cause.NO_ANSWER


def doubt(cause: str) -> Doubt:
    """Why an outcome is unknown, by the journal's word for it."""
    return _DOUBTS.get(cause, Doubt.SILENCE)


def ending(row: Row, intent: str) -> Ending | None:
    """How the cancel named ``intent`` ended; ``None`` while it has not, or while the order must be read to say how.

    An order that was reported canceled and ended otherwise after all, by a late fill, was not canceled.
    """
    ask = find(row.asks, intent)
    end = _ENDINGS.get(ask.state) if ask else None
    if end is Ending.CANCELED and row.order.ord_status != OrdStatus.CANCELED:
        end = Ending.MOOT
    return end if end is Ending.NOT_SENT or not row.needs_read else None


def standing(row: Row, intent: str) -> Ending:
    """What can be said of a cancel that is open when the blotter ends."""
    ask = find(row.asks, intent)
    return _STANDING.get(ask.state, Ending.UNKNOWN) if ask else Ending.NOT_SENT
