"""What the screen knows beside the orders: the links, whose money it is, what it may do, whether the desk lives."""

from __future__ import annotations

from dataclasses import replace

from blotter.core.account import Account, Accounts
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.desk.messages import Batch, DeskFailed, LinkState, LoginState
from blotter.ui.header.headline import Facts
from blotter.ui.situation import Situation
from blotter.ui.table.view import View

STARTED = LoginState("READ-ONLY", "this blotter was started without the right to cancel")


class Known:
    """Everything that the header, the footer and the refusals of keys are made from."""

    def __init__(self, *, practice: bool, read_only: bool) -> None:
        self.failed: DeskFailed | None = None
        self.journal = ""
        """Why no cancel can be put on record; empty while each can."""
        self.no_accounts = ""
        """What happens next while the broker was asked and no account is known."""
        self.waits: dict[OrderKey, Instant] = {}
        """Cancels that are sent once more at that time, as the broker asked."""
        self.unlisted: tuple[Row, ...] = ()
        """Orders of open cancels of earlier runs that no list has brought."""
        self._practice = practice
        self._started = STARTED if read_only else None
        self._login = LoginState()
        self._links: dict[str, LinkState] = {}
        self.accounts = Accounts()

    @property
    def links(self) -> tuple[LinkState, ...]:
        return tuple(self._links.values())

    @property
    def login(self) -> LoginState:
        """Why nothing may be sent at all: as the user wished it, or as the login has it."""
        return self._started or self._login

    def hear(self, batch: Batch) -> bool:
        """The newest state of all but the orders; accounts stand in the order in which they were first heard of.

        ``True``: the desk has just found out that time went on without it, and nothing that was read is sure.
        """
        before = {name for name, link in self._links.items() if link.stood_still}
        for link in batch.links:
            account = replace(link.account, is_sim=True) if self._practice else link.account
            self._links[account.id] = replace(link, account=account)
        if batch.links:
            self.accounts = Accounts(tuple(link.account for link in self._links.values()))
        if batch.journal is not None:
            self.journal = batch.journal.trouble
        if batch.login is not None:
            self._login = batch.login
        if batch.unlisted is not None:
            self.unlisted = batch.unlisted
        if batch.no_accounts is not None:
            self.no_accounts = batch.no_accounts.then
        for wait in batch.waits:
            self.waits.pop(wait.key, None)
            if wait.until is not None:
                self.waits[wait.key] = wait.until
        return any(link.stood_still and name not in before for name, link in self._links.items())

    def wait(self, row: Row | None) -> Instant | None:
        """When this order's cancel is sent once more, if it waits for that."""
        return self.waits.get(row.key) if row is not None else None

    def kind(self, row: Row) -> str:
        """LIVE or PRACTICE; an account that nobody vouches for counts as live."""
        return self.account(row).kind

    def account(self, row: Row) -> Account:
        """The account of this order."""
        account = self.accounts.of(row.order.account)
        return replace(account, is_sim=True) if self._practice else account

    def barred(self, row: Row | None, now: Instant) -> str:
        """Why nothing may be sent for this order's account now; empty when something may."""
        link = self._links.get(row.order.account) if row is not None else None
        return (link.why_not_cancel(now) or "") if link is not None else ""

    @property
    def sends_nothing(self) -> str:
        """Why nothing may be sent for anybody, as the user or the login has it; empty while something may."""
        return f"{self.login.word.lower()}: {self.login.why_not}" if self.login.why_not else ""

    def situation(self, now: Instant, view: View) -> Situation:
        failed = self.failed.reason if self.failed else ""
        row = view.current
        waits, barred = self.wait(row) is not None, self.barred(row, now)
        return Situation(
            now, row, read_only=self.sends_nothing, failed=failed, waits=waits, barred=barred, marked=len(view.marks)
        )

    def facts(self, now: Instant, view: View, unread: int) -> Facts:
        return Facts(
            now,
            view.counts,
            self.links,
            practice=self._practice,
            read_only=self.login.word,
            unread=unread,
            filter=view.filter,
            finished_shown=view.finished_shown,
            failed=self.failed is not None,
            no_accounts=self.no_accounts,
        )
