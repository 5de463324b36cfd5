"""Every account: what it is called, whose money it holds, and how true its picture is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from blotter.core.instant import Instant
from blotter.core.text import show
from blotter.core.words import figures
from blotter.core.words.piece import Line, Piece, Role, flow
from blotter.desk.messages import RETRY, LinkPhase, LinkState
from blotter.ui.header.links import link_words
from blotter.ui.known import Known
from blotter.ui.lines.reader import SCROLLS
from blotter.ui.lines.reading_screen import ReadingScreen

NONE = "no account is known yet"


class AccountsScreen(ReadingScreen):
    """The header has one line; here each account has its own, as ``known`` has it at the moment."""

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "q", "a"})
    FOOT: ClassVar[str] = f"esc, a or q closes   {SCROLLS}"

    def __init__(self, known: Known, now: Callable[[], Instant]) -> None:
        super().__init__()
        self._known = known
        self._now = now

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)

    def content(self, width: int) -> Sequence[Line]:
        return tuple(account_lines(self._known.links, self._now(), width, self._known.sends_nothing))


def account_lines(links: Sequence[LinkState], now: Instant, width: int, sends_nothing: str = "") -> Iterator[Line]:
    """A title, and for each account its name, its ages, and what is in the way. ``sends_nothing`` is why no cancel may
    leave for any of them, whatever stands in the way of each.
    """
    yield (Piece(" ACCOUNTS", Role.TITLE),)
    if sends_nothing:
        yield from flow([Piece(f"no cancel is sent for any account: {show(sends_nothing)}", Role.ALERT)], width)
    if not links:
        yield (Piece(f" {NONE}", Role.DIM),)
    for link in links:
        account = link.account
        yield ()
        name = [Piece(show(account.full_name), Role.STRONG), Piece(f" {account.kind} ", Role.MONEY)]
        only = [Piece("view-only: no cancel is sent for it", Role.NEWS)] if account.view_only else []
        yield from flow([*name, *only], width)
        yield from flow([Piece(f"  {link_words(link, now).text}"), *map(Piece, _ages(link, now))], width)
        if obstacles := ", ".join(_obstacles(link)):
            yield from flow([Piece(f"  in the way: {obstacles}", Role.ALERT)], width)
        if link.unknown:
            met = ", ".join(f"{show(name) or 'others'} ({count})" for name, count in link.unknown)
            yield from flow([Piece(f"  not known to this version, so not shown: {met}", Role.DIM)], width)
        barred = link.out_of_reach(now)
        if barred and not sends_nothing and not account.view_only:
            yield from flow([Piece(f"  no cancel is sent: {barred}; esc, then {RETRY}", Role.ALERT)], width)


def _ages(link: LinkState, now: Instant) -> Iterator[str]:
    yield f"stream heard {figures.age(now.since(link.heard))} ago" if link.heard else "stream not heard yet"
    yield f"list read {figures.age(now.since(link.listed))} ago" if link.listed else "list not read yet"
    yield f"so since {link.since.utc:%H:%M:%S}Z"


def _obstacles(link: LinkState) -> Iterator[str]:
    if link.trouble:
        yield show(link.trouble)
    # RECONNECTING has it in brackets.
    if link.attempt and link.phase is not LinkPhase.RECONNECTING:
        yield f"attempt {link.attempt} at a stream"
