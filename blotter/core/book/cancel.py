"""A cancel: what is asked, what can become of it, and the events that move it.

Order status is the broker's and cancel state is ours; neither is ever derived from the other alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from blotter.core.instant import Instant
from blotter.core.order import Order, OrderKey


class CancelState(StrEnum):
    """The state of our strongest open request on an order, else of the last one."""

    NONE = "none"
    SENT = "sent"
    """Handed to the transport, not answered."""
    PENDING = "pending"
    """The broker acknowledged it; the order can still fill."""
    CONFIRMED = "confirmed"
    """The order was reported canceled while our request was open."""
    REJECTED = "rejected"
    """The broker refused the request; the order lives on."""
    MOOT = "moot"
    """The order ended otherwise (filled, expired, rejected) while our request was open."""
    UNCONFIRMED = "unconfirmed"
    """No word settled it, and later reads still show the order working."""
    UNKNOWN = "unknown"
    """May or may not have been applied: only reading the order settles it."""
    NOT_SENT = "not sent"
    """Provably never left."""


class Verdict(StrEnum):
    """What one attempt to send came to. Nothing else is ever concluded from an answer."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"


class Doubt(StrEnum):
    """Why an outcome is unknown."""

    SILENCE = "silence"
    NO_PROOF = "no proof"
    """Something came back that says nothing of what the broker did."""
    CONTRADICTION = "contradiction"
    """The answer affirms the cancel and reports another end of the order."""
    FAULT = "fault"
    """An error of ours came between."""


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """A confirmed wish to cancel the rest of one order.

    ``order`` is the order exactly as displayed in the confirmation, ``shown`` that confirmation's text;
    ``pressed`` is the key that opened it, ``confirmed`` the key that said yes.

    ``override`` is what in the order's own state stood against it and was overruled by typing, empty after a plain
    yes; ``unaudited`` is why nothing could be put on record, where that was overruled: send all the same.
    ``dispatched`` is set for one of many, when its turn comes: its deadline starts there, and else at ``confirmed``.
    ``reason`` is why, in the words of whoever asked, for the record.
    """

    order: Order
    tag: str
    shown: str
    pressed: Instant
    confirmed: Instant
    override: str = ""
    unaudited: str = ""
    dispatched: Instant | None = None
    reason: str = ""

    @property
    def key(self) -> OrderKey:
        return self.order.key

    @property
    def overruled(self) -> str:
        """All that was overruled by typing; empty after a plain yes."""
        return "; ".join(filter(None, (self.override, self.unaudited)))

    @property
    def begun(self) -> Instant:
        """Where the total deadline starts."""
        return self.dispatched or self.confirmed


@dataclass(frozen=True, slots=True)
class Ask:
    """One cancel asked for an order, and where it stands.

    ``intent`` is ours and empty for a request that only the broker told of; ``request_id`` is the broker's name for
    it, empty until known. ``asked`` is when it left, ``at`` when ``state`` last changed; ``text`` is the broker's, raw.
    ``unclear`` marks a request of which one copy went unanswered, though another may be on the wire: it stays
    so until the request is settled. ``by`` says who asked, where it was not this blotter. ``doubt`` goes with UNKNOWN.
    """

    intent: str
    state: CancelState
    asked: Instant
    at: Instant
    request_id: str = ""
    text: str = ""
    unclear: bool = False
    by: str = ""
    doubt: Doubt = Doubt.SILENCE


@dataclass(frozen=True, slots=True)
class CancelSent:
    """A request left for the broker. ``intent`` names it in the journal. ``by``: see :class:`Ask`."""

    key: OrderKey
    intent: str
    at: Instant
    by: str = ""


@dataclass(frozen=True, slots=True)
class CancelAnswered:
    """What became of the attempt. ``status`` and ``text`` are the broker's own, empty when nothing was said.

    ``status`` speaks of the request. ``ord_status`` is the order's own, which FIX's cancel reject carries and the
    Aries answer does not; ``reason`` is FIX's CxlRejReason (tag 102) and ``to_replace`` its CxlRejResponseTo = 2, where
    a feed has them. ``request_id`` is the broker's id of the cancel (the answer's ``clOrdId``). ``doubt`` goes with
    ``Verdict.UNKNOWN``.
    """

    key: OrderKey
    intent: str
    verdict: Verdict
    at: Instant
    status: str = ""
    text: str = ""
    reason: int | None = None
    to_replace: bool = False
    ord_status: str = ""
    request_id: str = ""
    doubt: Doubt = Doubt.SILENCE
