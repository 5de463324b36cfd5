"""The links in the words of the header: how true each account's picture is, and what is in the way.

Every account has a state of its own, and there is one line: so the words come in forms, from the longest to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from blotter.core.instant import Instant
from blotter.core.words import figures
from blotter.core.words.piece import Line, Piece, Role, join
from blotter.desk.messages import LinkPhase, LinkState

SILENCE = 30.0
"""Seconds of silence after which the desk calls a stream stale: where it was heard later, the list is what is stale."""

QUIET = 45.0
"""A stream that was heard no later than this is called STALE here, whatever the desk last said of it."""

APART = 45.0
"""Seconds by which the lists of two accounts may differ in age before they are told apart."""

APART_FROM_WHY = "·"
"""Stands between the reason of a trouble and the ages: ``list too slow · list 5m``."""

_WORSE = (
    LinkPhase.OK,
    LinkPhase.CONNECTING,
    LinkPhase.POLLING,
    LinkPhase.RECONNECTING,
    LinkPhase.STALE,
    LinkPhase.OFFLINE,
)


class _Why(Enum):
    """How much is said of what is in the way: ``403 not permitted``, with the ages behind it or without them, or
    ``403`` beside the state, in the place of its figure, or in the place of all of it.
    """

    WITH_AGES = auto()
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
    """The state of one account's link in a word, with the figure that belongs to it: a stale one how long the stream
    has been silent, or how old the list is where that is what is stale; a polled one how old the list is.
    """
    match phase(link, now):
        case LinkPhase.STALE:
            heard, listed = _ages(link, now)
            old = f"list {figures.age(listed)}" if _by_list(link, now) and listed is not None else figures.age(heard)
            return Piece(f"STALE {old}", Role.ALERT)
        case LinkPhase.RECONNECTING:
            return Piece(f"RECONNECTING ({link.attempt})" if link.attempt else "RECONNECTING", Role.ALERT)
        case LinkPhase.POLLING:
            return Piece(f"POLLING {figures.age(now.since(link.listed or link.since))}", Role.NEWS)
        case LinkPhase.OFFLINE:
            return Piece("OFFLINE", Role.ALERT)
        case quiet:
            return Piece(quiet.value)


def age_forms(links: Sequence[LinkState], now: Instant) -> list[str]:
    """The ages that :func:`link_words` has not said, of links in one phase: the oldest stream message and the oldest
    list, whose it is where the others are newer. From the longest to the last.
    """
    worst = max(links, key=lambda link: _trouble(link, now))
    heard = [now.since(link.heard) for link in links if link.heard]
    listed = [(now.since(link.listed), link) for link in links if link.listed]
    stream = f"stream {figures.age(max(heard))}" if heard else ""
    lists = list_ages = ""
    if listed:
        newest, (oldest, last) = min(age for age, _ in listed), max(listed, key=lambda each: each[0])
        lists = list_ages = f"list {figures.age(oldest)}"
        if oldest - newest > APART:
            list_ages = f"list {figures.age(newest)}, {account_name(last, 12)} {figures.age(oldest)}"
    match phase(worst, now):
        case LinkPhase.POLLING:
            forms = [stream]
        case LinkPhase.STALE:
            forms = [stream] if _by_list(worst, now) else [list_ages, lists]
        case _:
            forms = [" ".join(filter(None, (stream, list_ages))), list_ages, lists]
    apart = f"{APART_FROM_WHY} " if worst.trouble else ""
    return [apart + words for words in dict.fromkeys(forms) if words]


def _ages(link: LinkState, now: Instant) -> tuple[float, float | None]:
    """How long the stream has said nothing, and how old the list is."""
    return now.since(link.heard or link.since), now.since(link.listed) if link.listed else None


def _by_list(link: LinkState, now: Instant) -> bool:
    """Whether a stale link is that for its list: the stream speaks."""
    heard, listed = _ages(link, now)
    return heard < SILENCE and listed is not None


def account_name(link: LinkState, width: int) -> str:
    """As the trader knows the account, in so many cells at most."""
    return link.account.label(width).rstrip()


def link_forms(links: Sequence[LinkState], now: Instant) -> list[Line]:
    """Links in one state in a word; else those in trouble by name and then the others, as far as there is room: at last
    the one in the worst and how many others are.

    Why an account is in trouble outlasts how old it is, which its rows say: first it shrinks to the broker's status.
    """
    worst = max(links, key=lambda link: _trouble(link, now))
    if alike(links, now):
        # As many as where they differ, so that both give way alike.
        reasons = (_Why.IN_FULL,) * 4 + (_Why.IN_SHORT, _Why.FOR_AGE) if worst.trouble else ()
        return [*(_word(worst, now, why) for why in reasons), (link_words(worst, now),)]
    troubled = [link for link in links if phase(link, now) is not LinkPhase.OK or link.trouble]
    fine = [link for link in links if link not in troubled]
    others = (Piece(f" +{len(troubled) - 1}", Role.ALERT),) if len(troubled) > 1 else ()
    named, ok = _named(troubled, now, _Why.IN_FULL), _fine(fine)
    aged = (*ok, *(Piece(f" {ages}") for ages in age_forms(fine, now)[:1])) if fine else ()
    return [
        join((_named(troubled, now, _Why.WITH_AGES), aged), "  "),
        join((named, aged), "  "),
        join((named, ok), "  "),
        named,
        _named(troubled, now, _Why.IN_SHORT),
        _named(troubled, now, _Why.FOR_AGE),
        _named(troubled, now, _Why.ALONE),
        (*_named([worst], now, _Why.FOR_AGE), *others),
        (link_words(worst, now), *others),
    ]


def alike(links: Sequence[LinkState], now: Instant) -> bool:
    """Whether one word does for all of them."""
    return len({(phase(link, now), link.trouble) for link in links}) == 1


def _fine(links: Sequence[LinkState]) -> Line:
    if not links:
        return ()
    return (Piece(f"{account_name(links[0], 12) if len(links) == 1 else 'others'} {LinkPhase.OK}"),)


def _trouble(link: LinkState, now: Instant) -> tuple[int, int, float]:
    rank = _WORSE.index(phase(link, now))
    return rank, link.attempt, now.since(link.heard or link.since)


def _named(links: Iterable[LinkState], now: Instant, why: _Why) -> Line:
    return join(((Piece(f"{account_name(link, 12)} "), *_word(link, now, why)) for link in links), "  ")


def _word(link: LinkState, now: Instant, why: _Why) -> Line:
    """The state of a link, and why it is in trouble."""
    word = link_words(link, now)
    aged = tuple(Piece(f" {ages}") for ages in age_forms([link], now)[:1] if why is _Why.WITH_AGES)
    if not link.trouble:
        return (word, *aged)
    status, _, _ = link.trouble.partition(" ")
    reason = link.trouble if why in (_Why.WITH_AGES, _Why.IN_FULL) or not status.isdecimal() else status
    match why:
        case _Why.ALONE:
            return (Piece(reason, word.role),)
        case _Why.FOR_AGE:
            return Piece(phase(link, now).value, word.role), Piece(f" {reason}", Role.NEWS)
    return word, Piece(f" {reason}", Role.NEWS), *aged
