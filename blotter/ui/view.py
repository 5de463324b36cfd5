"""What the table shows: which orders, in which order, and where the cursor is. Nothing of Textual here.

The cursor belongs to an order, never to a row number: whatever arrives, it stays on its order or goes to none. A key
pressed on a slow link was meant for the order that the trader saw, and a cursor that falls to the neighbour cancels
that neighbour.

A row's place is given once, newest first by ``created_at``, and an update never moves it. An order that replaces
another one takes over its place, and its cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from blotter.core.account import Accounts
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.core.query import Query
from blotter.core.row import Row
from blotter.core.scope import Sight
from blotter.core.status import is_finished
from blotter.ui.counts import Counts, Tally
from blotter.ui.roster import Place, Roster


class View:
    """The rows known, those shown, the cursor, and the window of ``height`` lines that starts at row ``top``."""

    def __init__(self) -> None:
        self.cursor: OrderKey | None = None
        self.top = 0
        self.height = 0
        self.finished_shown = False
        self.filter = ""
        self.marks: set[OrderKey] = set()
        """The orders that the trader marked; a mark follows a replaced order."""
        self._query = Query("")
        self._gap: Place | None = None
        self._rows: dict[OrderKey, Row] = {}
        self._places: dict[OrderKey, Place] = {}
        self._roster = Roster()
        self._heirs: dict[OrderKey, OrderKey] = {}
        self._tally = Tally()
        self._arrivals = 0
        self._accounts = Accounts()

    def __len__(self) -> int:
        """How many rows are shown."""
        return len(self._roster)

    def row(self, key: OrderKey) -> Row | None:
        """The row of this order, or of the one that replaced it."""
        return self._rows.get(self._heir(key))

    def rows(self) -> Iterable[Row]:
        return self._rows.values()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return None if self.cursor is None else self._rows[self.cursor]

    @property
    def index(self) -> int | None:
        """The cursor's place among the rows shown, from 0."""
        return None if self.cursor is None else self._roster.rank(self._places[self.cursor])

    @property
    def parked(self) -> bool:
        """The cursor lost its order, and waits for an arrow key."""
        return self.cursor is None and self._gap is not None

    def keys(self) -> list[OrderKey]:
        """All rows shown, from the top."""
        return self._roster.keys(0, len(self))

    @property
    def window(self) -> list[Row]:
        """The rows in view, from the top."""
        return [self._rows[key] for key in self._roster.keys(self.top, self.top + self.height)]

    @property
    def counts(self) -> Counts:
        return self._tally.counts(len(self), len(self._rows), with_retired=self.finished_shown)

    def apply(self, rows: Sequence[Row]) -> None:
        """Take changed rows in. Their order does not matter, and a row that was replaced may come after its heir."""
        anchor = self._anchor()
        for row in rows:
            if row.former is not None and row.former != row.key:
                self._heirs[row.former] = row.key
        self._put([row for row in rows if self._heir(row.key) == row.key])
        for row in rows:
            if row.former is not None:
                self._take_over(row.former)
        self._settle()
        self._scroll(anchor)

    def know(self, accounts: Accounts) -> None:
        """A filter finds an account by the name that the trader gave it."""
        if accounts != self._accounts:
            self._accounts = accounts
            if self.filter:
                self._refill()

    def mark(self) -> None:
        """Mark the cursor's order, or take its mark away."""
        if self.cursor is not None:
            self.marks ^= {self.cursor}

    def escape(self) -> None:
        """Show all orders again; where they are, take all marks away."""
        if self.filter:
            self.find("")
        else:
            self.marks.clear()

    @property
    def marked(self) -> tuple[int, int]:
        """How many marks there are, and how many of them on orders that are not shown."""
        return len(self.marks), sum(self._places[key] not in self._roster for key in self.marks)

    @property
    def sight(self) -> Sight:
        """What a scope is taken from."""
        return Sight(tuple(self._rows.values()), self.current, self.filter, self._query.matches)

    def stale(self, since: Instant) -> None:
        """Nothing is kept true any more: every row that was fresh is stale since then."""
        self.apply([replace(row, stale_since=since) for row in self._rows.values() if row.stale_since is None])

    def find(self, text: str) -> None:
        """Show only the rows that match ``text``; the cursor goes to the first of them if it loses its order."""
        self.filter = text
        self._query = Query(text)
        self._refill(by_filter=True)

    def toggle_finished(self) -> None:
        """Show today's finished orders, or hide them again: all that are shown, those that ended meanwhile, too."""
        if self.finished_shown:
            self._put_away(self._rows[key] for key in self.keys())
        self.finished_shown = not self.finished_shown
        self._refill()

    def acknowledge(self) -> int:
        """Put away the finished orders in view; says how many."""
        count = self._put_away(self.window)
        self._refill()
        return count

    def move(self, by: int) -> None:
        """Move the cursor by so many rows. From no order, it resumes where it was, whatever the distance."""
        if not len(self):
            return
        at = self.index
        if at is None:
            at = 0 if self._gap is None else self._roster.rank(self._gap)
        else:
            at += by
        self._go(at)

    def page(self, direction: int) -> None:
        """Move window and cursor by one window's height."""
        step = direction * max(1, self.height - 1)
        if self.cursor is not None:
            self.top += step
        self.move(step)

    def first(self) -> None:
        self._go(0)

    def last(self) -> None:
        self._go(len(self) - 1)

    def resize(self, height: int) -> None:
        """The window is now so many lines high; the cursor stays in it."""
        seen = self._cursor_in_window() or not self.height
        self.height = max(0, height)
        self._clamp()
        if seen:
            self._reveal()

    def _put_away(self, rows: Iterable[Row]) -> int:
        ended = [row for row in rows if is_finished(row.order) and not self._tally.is_retired(row)]
        for row in ended:
            self._tally.acknowledge(row)
            self.marks.discard(row.key)
        return len(ended)

    def _heir(self, key: OrderKey) -> OrderKey:
        """The order that stands for this one now. A ring of replacements, which no broker means, names nobody."""
        heir, passed = key, {key}
        while (following := self._heirs.get(heir)) is not None:
            if following in passed:
                return key
            passed.add(following)
            heir = following
        return heir

    def _put(self, rows: Iterable[Row]) -> None:
        joining: list[tuple[Place, OrderKey]] = []
        for row in rows:
            key = row.key
            before = self._rows.get(key)
            if before is not None:
                self._tally.remove(before)
            else:
                self._arrivals += 1
                self._places[key] = (-(row.order.created_at or row.reported.utc).timestamp(), -self._arrivals)
            self._rows[key] = row
            self._tally.add(row)
            place = self._places[key]
            if not self._is_shown(row):
                self._roster.remove(place)
            elif place not in self._roster:
                joining.append((place, key))
        self._roster.add(joining)

    def _take_over(self, former: OrderKey) -> None:
        heir = self._heir(former)
        if former not in self._rows or heir not in self._rows or heir == former:
            return
        self._tally.forget(self._rows.pop(former))
        place = self._places.pop(former)
        self._roster.remove(place)
        self._roster.remove(self._places[heir])
        self._places[heir] = place
        if self._is_shown(self._rows[heir]):
            self._roster.add([(place, heir)])
        if self.cursor == former:
            self.cursor = heir
        if former in self.marks:
            self.marks = self.marks - {former} | {heir}

    def _is_shown(self, row: Row) -> bool:
        if self._tally.is_retired(row) and not self.finished_shown:
            return False
        return self._query.matches(row, self._accounts.of(row.order.account).nickname if self.filter else "")

    def _refill(self, *, by_filter: bool = False) -> None:
        anchor = self._anchor()
        self._roster.fill((self._places[key], key) for key, row in self._rows.items() if self._is_shown(row))
        self._settle(by_filter=by_filter)
        self._scroll(anchor)
        if by_filter:
            self._reveal()

    def _settle(self, *, by_filter: bool = False) -> None:
        """Give the cursor its order, none, or, at start and after the trader's own filter, the first one shown."""
        if self.cursor is not None and self._places[self.cursor] not in self._roster:
            self._gap = None if by_filter else self._places[self.cursor]
            self.cursor = None
        if self.cursor is None and self._gap is None and len(self):
            self.cursor = self._roster[0]

    def _go(self, index: int) -> None:
        if len(self):
            self.cursor = self._roster[min(max(0, index), len(self) - 1)]
            self._gap = None
            self._reveal()

    def _anchor(self) -> tuple[Place | None, bool]:
        """The place that stands at the top while scrolled, and whether the cursor is in view."""
        held = self._roster.place(self.top) if 0 < self.top < len(self) else None
        return held, self._cursor_in_window()

    def _scroll(self, anchor: tuple[Place | None, bool]) -> None:
        """Keep what was at the top there, and a cursor in view that was."""
        held, cursor_was_seen = anchor
        if held is not None:
            self.top = self._roster.rank(held)
        self._clamp()
        if cursor_was_seen:
            self._reveal()

    def _cursor_in_window(self) -> bool:
        at = self.index
        return at is not None and self.top <= at < self.top + self.height

    def _reveal(self) -> None:
        at = self.index
        if at is not None:
            self.top = min(max(self.top, at - self.height + 1), at)
        self._clamp()

    def _clamp(self) -> None:
        self.top = max(0, min(self.top, len(self) - self.height))
