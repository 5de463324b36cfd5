"""The cancels asked for one order: several can be open at once, and an answer belongs to one of them only.

A tuple of asks is kept in the order of their last change.
"""

from __future__ import annotations

from dataclasses import replace

from blotter.core.book.cancel import Ask, CancelSent, CancelState, Doubt
from blotter.core.book.status import OrdStatus
from blotter.core.instant import Instant

Asks = tuple[Ask, ...]

MOST_STRANGERS = 10
"""So many requests of somebody else are remembered of an order, the first ones: a broker could make up a name for each
that it refuses. Ours are as many as keys were pressed.
"""

_BY_STRENGTH = (CancelState.PENDING, CancelState.SENT, CancelState.UNKNOWN)
OPEN = frozenset(_BY_STRENGTH)
# A request given up as unconfirmed may still turn out to have worked.
_UNSETTLED = OPEN | {CancelState.UNCONFIRMED}


def shown(asks: Asks) -> Ask | None:
    """The ask that the row shows: the strongest open one, else the last of ours that changed, else of anybody's."""
    for state in _BY_STRENGTH:
        for ask in reversed(asks):
            if ask.state == state:
                return ask
    return next((ask for ask in reversed(asks) if ask.intent), asks[-1] if asks else None)


def joined(former: Asks, own: Asks) -> Asks:
    """The requests for an order and for the one that it replaced."""
    strangers = [ask for ask in (*former, *own) if not ask.intent][MOST_STRANGERS:]
    return tuple(ask for ask in (*former, *own) if ask not in strangers) if strangers else former + own


def find(asks: Asks, intent: str, request_id: str = "") -> Ask | None:
    """The ask that we named ``intent``, else the one that the broker knows as ``request_id``, unless that is another of
    ours: a broker may give two requests one name.
    """
    named = next((ask for ask in asks if intent and ask.intent == intent), None)
    known = (ask for ask in asks if request_id and request_id in (ask.request_id, ask.intent))
    return named or next((ask for ask in known if not (intent and ask.intent)), None)


def move(
    asks: Asks,
    ask: Ask,
    state: CancelState,
    at: Instant,
    text: str = "",
    request_id: str = "",
    doubt: Doubt = Doubt.SILENCE,
) -> Asks:
    """``asks`` with ``ask`` (new or one of them) in ``state``; unchanged when nothing would be."""
    moved = replace(
        ask,
        state=state,
        at=ask.at if ask in asks and state == ask.state else at,
        text=text or ask.text,
        request_id=request_id or ask.request_id,
        unclear=state == CancelState.UNKNOWN or (state == CancelState.SENT and ask.unclear),
        doubt=doubt,
    )
    if moved in asks:
        return asks
    return (*(other for other in asks if other is not ask), moved)


def sent(asks: Asks, event: CancelSent) -> Asks:
    """A request left, for the first time or again under the same name."""
    ask = find(asks, event.intent)
    if ask is None:
        return (*asks, Ask(event.intent, CancelState.SENT, event.at, event.at, by=event.by))
    if ask.by != event.by:
        asks, ask = _handed_over(asks, ask, event.by)
    if ask.state in (CancelState.UNKNOWN, CancelState.NOT_SENT):
        return move(asks, ask, CancelState.SENT, event.at)
    return asks


def _handed_over(asks: Asks, ask: Ask, by: str) -> tuple[Asks, Ask]:
    """Somebody else has the request in hand from here on."""
    own = replace(ask, by=by)
    return tuple(own if other is ask else other for other in asks), own


def acknowledged(asks: Asks, request_id: str, at: Instant) -> Asks:
    """The broker reports the order as PENDING_CANCEL.

    Without the request's name, the report may speak of anybody's cancel: it is counted for our oldest open
    request, else for our last unconfirmed one, unless one of ours is pending already.
    """
    ask = find(asks, "", request_id)
    if ask is None:
        if request_id or any(other.state == CancelState.PENDING for other in asks):
            return asks
        ask = min((other for other in asks if other.state in OPEN), key=lambda other: other.asked.mono, default=None)
        ask = ask or next((other for other in reversed(asks) if other.state == CancelState.UNCONFIRMED), None)
    if ask is None or ask.state not in _UNSETTLED:
        return asks
    return move(asks, ask, CancelState.PENDING, at)


def ended(asks: Asks, status: str, at: Instant) -> Asks:
    """The broker reports the order's end: what was open is settled, without a claim on who caused it."""
    state = CancelState.CONFIRMED if status == OrdStatus.CANCELED else CancelState.MOOT
    for ask in asks:
        if ask.state in _UNSETTLED:
            asks = move(asks, ask, state, at)
    return asks


def revived(asks: Asks, at: Instant) -> Asks:
    """The order works although its end was reported: that end can settle no request of ours."""
    for ask in asks:
        if ask.state in (CancelState.CONFIRMED, CancelState.MOOT):
            asks = move(asks, ask, CancelState.UNCONFIRMED, at)
    return asks


def given_up(asks: Asks, intent: str, at: Instant, *, pending: bool) -> Asks:
    """Reads over the hold-off of the request ``intent`` still show the order working: what became of it stays
    unconfirmed, unless it was taken and a cancel is ``pending``.
    """
    ask = find(asks, intent)
    if ask is None or ask.state not in (CancelState.UNKNOWN, CancelState.PENDING):
        return asks
    return asks if pending and ask.state == CancelState.PENDING else move(asks, ask, CancelState.UNCONFIRMED, at)
