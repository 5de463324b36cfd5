"""Journals of runs that are over, as they would have left them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from blotter.core.book.cancel import CancelRequest
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.desk.cancels.case import Case
from blotter.desk.cancels.outcome import Ending
from blotter.desk.clock import SystemClock
from blotter.desk.journal import ledger
from blotter.desk.journal.journal import Journal
from blotter.desk.journal.record import Kind, Record
from tests.desk.desk_broker import DeskBroker
from tests.desk.journal.journals import write
from tests.desk.seat import Seat
from tests.desk.values import WHO, order

CLOCK = SystemClock()


def of_account(name: str = "ORD-1", **changes: Any) -> Order:
    """The order as the broker of the desk's tests has it."""
    return replace(order(name, symbol="MSFT", price=Decimal("10.5"), **changes), account="ACC-1")


class Ago(SystemClock):
    """What time it was so many seconds ago."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> Instant:
        now = super().now()
        return Instant(now.utc - timedelta(seconds=self._seconds), now.mono - self._seconds)


class Past:
    """A run's journal, written record by record, so many seconds ``ago``."""

    def __init__(self, folder: Path, url: str, ago: float = 0.0) -> None:
        self._clock = Ago(ago)
        self.journal = Journal(folder, self._clock, WHO, {"base_url": url})
        self._cases: dict[str, Case] = {}

    def asks(self, name: str = "ORD-1", tag: str = "aa", of: Order | None = None) -> str:
        """A cancel with its intent on disk and its request sent; returns the intent's name."""
        now = self._clock.now()
        asked = CancelRequest(of or of_account(name), tag, f"Cancel {name}?", pressed=now, confirmed=now)
        intent = f"{self.journal.run}-{len(self._cases) + 1}"
        case = self._cases[intent] = Case(asked, intent, {"origClOrdId": name}, asked.key)
        write(self.journal, case.intended(asked.order, now))
        write(self.journal, case.attempted(1, now))
        return intent

    def hears(self, intent: str, verdict: str) -> None:
        body = {"intent": intent, "attempt": 1, "verdict": verdict, "cause": "any"}
        write(self.journal, Record(Kind.ANSWER, self._clock.now(), body))

    def ends(self, intent: str, how: Ending, **order: Any) -> None:
        case = self._cases[intent]
        write(self.journal, case.ended(how, replace(case.request.order, **order), self._clock.now()))

    def dies(self) -> None:
        """No end is written; whoever held the file is gone."""
        self.journal._distrust()


@contextmanager
def past(folder: Path, broker: DeskBroker, end: str = "", ago: float = 0.0) -> Iterator[Past]:
    """A run on ``broker`` that dies, or that ends for the reason ``end``."""
    run = Past(folder, broker.server.url, ago)
    yield run
    if end:
        run.journal.close(end)
    else:
        run.dies()


def settled(seat: Seat, intent: str) -> ledger.Cancel:
    """Wait for the final outcome of a cancel, whatever run puts it down."""

    def found() -> ledger.Cancel | None:
        asked = ledger.cancels(ledger.runs(seat.folder))
        return next((cancel for cancel in asked if cancel.intent == intent and not cancel.open), None)

    seat.until(found)
    cancel = found()
    assert cancel is not None
    return cancel
