"""A desk without a thread, a network or a broker: tests post what it would say and read what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from blotter.core.account import Account
from blotter.core.asking.mass import MassCancel, MassProgress
from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.desk.messages import Batch, DeskFailed, JournalState, LinkPhase, LinkState, LoginState, NoAccounts, Wait

START = datetime(2026, 11, 20, 14, 2, 11, tzinfo=UTC)


class HandClock:
    """Both clocks, moved by hand."""

    def __init__(self) -> None:
        self._mono = 1000.0

    def now(self) -> Instant:
        return Instant(START + timedelta(seconds=self._mono - 1000.0), self._mono)

    def advance(self, seconds: float) -> None:
        self._mono += seconds

    def ago(self, seconds: float) -> Instant:
        now = self.now()
        return Instant(now.utc - timedelta(seconds=seconds), now.mono - seconds)


class FakeDesk:
    """Implements ``DeskLink``. What is posted before the screen subscribes waits until it takes it."""

    def __init__(self) -> None:
        self.cancels: list[CancelRequest] = []
        self.masses: list[MassCancel] = []
        self.stopped: list[str] = []
        self.exported: list[tuple[str, str]] = []
        self.withheld: list[OrderKey] = []
        self.acknowledged: list[tuple[str, ...]] = []
        self.relists = 0
        self.alive = True
        self.taken = 0
        self._wake: Callable[[], None] | None = None
        self._awake = False
        self._batch = Batch()

    def subscribe(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def take(self) -> Batch:
        self.taken += 1
        self._awake = False
        batch, self._batch = self._batch, Batch()
        return batch

    def cancel(self, request: CancelRequest) -> bool:
        if self.alive:
            self.cancels.append(request)
        return self.alive

    def cancel_many(self, mass: MassCancel) -> bool:
        if self.alive:
            self.masses.append(mass)
        return self.alive

    def stop_many(self, name: str) -> bool:
        self.stopped.append(name)
        return self.alive

    def export(self, name: str, text: str) -> bool:
        self.exported.append((name, text))
        return self.alive

    def withhold(self, key: OrderKey) -> bool:
        self.withheld.append(key)
        return self.alive

    def acknowledge(self, intents: tuple[str, ...]) -> bool:
        self.acknowledged.append(intents)
        return self.alive

    def relist(self) -> bool:
        self.relists += self.alive
        return self.alive

    def post(
        self,
        *rows: Row,
        links: Iterable[LinkState] = (),
        notices: Iterable[Notice] = (),
        failed: DeskFailed | None = None,
        journal: JournalState | None = None,
        waits: Iterable[Wait] = (),
        mass: Iterable[MassProgress] = (),
        no_accounts: NoAccounts | None = None,
        login: LoginState | None = None,
        unlisted: tuple[Row, ...] | None = None,
    ) -> None:
        """Say something; the newest of each order and each account wins, as in the desk's own mailbox."""
        newest = {row.key: row for row in (*self._batch.rows, *rows)}
        phases = {link.account.id: link for link in (*self._batch.links, *links)}
        said = (*self._batch.notices, *notices)
        waiting = {wait.key: wait for wait in (*self._batch.waits, *waits)}
        self._batch = Batch(
            tuple(newest.values()),
            tuple(phases.values()),
            said,
            failed or self._batch.failed,
            journal or self._batch.journal,
            tuple(waiting.values()),
            (*self._batch.mass, *mass),
            no_accounts or self._batch.no_accounts,
            login or self._batch.login,
            self._batch.unlisted if unlisted is None else unlisted,
        )
        if self._wake is not None and not self._awake:
            self._awake = True
            self._wake()


def ok(account: Account, now: Instant, listed: float | None = 12.0) -> LinkState:
    """A link in good order: heard two seconds ago, listed ``listed`` seconds ago."""
    earlier = [Instant(now.utc - timedelta(seconds=s), now.mono - s) for s in (2.0, listed or 0.0)]
    return LinkState(
        account, LinkPhase.OK, earlier[0], heard=earlier[0], listed=earlier[1] if listed is not None else None
    )
