"""The one override: where a cancel is not plainly right, the order's tag must be typed in place of ``y``.

Whoever reads the reason and types a tag that only this row bears has read which order it is about. Times are those of
the clock and no ages, so that the reason reads the same for as long as it stands.
"""

from __future__ import annotations

from blotter.core.book.cancel import Ask, CancelState, Doubt
from blotter.core.book.row import Row
from blotter.core.book.status import OrdStatus, may_override, why_not_cancel
from blotter.core.instant import Instant

_STANDING = {
    CancelState.UNKNOWN: "its outcome is unknown",
    CancelState.UNCONFIRMED: "is unconfirmed, reads show the order working",
    CancelState.PENDING: "is still pending",
}
_DOUBTS = {
    Doubt.SILENCE: "has no answer",
    Doubt.NO_PROOF: "has no clear answer",
    Doubt.CONTRADICTION: "has a contradictory answer",
    Doubt.FAULT: "met an error of this program",
}


def why_tag(row: Row, now: Instant) -> str | None:
    """Why a plain yes does not do for another cancel of this order, as a sentence that names the cancel that is open.

    ``None`` where the tag is not asked for: because ``y`` is enough, or because nothing can overrule
    :func:`~blotter.core.book.status.why_not_cancel`.
    """
    if not may_override(row, now):
        return None
    if row.cancel in _STANDING:
        ask = _open(row)
        asked = ask.asked if ask else row.cancel_at or row.reported
        doubt = f"{_DOUBTS[ask.doubt if ask else Doubt.SILENCE]}, " if row.cancel is CancelState.UNKNOWN else ""
        return f"the cancel of {_clock(asked)} {doubt}{_STANDING[row.cancel]}"
    if row.order.ord_status == OrdStatus.PENDING_CANCEL:
        return f"a cancel is pending since {_clock(row.changed or row.reported)}, not asked from here"
    return why_not_cancel(row, now)


def open_asks(row: Row) -> tuple[Ask, ...]:
    """The cancels of ours that have no last word yet: those that a new one would be sent beside."""
    return tuple(ask for ask in row.asks if ask.state in _STANDING and ask.intent)


def _open(row: Row) -> Ask | None:
    return next((ask for ask in reversed(row.asks) if ask.state is row.cancel), None)


def _clock(at: Instant) -> str:
    return f"{at.utc:%H:%M:%S}Z"
