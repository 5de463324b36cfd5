"""What the screen knows beside the orders: the links, whose money it is, what it may do, whether the desk lives."""

from __future__ import annotations

from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.core.row import Row
from blotter.desk.messages import Batch, DeskFailed, LinkState
from blotter.ui.commands import Situation
from blotter.ui.headline import Facts
from blotter.ui.view import View


class Known:
    """Everything that the header, the footer and the refusals of keys are made from."""

    def __init__(self, *, practice: bool, read_only: bool) -> None:
        self.failed: DeskFailed | None = None
        self.journal = ""
        """Why no cancel can be put on record; empty while each can."""
        self.waits: dict[OrderKey, Instant] = {}
        """Cancels that are sent once more at that time, as the broker asked."""
        self._practice = practice
        self._read_only = read_only
        self._links: dict[str, LinkState] = {}

    @property
    def accounts(self) -> int:
        return len(self._links)

    def hear(self, batch: Batch) -> None:
        """The newest state of all but the orders; accounts stand in the order in which they were first heard of."""
        self._links.update({link.account.id: link for link in batch.links})
        if batch.journal is not None:
            self.journal = batch.journal.trouble
        for wait in batch.waits:
            self.waits.pop(wait.key, None)
            if wait.until is not None:
                self.waits[wait.key] = wait.until

    def wait(self, row: Row | None) -> Instant | None:
        """When this order's cancel is sent once more, if it waits for that."""
        return self.waits.get(row.key) if row is not None else None

    def kind(self, row: Row) -> str:
        """LIVE or PRACTICE; an account that nobody vouches for counts as live."""
        if self._practice:
            return "PRACTICE"
        link = self._links.get(row.order.account)
        return link.account.kind if link is not None else "LIVE"

    def situation(self, now: Instant, view: View) -> Situation:
        failed = self.failed.reason if self.failed else ""
        waits = self.wait(view.current) is not None
        return Situation(now, view.current, read_only=self._read_only, failed=failed, waits=waits)

    def facts(self, now: Instant, view: View, unread: int) -> Facts:
        return Facts(
            now,
            view.counts,
            tuple(self._links.values()),
            practice=self._practice,
            read_only=self._read_only,
            unread=unread,
            filter=view.filter,
            finished_shown=view.finished_shown,
            failed=self.failed is not None,
        )
