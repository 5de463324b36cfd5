"""A tireless trader at a desk: looks at what it tells, cancels at random, and keeps figures instead of everything."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import replace
from random import Random

from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.book.status import why_not_cancel
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.messages import DeskFailed, LinkPhase, LinkState
from tests.desk.values import request

CLOCK = SystemClock()
KINDS = (
    "list disagreed with the stream",
    "no stream for",
    "stood still",
    "could not be read",
    "the list of orders is read again",
    "Outcome unknown",
    "Cancel unconfirmed",
    "Cancel refused",
    "Not canceled",
    "Not sent",
    "in step again",
)
_COUNTED = re.compile(r"disagreed with the stream on (\d+) order")


class Trader:
    """Call :meth:`work` again and again."""

    def __init__(self, desk: Desk, chance: Random, cancels_per_second: float) -> None:
        self.desk = desk
        self.rows: dict[OrderKey, Row] = {}
        self.links: dict[str, LinkState] = {}
        self.failed: DeskFailed | None = None
        self.presses = 0
        self.barred = 0
        self.rows_taken = 0
        self.notices: Counter[str] = Counter()
        self.phases: Counter[str] = Counter()
        self.disagreements = 0
        self._chance = chance
        self._pause = 1 / cancels_per_second
        self._next = time.monotonic()

    def look(self) -> None:
        batch = self.desk.take()
        self.rows_taken += len(batch.rows)
        for row in batch.rows:
            if row.former is not None:
                self.rows.pop(row.former, None)
            self.rows[row.key] = row
        for link in batch.links:
            former = self.links.get(link.account.id)
            if former is None or former.phase is not link.phase:
                self.phases[link.phase.value] += 1
            self.links[link.account.id] = link
        for notice in batch.notices:
            self._note(notice)
        self.failed = batch.failed

    def work(self) -> None:
        """Look, and now and then cancel something, as the screen would let him."""
        self.look()
        now = time.monotonic()
        if now < self._next or not self.rows:
            return
        self._next = now + self._chance.uniform(0, 2) * self._pause
        if self._chance.random() < 0.01:
            self.desk.relist()
        for row in self._chance.choices(list(self.rows.values()), k=20):
            if self._may(row):
                self._press(row)
                return

    @property
    def all_ok(self) -> bool:
        return bool(self.links) and {link.phase for link in self.links.values()} == {LinkPhase.OK}

    def _may(self, row: Row) -> bool:
        link = self.links[row.key.account]
        if why_not_cancel(row, CLOCK.now()) is not None and row.cancel is not CancelState.UNCONFIRMED:
            return False
        if link.why_not_cancel(CLOCK.now()) is not None:
            self.barred += 1
            return False
        return True

    def _press(self, row: Row) -> None:
        asked = request(row.order, row.tag)
        if row.cancel is CancelState.UNCONFIRMED:
            asked = replace(asked, override="the outcome of an earlier cancel is not confirmed")
        # A hand that trembles: the second press of a pair must never become a second request.
        for _ in range(2 if self._chance.random() < 0.1 else 1):
            self.presses += 1
            assert self.desk.cancel(asked)

    def _note(self, notice: Notice) -> None:
        for kind in KINDS:
            if kind in notice.text:
                self.notices[kind] += 1
        if counted := _COUNTED.search(notice.text):
            self.disagreements += int(counted[1])
