"""What the desk has to tell the screen, until the screen takes it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

from blotter.core.asking.mass import MassProgress
from blotter.core.book.row import Row
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.messages import Batch, DeskFailed, JournalState, LinkState, LoginState, NoAccounts, Wait

MOST_NOTICES = 5_000


class Mailbox:
    """Locked, and keyed: however long the screen stands still, each order and each account is kept once, newest.
    Rows keep the order in which they first changed, so that an order is told before the one that replaced it.

    Notices are kept in their order, up to ``MOST_NOTICES``; beyond it the oldest that is no alert goes. One wake-up is
    outstanding at a time: a screen that does not draw is not called again. The screen is called outside the
    lock, and one that is gone (its loop closed) is not called any more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[OrderKey, Row] = {}
        self._links: dict[str, LinkState] = {}
        self._notices: deque[Notice] = deque()
        self._failed: DeskFailed | None = None
        self._journal: JournalState | None = None
        self._no_accounts: NoAccounts | None = None
        self._login: LoginState | None = None
        self._unlisted: tuple[Row, ...] | None = None
        self._waits: dict[OrderKey, Wait] = {}
        self._mass: dict[str, MassProgress] = {}
        self._wake: Callable[[], None] | None = None
        self._called = False

    def subscribe(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when there is something to take; at once if there already is."""
        with self._lock:
            self._wake, self._called = wake, False
            keyed = self._rows or self._links or self._waits or self._mass
            single = self._failed or self._journal or self._no_accounts or self._login or self._unlisted
            waiting = bool(keyed or self._notices or single)
        if waiting:
            self._ring()

    def rows(self, rows: Iterable[Row]) -> None:
        with self._lock:
            self._rows.update((row.key, row) for row in rows)
            if not self._rows:
                return
        self._ring()

    def link(self, state: LinkState) -> None:
        with self._lock:
            self._links[state.account.id] = state
        self._ring()

    def notice(self, notice: Notice) -> None:
        with self._lock:
            self._notices.append(notice)
            if len(self._notices) > MOST_NOTICES:
                self._forget_one()
        self._ring()

    def journal(self, state: JournalState) -> None:
        with self._lock:
            self._journal = state
        self._ring()

    def no_accounts(self, state: NoAccounts) -> None:
        with self._lock:
            self._no_accounts = state
        self._ring()

    def login(self, state: LoginState) -> None:
        with self._lock:
            self._login = state
        self._ring()

    def unlisted(self, rows: tuple[Row, ...]) -> None:
        with self._lock:
            self._unlisted = rows
        self._ring()

    def wait(self, wait: Wait) -> None:
        with self._lock:
            self._waits[wait.key] = wait
        self._ring()

    def mass(self, progress: MassProgress) -> None:
        """How far a mass cancel is; what was told of single orders and not taken yet is kept."""
        with self._lock:
            if before := self._mass.get(progress.name):
                progress = replace(progress, results={**before.results, **progress.results})
            self._mass[progress.name] = progress
        self._ring()

    def fail(self, failed: DeskFailed) -> None:
        with self._lock:
            self._failed = failed
        self._ring()

    def take(self) -> Batch:
        """Everything since the last call. A failure is final, so it is told again with every batch."""
        with self._lock:
            rows, links, notices = tuple(self._rows.values()), tuple(self._links.values()), tuple(self._notices)
            waits, mass = tuple(self._waits.values()), tuple(self._mass.values())
            batch = Batch(
                rows,
                links,
                notices,
                self._failed,
                self._journal,
                waits,
                mass,
                self._no_accounts,
                self._login,
                self._unlisted,
            )
            self._journal = self._no_accounts = self._login = self._unlisted = None
            self._waits.clear()
            self._mass.clear()
            self._rows.clear()
            self._links.clear()
            self._notices.clear()
            self._called = False
        return batch

    def _forget_one(self) -> None:
        for index, notice in enumerate(self._notices):
            if notice.severity is not Severity.ALERT:
                del self._notices[index]
                return
        self._notices.popleft()

    def _ring(self) -> None:
        with self._lock:
            if self._called or self._wake is None:
                return
            wake, self._called = self._wake, True
        try:
            wake()
        except RuntimeError:
            with self._lock:
                if self._wake is wake:
                    self._wake = None
