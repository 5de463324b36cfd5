"""What the screen knows beside the orders: the links, whose money it is, what it may do, whether the desk lives."""

from __future__ import annotations

from collections.abc import Iterable

from blotter.core.instant import Instant
from blotter.core.row import Row
from blotter.desk.messages import DeskFailed, LinkState
from blotter.ui.commands import Situation
from blotter.ui.headline import Facts
from blotter.ui.view import View


class Known:
    """Everything that the header, the footer and the refusals of keys are made from."""

    def __init__(self, *, practice: bool, read_only: bool) -> None:
        self.failed: DeskFailed | None = None
        self._practice = practice
        self._read_only = read_only
        self._links: dict[str, LinkState] = {}

    @property
    def accounts(self) -> int:
        return len(self._links)

    def hear(self, links: Iterable[LinkState]) -> None:
        """The newest state of these links; accounts stand in the order in which they were first heard of."""
        self._links.update({link.account.id: link for link in links})

    def kind(self, row: Row) -> str:
        """LIVE or PRACTICE; an account that nobody vouches for counts as live."""
        if self._practice:
            return "PRACTICE"
        link = self._links.get(row.order.account)
        return link.account.kind if link is not None else "LIVE"

    def situation(self, now: Instant, view: View) -> Situation:
        failed = self.failed.reason if self.failed else ""
        return Situation(now, view.current, read_only=self._read_only, failed=failed)

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
