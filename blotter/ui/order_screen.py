"""Everything known of one order, kept up to date while it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from blotter.core.account import Account
from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.core.sheets.dossier import dossier
from blotter.core.words.piece import Line
from blotter.ui.lines.reader import SCROLLS
from blotter.ui.lines.reading_screen import ReadingScreen


class OrderScreen(ReadingScreen):
    """``messages`` are those on this order, newest first."""

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "enter", "q"})
    FOOT: ClassVar[str] = f"esc, enter or q closes   {SCROLLS}"

    def __init__(self, row: Row, account: Account, clock: Clock, messages: Sequence[Notice] = ()) -> None:
        super().__init__()
        self._opened = self._row = row
        self._account = account
        self._clock = clock
        self._messages = tuple(messages)

    @property
    def key(self) -> OrderKey:
        """The order that is being read."""
        return self._row.key

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)

    def follow(self, row: Row) -> None:
        """News of any order; those of this one show. An order that was replaced is followed into its successor."""
        if self._row.key in (row.key, row.former):
            self._row = row
            self.redraw()

    def tell(self, notices: Sequence[Notice]) -> None:
        """Messages of any order, the newest last."""
        mine = [each for notice in notices for each in notice.about(self.key)]
        if mine:
            self._messages = (*reversed(mine), *self._messages)
            self.redraw()

    def content(self, width: int) -> Sequence[Line]:
        now = self._clock.now()
        return dossier(self._row, self._account, now, width, opened=self._opened, messages=self._messages)
