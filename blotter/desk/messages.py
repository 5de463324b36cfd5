"""The frozen values that cross between the desk's thread and the screen's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from blotter.core.account import Account
from blotter.core.asking.mass import MassCancel, MassProgress
from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.core.text import show

RETRY = "r tries again now"


class LinkPhase(StrEnum):
    """How the picture of one account is being kept true."""

    CONNECTING = "CONNECTING"
    OK = "OK"
    STALE = "STALE"
    RECONNECTING = "RECONNECTING"
    POLLING = "POLLING"
    OFFLINE = "OFFLINE"


@dataclass(frozen=True, slots=True)
class LinkState:
    """One account's link: ``heard`` is the stream's last message, ``listed`` the last full list.

    Ages are drawn by the screen from these stamps, so that even a silent death of the desk shows.

    ``trouble`` says in two or three words what is in the way of a true picture, as long as something is.
    ``unreachable`` is since when no request can be expected to reach the broker, for want of a link or of a login, as
    ``barrier`` says. ``stood_still`` is when time went on without the program: set until the list was read again, or
    refused for good, for until then nothing is known of what happened meanwhile.
    ``unknown`` are fields of the last list that this version does not know, raw, and how often each was met; the name
    of all that have no room for theirs is empty.
    """

    account: Account
    phase: LinkPhase
    since: Instant
    attempt: int = 0
    heard: Instant | None = None
    listed: Instant | None = None
    trouble: str = ""
    unreachable: Instant | None = None
    stood_still: Instant | None = None
    unknown: tuple[tuple[str, int], ...] = ()
    barrier: str = "no link"

    def why_not_cancel(self, now: Instant) -> str | None:
        """Why no cancel may leave for this account now, whatever its orders are like; ``None`` when one may.

        A broken stream is no reason: while the broker answers requests, an order can be taken off the market.
        """
        if self.account.view_only:
            return f"account {show(self.account.name)} is view-only"
        reason = self.out_of_reach(now)
        return f"{reason}; {RETRY}" if reason else None

    def out_of_reach(self, now: Instant) -> str:
        """What is in a cancel's way beside the account's own restrictions, and since when; empty where nothing is."""
        if self.stood_still is not None:
            return f"stood still, nothing read since ({int(now.since(self.stood_still))} s)"
        if self.unreachable is not None:
            return f"{self.barrier} since {max(1, int(now.since(self.unreachable)))} s"
        return ""


@dataclass(frozen=True, slots=True)
class DeskFailed:
    """The desk died of ``reason``: nothing on the screen is kept true any more and nothing can be sent."""

    reason: str
    at: Instant


@dataclass(frozen=True, slots=True)
class JournalState:
    """``trouble`` is the sentence that says why no cancel can be put on record; empty while each can."""

    trouble: str = ""


@dataclass(frozen=True, slots=True)
class LoginState:
    """What the login permits: ``word`` for a header, and why nothing may be sent and what to do; both are empty while
    cancels may be sent.
    """

    word: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class NoAccounts:
    """The broker was asked and no account is known yet: ``then`` says what happens next."""

    then: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The broker asked to wait: this order's cancel is sent once more at ``until``; ``None`` ends the wait."""

    key: OrderKey
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Batch:
    """All that changed since the last one, each order and each account at most once (the newest wins).

    ``unlisted`` are orders that no list has brought and whose cancels of earlier runs are open: as they were displayed
    then, without a tag. ``journal``, ``no_accounts``, ``login`` and it are ``None`` while nothing new is known of them.
    """

    rows: tuple[Row, ...] = ()
    links: tuple[LinkState, ...] = ()
    notices: tuple[Notice, ...] = ()
    failed: DeskFailed | None = None
    journal: JournalState | None = None
    waits: tuple[Wait, ...] = ()
    mass: tuple[MassProgress, ...] = ()
    no_accounts: NoAccounts | None = None
    login: LoginState | None = None
    unlisted: tuple[Row, ...] | None = None


class DeskLink(Protocol):
    """What the screen may ask of the desk. Every call returns at once and is safe from the UI's thread."""

    def subscribe(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` (from the desk's thread) when there is something to take, once until it is taken."""

    def take(self) -> Batch:
        """Everything that changed since the last call."""
        ...

    def cancel(self, request: CancelRequest) -> bool:
        """Hand over a confirmed cancel; ``False`` says that the desk is gone and nothing was sent."""
        ...

    def cancel_many(self, mass: MassCancel) -> bool:
        """Hand over a confirmed mass cancel; ``False`` says that the desk is gone and nothing was sent."""
        ...

    def stop_many(self, name: str) -> bool:
        """Send nothing of a mass cancel that is not on its way yet; ``False`` says that the desk is gone."""
        ...

    def export(self, name: str, text: str) -> bool:
        """Write a file for the trader; where it is, or why not, is told. ``False`` says that the desk is gone."""
        ...

    def withhold(self, key: OrderKey) -> bool:
        """Do not send the cancel that waits at the broker's wish; ``False`` says that the desk is gone."""
        ...

    def acknowledge(self, intents: tuple[str, ...]) -> bool:
        """Put on record that the outcomes of these cancels were seen; ``False`` says that the desk is gone."""
        ...

    def relist(self) -> bool:
        """Read every list anew and retry a broken link at once; ``False`` says that the desk is gone."""
        ...
