"""The links in the words of the header: how true each account's picture is, and what is in the way.

Every account has a state of its own, and there is one line: so the words come in forms, from the longest to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from blotter.core import figures
from blotter.core.instant import Instant
from blotter.core.piece import Line, Piece, Role, join
from blotter.desk.messages import LinkPhase, LinkState

SILENCE = 30.0
"""Seconds of silence after which the desk calls a stream stale: where it was heard later, the list is what is stale."""

QUIET = 45.0
"""A stream that was heard no later than this is called STALE here, whatever the desk last said of it."""

_WORSE = (
    LinkPhase.OK,
    LinkPhase.CONNECTING,
    LinkPhase.POLLING,
    LinkPhase.RECONNECTING,
    LinkPhase.STALE,
    LinkPhase.OFFLINE,
)


class _Why(Enum):
    """How much is said of what is in the way: ``403 not permitted``, or ``403`` beside the state, in the place of its
    figure, or in the place of all of it.
    """

    IN_FULL = auto()
    IN_SHORT = auto()
    FOR_AGE = auto()
    ALONE = auto()


def phase(link: LinkState, now: Instant) -> LinkPhase:
    """The link's phase as the desk gave it, unless its own stamps speak against an OK."""
    if link.phase is LinkPhase.OK and now.since(link.heard or link.since) > QUIET:
        return LinkPhase.STALE
    return link.phase


def link_words(link: LinkState, now: Instant) -> Piece:
    """The state of one account's link in a word, with the figure that belongs to it."""
    match phase(link, now):
        case LinkPhase.STALE:
            return Piece(f"STALE {figures.age(_stale_for(link, now))}", Role.ALERT)
        case LinkPhase.RECONNECTING:
            return Piece(f"RECONNECTING ({link.attempt})", Role.ALERT)
        case LinkPhase.POLLING:
            return Piece(f"POLLING {figures.age(now.since(link.listed or link.since))}", Role.NEWS)
        case LinkPhase.OFFLINE:
            return Piece("OFFLINE", Role.ALERT)
        case quiet:
            return Piece(quiet.value)


def _stale_for(link: LinkState, now: Instant) -> float:
    """The age of what fell silent: of the stream, or, while that speaks, of the list."""
    silent = now.since(link.heard or link.since)
    return silent if silent >= SILENCE else now.since(link.listed or link.since)


def account_name(link: LinkState, width: int) -> str:
    """As the trader knows the account, in so many cells at most."""
    return link.account.label(width).rstrip()


def link_forms(links: Sequence[LinkState], now: Instant) -> list[Line]:
    """All by name where they differ, else those in trouble, else the one in the worst and how many others are.

    Why an account is in trouble outlasts how old it is, which its rows say: first it shrinks to the broker's status.
    """
    worst = max(links, key=lambda link: _trouble(link, now))
    if len({(phase(link, now), link.trouble) for link in links}) == 1:
        # As many as where they differ, so that both give way alike.
        reasons = (_Why.IN_FULL, _Why.IN_FULL, _Why.IN_SHORT, _Why.FOR_AGE) if worst.trouble else ()
        return [*(_word(worst, now, why) for why in reasons), (link_words(worst, now),)]
    troubled = [link for link in links if phase(link, now) is not LinkPhase.OK or link.trouble]
    others = (Piece(f" +{len(troubled) - 1}", Role.ALERT),) if len(troubled) > 1 else ()
    return [
        _named(links, now, _Why.IN_FULL),
        _named(troubled, now, _Why.IN_FULL),
        _named(troubled, now, _Why.IN_SHORT),
        _named(troubled, now, _Why.FOR_AGE),
        _named(troubled, now, _Why.ALONE),
        (*_named([worst], now, _Why.FOR_AGE), *others),
        (link_words(worst, now), *others),
    ]


def _trouble(link: LinkState, now: Instant) -> tuple[int, int, float]:
    rank = _WORSE.index(phase(link, now))
    return rank, link.attempt, now.since(link.heard or link.since)


def _named(links: Iterable[LinkState], now: Instant, why: _Why) -> Line:
    return join(((Piece(f"{account_name(link, 12)} "), *_word(link, now, why)) for link in links), "  ")


def _word(link: LinkState, now: Instant, why: _Why) -> Line:
    """The state of a link, and why it is in trouble."""
    word = link_words(link, now)
    if not link.trouble:
        return (word,)
    status, _, _ = link.trouble.partition(" ")
    reason = link.trouble if why is _Why.IN_FULL or not status.isdecimal() else status
    match why:
        case _Why.ALONE:
            return (Piece(reason, word.role),)
        case _Why.FOR_AGE:
            return Piece(phase(link, now).value, word.role), Piece(f" {reason}", Role.NEWS)
    return word, Piece(f" {reason}", Role.NEWS)
