"""Every account: what it is called, whose money it holds, and how true its picture is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from blotter.core import figures
from blotter.core.instant import Instant
from blotter.core.piece import Line, Piece, Role, flow
from blotter.core.text import show
from blotter.desk.messages import LinkState
from blotter.ui.links import link_words
from blotter.ui.reader import SCROLLS
from blotter.ui.reading_screen import ReadingScreen

NONE = "no account is known yet"


class AccountsScreen(ReadingScreen):
    """The header has one line; here each account has its own. ``links`` gives them as they stand."""

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "q", "a"})
    FOOT: ClassVar[str] = f"esc, a or q closes   {SCROLLS}"

    def __init__(self, links: Callable[[], Sequence[LinkState]], now: Callable[[], Instant]) -> None:
        super().__init__()
        self._links = links
        self._now = now

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)

    def content(self, width: int) -> Sequence[Line]:
        return tuple(account_lines(self._links(), self._now(), width))


def account_lines(links: Sequence[LinkState], now: Instant, width: int) -> Iterator[Line]:
    """A title, and for each account its name, its ages, and what is in the way."""
    yield (Piece(" ACCOUNTS", Role.TITLE),)
    if not links:
        yield (Piece(f" {NONE}", Role.DIM),)
    for link in links:
        account = link.account
        yield ()
        name = [Piece(show(account.full_name), Role.STRONG), Piece(f" {account.kind} ", Role.MONEY)]
        only = [Piece("view-only: no cancel is sent for it", Role.NEWS)] if account.view_only else []
        yield from flow([*name, *only], width)
        yield from flow([Piece(f"  {link_words(link, now).text}"), *map(Piece, _ages(link, now))], width)
        if link.trouble:
            yield from flow([Piece(f"  in the way: {show(link.trouble)}", Role.ALERT)], width)
        if link.unknown:
            met = ", ".join(f"{show(name) or 'others'} ({count})" for name, count in link.unknown)
            yield from flow([Piece(f"  not known to this version, so not shown: {met}", Role.DIM)], width)
        barred = None if account.view_only else link.why_not_cancel(now)
        if barred:
            yield from flow([Piece(f"  no cancel is sent: {barred}", Role.ALERT)], width)


def _ages(link: LinkState, now: Instant) -> Iterator[str]:
    yield f"stream heard {figures.age(now.since(link.heard))} ago" if link.heard else "stream not heard yet"
    yield f"list read {figures.age(now.since(link.listed))} ago" if link.listed else "list not read yet"
    yield f"so since {link.since.utc:%H:%M:%S}Z"
