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
from blotter.core.asking.scope import Sight
from blotter.core.book.query import Query
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.ui.table.counts import Counts, Ended, Tally
from blotter.ui.table.roster import Place, Roster
from blotter.ui.table.viewport import Viewport


class View:
    """The rows known, those shown, the cursor, and which of them are in view."""

    def __init__(self) -> None:
        self.cursor: OrderKey | None = None
        self.finished_shown = False
        self.filter = ""
        self.marks: set[OrderKey] = set()
        """The orders that the trader marked; a mark follows a replaced order."""
        self._query = Query("")
        self._gap: Place | None = None
        self._rows: dict[OrderKey, Row] = {}
        self._places: dict[OrderKey, Place] = {}
        self._roster = Roster()
        self._port = Viewport(self._roster)
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

    @property
    def top(self) -> int:
        """The rank of the first row in view, from 0."""
        return self._port.top

    @property
    def height(self) -> int:
        """How many rows have room in the window."""
        return self._port.height

    def keys(self) -> list[OrderKey]:
        """All rows shown, from the top."""
        return self._roster.keys(0, len(self))

    @property
    def window(self) -> list[Row]:
        """The rows in view, from the top."""
        return [self._rows[key] for key in self._port.orders]

    @property
    def counts(self) -> Counts:
        return self._tally.counts(len(self), len(self._rows), with_retired=self.finished_shown)

    @property
    def ended(self) -> Ended:
        """The finished orders that are not put away as seen."""
        news = self._tally.ended
        shown = sum(self._places[key] in self._roster for key in news) if self.filter else len(news)
        return Ended(sum(key in news for key in self._port.orders), shown, len(self._tally.unseen))

    def apply(self, rows: Sequence[Row]) -> None:
        """Take changed rows in. Their order does not matter, and a row that was replaced may come after its heir."""
        anchor = self._port.anchor(self.index)
        for row in rows:
            if row.former is not None and row.former != row.key:
                self._heirs[row.former] = row.key
        self._put([row for row in rows if self._heir(row.key) == row.key])
        for row in rows:
            if row.former is not None:
                self._take_over(row.former)
        self._settle()
        self._port.keep(anchor, self.index)

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
        return Sight(tuple(self._rows.values()), self.current, self.filter, self._passes, self._accounts)

    def stale(self, since: Instant) -> None:
        """Nothing is kept true any more: every row that was fresh is stale since then."""
        self.apply([replace(row, stale_since=since) for row in self._rows.values() if row.stale_since is None])

    def find(self, text: str) -> None:
        """Show only the rows that match ``text``; the cursor goes to the first of them if it loses its order."""
        self.filter = text
        self._query = Query(text)
        self._refill(by_filter=True)

    def toggle_finished(self, drawn: Sequence[Row]) -> None:
        """Hide all finished orders that are shown; where none is, show all of today's.

        ``drawn`` is what the terminal shows: what else is hidden stays counted as unseen.
        """
        if self.finished_shown or self.ended.shown:
            self.finished_shown = False
            seen = {row.key for row in self._news(drawn)}
            for key in self._tally.ended | self._tally.unseen:
                self._put_away(self._rows[key], seen=key in seen)
        else:
            self.finished_shown = True
        self._refill()

    def acknowledge(self, drawn: Sequence[Row]) -> int:
        """Put away the finished orders that the terminal shows; says how many."""
        news = self._news(drawn)
        for row in news:
            self._put_away(row, seen=True)
        self._refill()
        return len(news)

    def seek_ended(self) -> None:
        """Go to the next order that ended out of view; where none is left, those that were hidden unseen come back."""
        if self.ended.here:
            return
        if not self.ended.shown:
            for key in tuple(self._tally.unseen):
                self._tally.bring_back(self._rows[key])
            self._refill()
        below = self._port.place(self.height)
        places = [place for key in self._tally.ended if (place := self._places[key]) in self._roster]
        following = [place for place in places if below is not None and place >= below]
        if places:
            at = self._roster.rank(min(following or places))
            self._go(at)
            self._port.lead(at)

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
            self._port.turn(step)
        self.move(step)

    def first(self) -> None:
        self._go(0)

    def last(self) -> None:
        self._go(len(self) - 1)

    def resize(self, height: int) -> None:
        """The window is now so many lines high; the cursor stays in it."""
        self._port.resize(height, self.index)

    def _news(self, drawn: Iterable[Row]) -> list[Row]:
        """The orders that ended, of rows that the terminal shows as they still are."""
        return [row for row in drawn if self._tally.is_news(row) and self._rows.get(row.key) is row]

    def _put_away(self, row: Row, *, seen: bool) -> None:
        self._tally.put_away(row, seen=seen)
        self.marks.discard(row.key)

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
        return (self.finished_shown or not self._tally.is_retired(row)) and self._passes(row)

    def _passes(self, row: Row) -> bool:
        return self._query.matches(row, self._accounts.of(row.order.account).nickname if self.filter else "")

    def _refill(self, *, by_filter: bool = False) -> None:
        anchor = self._port.anchor(self.index)
        self._roster.fill((self._places[key], key) for key, row in self._rows.items() if self._is_shown(row))
        self._settle(by_filter=by_filter)
        self._port.keep(anchor, self.index)
        if by_filter:
            self._port.reveal(self.index)

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
            self._port.reveal(self.index)
