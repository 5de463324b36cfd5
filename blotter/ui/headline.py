"""The header's one line: whose money, what works, what needs a look, how old the picture is, and the time.

A narrow terminal must not cut what matters, so every part knows shorter forms of itself, and ``GIVE_WAY`` is the order
in which they are taken. LIVE or PRACTICE, READ-ONLY, open cancels, unread alerts, and a link that is in trouble
never give way. Accounts are told apart where they differ; what finds no room here stands on the accounts' own screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from blotter.core.instant import Instant
from blotter.core.piece import Line, Piece, Role, cut, length
from blotter.core.text import cells, fit, show
from blotter.desk.messages import LinkPhase, LinkState
from blotter.ui.counts import Counts

SILENCE = 30.0
"""Seconds of silence after which the desk calls a stream stale: where it was heard later, the list is what is stale."""

QUIET = 45.0
"""A stream that was heard no later than this is called STALE here, whatever the desk last said of it."""

APART = 45.0
"""Seconds by which the lists of two accounts may differ in age before they are told apart."""

GIVE_WAY = (
    *("done", "who", "working", "ages", "filter", "links", "links", "links", "filter", "working", "unread"),
    *("ages", "clock", "who", "links", "links", "links", "clock"),
)
"""The part that shortens next, from the first to the last resort; then the gaps do. What has room again comes back."""

RIGHT = ("links", "ages", "clock")
"""The parts that stand at the right edge."""


class _Why(Enum):
    """How much is said of what is in the way: ``403 not permitted``, or ``403`` beside the state, in the place of its
    figure, or in the place of all of it.
    """

    IN_FULL = auto()
    IN_SHORT = auto()
    FOR_AGE = auto()
    ALONE = auto()


_WORSE = (
    LinkPhase.OK,
    LinkPhase.CONNECTING,
    LinkPhase.POLLING,
    LinkPhase.RECONNECTING,
    LinkPhase.STALE,
    LinkPhase.OFFLINE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the header says. Ages are computed from stamps, so that even a silent end of the desk shows."""

    now: Instant
    counts: Counts
    links: tuple[LinkState, ...] = ()
    practice: bool = False
    read_only: str = ""
    unread: int = 0
    filter: str = ""
    finished_shown: bool = False
    failed: bool = False
    no_accounts: str = ""


def headline(facts: Facts, width: int) -> tuple[Piece, ...]:
    """The line in exactly ``width`` cells."""
    forms: dict[str, list[Line]] = {
        "who": _who(facts),
        "read_only": [_one(facts.read_only, Role.MONEY)] if facts.read_only else [],
        "working": [_one(f"{facts.counts.working} working"), _one(f"{facts.counts.working} wkg"), ()],
        "done": _done(facts),
        "cancels": [_cancels(facts.counts)],
        "unread": _unread(facts.unread),
        "filter": _filter(facts),
        "links": _links(facts),
        "ages": _ages(facts),
        "clock": [_one(f"{facts.now.utc:%H:%M:%S}Z"), _one(f"{facts.now.utc:%H:%M}Z"), ()],
    }
    chosen = {name: 0 for name, known in forms.items() if known}

    def line(gap: str) -> tuple[Line, Line, int]:
        left, right = (
            _join((forms[name][at] for name, at in chosen.items() if (name in RIGHT) is side), gap if not side else " ")
            for side in (False, True)
        )
        return left, right, width - 2 - length(left) - length(right)

    given: list[str] = []
    for name in GIVE_WAY:
        if line("  ")[2] >= 2:
            break
        if chosen.get(name, len(forms[name])) + 1 < len(forms[name]):
            chosen[name] += 1
            given.append(name)
    for name in reversed(given):
        chosen[name] -= 1
        if line("  ")[2] < 2:
            chosen[name] += 1
    left, right, room = line("  ")
    if room < 2:
        left, right, room = line(" ")
    return cut((Piece(" "), *left, Piece(" " * max(1, room)), *right, Piece(" ")), width)


def phase(link: LinkState, now: Instant) -> LinkPhase:
    """The link's phase as the desk gave it, unless its own stamps speak against an OK."""
    if link.phase is LinkPhase.OK and now.since(link.heard or link.since) > QUIET:
        return LinkPhase.STALE
    return link.phase


def link_words(link: LinkState, now: Instant) -> Piece:
    """The state of one account's link in a word, with the figure that belongs to it."""
    match phase(link, now):
        case LinkPhase.STALE:
            return Piece(f"STALE {age(_stale_for(link, now))}", Role.ALERT)
        case LinkPhase.RECONNECTING:
            return Piece(f"RECONNECTING ({link.attempt})", Role.ALERT)
        case LinkPhase.POLLING:
            return Piece(f"POLLING {age(now.since(link.listed or link.since))}", Role.NEWS)
        case LinkPhase.OFFLINE:
            return Piece("OFFLINE", Role.ALERT)
        case quiet:
            return Piece(quiet.value)


def _stale_for(link: LinkState, now: Instant) -> float:
    """The age of what fell silent: of the stream, or, while that speaks, of the list."""
    silent = now.since(link.heard or link.since)
    return silent if silent >= SILENCE else now.since(link.listed or link.since)


def age(seconds: float) -> str:
    """``7s``, ``4m``, ``3h``: never more than is known, rounded down."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    return f"{whole // 60}m" if whole < 3600 else f"{whole // 3600}h"


def kind(link: LinkState, practice: bool) -> str:
    """LIVE or PRACTICE, for one account."""
    return "PRACTICE" if practice else link.account.kind


def _who(facts: Facts) -> list[Line]:
    kinds: dict[str, list[str]] = {}
    for link in facts.links:
        kinds.setdefault(kind(link, facts.practice), []).append(_name(link, 16))
    if not kinds:
        kinds = {"PRACTICE" if facts.practice else "LIVE": []}
    return [_accounts(kinds, " ".join), _accounts(kinds, _number), _accounts(kinds, lambda _: "")]


def _name(link: LinkState, width: int) -> str:
    return link.account.label(width).rstrip()


def _accounts(kinds: dict[str, list[str]], named: Callable[[list[str]], str]) -> Line:
    words: list[Piece] = []
    for word, accounts in kinds.items():
        words += [Piece(" ")] if words else []
        words.append(Piece(word, Role.MONEY))
        if text := named(accounts):
            words.append(Piece(f" {text}", Role.STRONG))
    return tuple(words)


def _number(accounts: list[str]) -> str:
    return f"{len(accounts)} accounts" if len(accounts) > 1 else "".join(accounts)


def _done(facts: Facts) -> list[Line]:
    if not facts.counts.done:
        return []
    words = f"{facts.counts.done} done shown" if facts.finished_shown else f"+{facts.counts.done} done"
    return [_one(words, Role.DIM), ()]


def _cancels(counts: Counts) -> Line:
    words = [
        _one(f"{counts.codes[word]} {word}", role)
        for word, role in (("CXL??", Role.ALERT), ("CXL>", Role.NEWS), ("CXL?", Role.NEWS))
        if counts.codes.get(word)
    ]
    return _join(words, " ")


def _unread(count: int) -> list[Line]:
    return [_one(f"{count} unread!", Role.ALERT), _one(f"{count}!", Role.ALERT)] if count else []


def _filter(facts: Facts) -> list[Line]:
    if not facts.filter:
        return []
    shown, total = facts.counts.shown, facts.counts.total
    text = f"/{show(facts.filter)}"
    return [
        _one(f"{fit(text, min(cells(text), 24))} {shown} of {total}", Role.NEWS),
        _one(f"{fit(text, min(cells(text), 9))} {shown} of {total}", Role.NEWS),
        _one(f"{fit(text, min(cells(text), 5))} {shown}/{total}", Role.NEWS),
    ]


def _links(facts: Facts) -> list[Line]:
    """All by name where they differ, else those in trouble, else the one in the worst and how many others are.

    Why an account is in trouble outlasts how old it is, which its rows say: first it shrinks to the broker's status.
    """
    if facts.failed:
        return [_one("OFFLINE", Role.ALERT)]
    if not facts.links:
        return [_one("NO ACCOUNTS", Role.ALERT) if facts.no_accounts else _one("CONNECTING")]
    now = facts.now
    worst = max(facts.links, key=lambda link: _trouble(link, now))
    if len({(phase(link, now), link.trouble) for link in facts.links}) == 1:
        # As many as where they differ, so that both give way alike.
        reasons = (_Why.IN_FULL, _Why.IN_FULL, _Why.IN_SHORT, _Why.FOR_AGE) if worst.trouble else ()
        return [*(_word(worst, now, why) for why in reasons), (link_words(worst, now),)]
    troubled = [link for link in facts.links if phase(link, now) is not LinkPhase.OK or link.trouble]
    others = (Piece(f" +{len(troubled) - 1}", Role.ALERT),) if len(troubled) > 1 else ()
    return [
        _named(facts.links, now, _Why.IN_FULL),
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
    return _join(((Piece(f"{_name(link, 12)} "), *_word(link, now, why)) for link in links), "  ")


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


def _ages(facts: Facts) -> list[Line]:
    """The oldest stream message and the oldest list, whose it is where the others are newer.

    A stream that is in trouble tells its age in the words of its link.
    """
    if facts.failed or not facts.links:
        return []
    if any(link.listed is None and not link.trouble for link in facts.links):
        return [_one("loading")]
    ages = [(facts.now.since(link.listed), link) for link in facts.links if link.listed]
    if not ages:
        return []
    newest, (oldest, last) = min(each for each, _ in ages), max(ages, key=lambda each: each[0])
    listed = age(oldest)
    lists = f"list {age(newest)}, {_name(last, 12)} {listed}" if oldest - newest > APART else f"list {listed}"
    heard = [facts.now.since(link.heard) for link in facts.links if link.heard]
    if heard and all(phase(link, facts.now) is LinkPhase.OK for link in facts.links):
        return [_one(f"{age(max(heard))} {lists}"), _one(f"{age(max(heard))}/{listed}"), ()]
    return [_one(lists), ()]


def _one(text: str, role: Role = Role.PLAIN) -> Line:
    return (Piece(text, role),)


def _join(forms: Iterable[Line], gap: str) -> Line:
    joined: list[Piece] = []
    for form in forms:
        if form:
            joined += [Piece(gap), *form] if joined else form
    return tuple(joined)
