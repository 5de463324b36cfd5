"""The header's one line: whose money, what works, what needs a look, how old the picture is, and the time.

A narrow terminal must not cut what matters, so every part knows shorter forms of itself, and ``GIVE_WAY`` is the order
in which they are taken. LIVE or PRACTICE, READ-ONLY, open cancels, unread alerts, and a link that is in trouble
never give way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from blotter.core.instant import Instant
from blotter.core.piece import Line, Piece, Role, cut, length
from blotter.core.text import cells, fit, show
from blotter.desk.messages import LinkPhase, LinkState
from blotter.ui.view import Counts

QUIET = 45.0
"""A stream that was heard no later than this is called STALE here, whatever the desk last said of it."""

GIVE_WAY = (
    *("ages", "done", "who", "working", "filter", "ages", "links"),
    *("clock", "unread", "working", "filter", "who", "clock"),
)
"""The part that shortens next, from the first to the last resort; then the gaps do. What has room again comes back."""

RIGHT = ("links", "ages", "clock")
"""The parts that stand at the right edge."""

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
    read_only: bool = False
    unread: int = 0
    filter: str = ""
    finished_shown: bool = False
    failed: bool = False


def headline(facts: Facts, width: int) -> tuple[Piece, ...]:
    """The line in exactly ``width`` cells."""
    forms: dict[str, list[Line]] = {
        "who": _who(facts),
        "read_only": [_one("READ-ONLY", Role.MONEY)] if facts.read_only else [],
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
            return Piece(f"STALE {age(now.since(link.heard or link.since))}", Role.ALERT)
        case LinkPhase.RECONNECTING:
            return Piece(f"RECONNECTING ({link.attempt})", Role.ALERT)
        case LinkPhase.POLLING:
            return Piece(f"POLLING {age(now.since(link.listed or link.since))}", Role.NEWS)
        case LinkPhase.OFFLINE:
            return Piece("OFFLINE", Role.ALERT)
        case quiet:
            return Piece(quiet.value)


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
        kinds.setdefault(kind(link, facts.practice), []).append(fit(link.account.id, 16).rstrip())
    if not kinds:
        kinds = {"PRACTICE" if facts.practice else "LIVE": []}
    return [_accounts(kinds, " ".join), _accounts(kinds, _number), _accounts(kinds, lambda _: "")]


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
    if facts.failed:
        return [_one("OFFLINE", Role.ALERT)]
    if not facts.links:
        return [_one("CONNECTING")]
    phases = {phase(link, facts.now) for link in facts.links}
    worst = max(facts.links, key=lambda link: _trouble(link, facts.now))
    if len(phases) == 1:
        return [(link_words(worst, facts.now),)]
    troubled = [link for link in facts.links if phase(link, facts.now) is not LinkPhase.OK]
    return [_named(facts.links, facts.now), _named(troubled, facts.now), (link_words(worst, facts.now),)]


def _trouble(link: LinkState, now: Instant) -> tuple[int, int, float]:
    rank = _WORSE.index(phase(link, now))
    return rank, link.attempt, now.since(link.heard or link.since)


def _named(links: Iterable[LinkState], now: Instant) -> Line:
    return _join(((Piece(f"{fit(link.account.id, 12).rstrip()} "), link_words(link, now)) for link in links), " ")


def _ages(facts: Facts) -> list[Line]:
    """The oldest stream message and the oldest list; those of a link in trouble stand in its words."""
    if facts.failed or not facts.links:
        return []
    if any(link.listed is None for link in facts.links):
        return [_one("loading")]
    listed = age(max(facts.now.since(link.listed) for link in facts.links if link.listed))
    forms = [_one(f"list {listed}"), ()]
    heard = [facts.now.since(link.heard) for link in facts.links if link.heard]
    if heard and all(link.phase is LinkPhase.OK for link in facts.links):
        forms.insert(0, _one(f"{age(max(heard))} list {listed}"))
    return forms


def _one(text: str, role: Role = Role.PLAIN) -> Line:
    return (Piece(text, role),)


def _join(forms: Iterable[Line], gap: str) -> Line:
    joined: list[Piece] = []
    for form in forms:
        if form:
            joined += [Piece(gap), *form] if joined else form
    return tuple(joined)
