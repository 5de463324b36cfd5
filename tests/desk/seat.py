"""A trader's seat without a screen: what the desk told, and a key that says yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from blotter.broker.auth import Token
from blotter.core.asking.mass import MassProgress, Result
from blotter.core.book.cancel import CancelRequest, CancelState
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.journal.disk import File, Tape
from blotter.desk.journal.ledger import paths, read_run
from blotter.desk.messages import DeskFailed, LinkPhase, LinkState, LoginState
from blotter.desk.settings import DeskSettings, Patience
from tests.desk.desk_broker import TOKEN, DeskBroker
from tests.desk.values import request, until

QUICK = Patience(
    reads=(0.02, 0.02, 0.03),
    slow=0.05,
    gather=0.0,
    # Brokers that follow a script often take a cancel and go on listing the order as before.
    pending=(0.3, 0.3, 3.0),
    long_pending=0.25,
    neighbours=0.05,
    first_retry=0.02,
    last_retry=0.05,
)


class Seat:
    """Polls the desk as a screen would, and keeps the newest of everything."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder
        self.rows: dict[OrderKey, Row] = {}
        self.links: dict[str, LinkState] = {}
        self.notices: list[Notice] = []
        self.failed: DeskFailed | None = None
        self.mass: dict[str, MassProgress] = {}
        self.results: dict[OrderKey, Result] = {}
        self.journal = ""
        self.no_accounts = ""
        self.login = LoginState()
        self.unlisted: tuple[Row, ...] = ()
        self.waits: dict[OrderKey, Instant | None] = {}

    def now(self) -> Instant:
        return SystemClock().now()

    def look(self) -> None:
        batch = self.desk.take()
        self.rows |= {row.key: row for row in batch.rows}
        self.links |= {link.account.id: link for link in batch.links}
        self.notices += batch.notices
        self.failed = batch.failed
        self.waits |= {wait.key: wait.until for wait in batch.waits}
        for progress in batch.mass:
            self.mass[progress.name] = progress
            self.results |= progress.results
        self.journal = batch.journal.trouble if batch.journal else self.journal
        self.no_accounts = batch.no_accounts.then if batch.no_accounts else self.no_accounts
        self.login = batch.login or self.login
        self.unlisted = self.unlisted if batch.unlisted is None else batch.unlisted

    def until(self, condition: Any, seconds: float = 5.0) -> None:
        def holds() -> bool:
            self.look()
            return bool(condition())

        try:
            until(holds, seconds)
        except AssertionError:
            raise AssertionError(f"notices: {self.texts}; rows: {self.states}; journal: {self.kinds()}") from None

    def live(self, count: int = 1, seconds: float = 5.0) -> None:
        """Wait until the orders are there and the stream stands."""
        self.until(
            lambda: len(self.rows) >= count and all(link.phase is LinkPhase.OK for link in self.links.values()), seconds
        )

    def row(self, name: str = "ORD-1", account: str = "ACC-1") -> Row:
        self.look()
        return self.rows[OrderKey(account, name)]

    def yes(self, name: str = "ORD-1", **changes: Any) -> bool:
        """Confirm the cancel of an order as it is displayed."""
        row = self.row(name)
        asked: CancelRequest = request(replace(row.order, **changes), row.tag)
        return self.desk.cancel(asked)

    def yes_by_tag(self, reason: str, name: str = "ORD-1", *, unaudited: str = "") -> bool:
        """Confirm by typing the tag, in spite of ``reason``, and of a journal that cannot be written."""
        row = self.row(name)
        return self.desk.cancel(replace(request(row.order, row.tag), override=reason, unaudited=unaudited))

    def becomes(self, state: CancelState, name: str = "ORD-1") -> Row:
        self.until(lambda: self.row(name).cancel is state)
        return self.row(name)

    def told(self, part: str) -> Notice:
        self.until(lambda: any(part in notice.text for notice in self.notices))
        return next(notice for notice in self.notices if part in notice.text)

    @property
    def texts(self) -> list[str]:
        return [notice.text for notice in self.notices]

    @property
    def alerts(self) -> list[str]:
        return [notice.text for notice in self.notices if notice.severity is Severity.ALERT]

    @property
    def states(self) -> list[tuple[str, str, str]]:
        return [(row.key.cl_ord_id, row.order.ord_status, row.cancel.value) for row in self.rows.values()]

    def records(self, kind: str = "") -> list[dict[str, Any]]:
        """What is in the journal by now, its chain verified."""
        found = []
        for path in paths(self.folder):
            run = read_run(path)
            assert run.bad is None, run.bad
            found += [dict(entry.said) for entry in run.records]
        return [record for record in found if kind in ("", record["kind"])]

    def kinds(self) -> list[str]:
        return [record["kind"] for record in self.records()]

    def outcome(self) -> dict[str, Any]:
        self.until(lambda: self.records("outcome"))
        return self.records("outcome")[-1]


@contextmanager
def seated(
    broker: DeskBroker, folder: Path, *, open_tape: Callable[[Path], Tape] = File, **changes: Any
) -> Iterator[Seat]:
    """A desk on ``broker``, as quick as tests are."""
    settings = DeskSettings(
        base_url=broker.server.url,
        stream_url=broker.feed.stream_url,
        token=Token(TOKEN),
        state_dir=folder,
        timeout=2.0,
        patience=QUICK,
    )
    with Desk(replace(settings, **changes), SystemClock(), open_tape=open_tape) as desk:
        yield Seat(desk, folder)
