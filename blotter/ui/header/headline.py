"""The header's one line: whose money, what works, what needs a look, how old the picture is, and the time.

A narrow terminal must not cut what matters, so every part knows shorter forms of itself, and ``GIVE_WAY`` is the order
in which they are taken. LIVE or PRACTICE, READ-ONLY, open cancels, unread alerts, and a link that is in trouble
never give way. Accounts are told apart where they differ; what finds no room here stands on the accounts' own screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blotter.core.instant import Instant
from blotter.core.text import cells, fit, show
from blotter.core.words.piece import Line, Piece, Role, cut, join, length
from blotter.desk.messages import LinkState
from blotter.ui.header.links import account_name, age_forms, alike, link_forms
from blotter.ui.table.counts import Counts

GIVE_WAY = (
    *("done", "who", "links", "working", "ages", "links", "links", "filter", "links", "links", "filter", "working"),
    *("unread", "ages", "ages", "gaps", "who", "links", "links", "links", "clock", "clock"),
)
"""The part that shortens next, from the first to the last resort. What has room again comes back.

The seconds of the clock are nearly the last: they show that the screen lives, which is asked when a link is in trouble.
"""

GAPS = ("  ", " ")
"""Between the parts at the left, and before those at the right."""

RIGHT = ("links", "ages", "clock")
"""The parts that stand at the right edge."""


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
        "working": [_one(f"{_working(facts)} working"), _one(f"{_working(facts)} wkg"), ()],
        "done": _done(facts),
        "cancels": [_cancels(facts.counts)],
        "unread": _unread(facts.unread),
        "filter": _filter(facts),
        "links": _links(facts),
        "ages": _ages(facts),
        "clock": [_one(f"{facts.now.utc:%H:%M:%S}Z"), _one(f"{facts.now.utc:%H:%M}Z"), ()],
    }
    lengths = {name: len(known) for name, known in forms.items() if known}
    chosen = dict.fromkeys((*lengths, "gaps"), 0)
    lengths["gaps"] = len(GAPS)

    def line() -> tuple[Line, Line, int]:
        """The parts at the left, those at the right, and how many cells there are between them."""
        left, right = (
            join((forms[name][at] for name, at in chosen.items() if name in forms and (name in RIGHT) is side), gap)
            for side, gap in ((False, GAPS[chosen["gaps"]]), (True, " "))
        )
        return left, right, width - 2 - length(left) - length(right)

    def fits() -> bool:
        return line()[2] >= len(GAPS[chosen["gaps"]])

    given: list[str] = []
    for name in GIVE_WAY:
        if fits():
            break
        if chosen.get(name, 0) + 1 < lengths.get(name, 0):
            chosen[name] += 1
            given.append(name)
    for name in reversed(given):
        chosen[name] -= 1
        if not fits():
            chosen[name] += 1
    left, right, room = line()
    return cut((Piece(" "), *left, Piece(" " * max(1, room)), *right, Piece(" ")), width)


def kind(link: LinkState, practice: bool) -> str:
    """LIVE or PRACTICE, for one account."""
    return "PRACTICE" if practice else link.account.kind


def _who(facts: Facts) -> list[Line]:
    kinds: dict[str, list[str]] = {}
    for link in facts.links:
        kinds.setdefault(kind(link, facts.practice), []).append(account_name(link, 16))
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


def _working(facts: Facts) -> str:
    """How many orders work. Where a list was never read there may be any number more: nought would read as flat."""
    working = facts.counts.working
    if facts.links and all(link.listed for link in facts.links):
        return f"{working}"
    return f"{working}+?" if working or any(link.listed for link in facts.links) else "?"


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
    return join(words, " ")


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
        return [_one("NO ACCOUNTS", Role.ALERT) if facts.no_accounts else _one("CONNECTING")]
    return link_forms(facts.links, facts.now)


def _ages(facts: Facts) -> list[Line]:
    """How old the stream and the list are, where one word does for all links; else each has its own."""
    if facts.failed or not facts.links:
        return []
    if any(link.listed is None and not link.trouble for link in facts.links):
        return [_one("loading")]
    if not alike(facts.links, facts.now):
        return []
    return [*map(_one, age_forms(facts.links, facts.now)), ()]


def _one(text: str, role: Role = Role.PLAIN) -> Line:
    return (Piece(text, role),)
