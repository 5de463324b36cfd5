"""One account's link: what vouches for its picture, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Callable

from blotter.broker.errors import BrokerError, Forbidden, NotFound, RateLimited
from blotter.core.account import Account
from blotter.core.instant import Instant
from blotter.desk.feed.brief import brief
from blotter.desk.feed.freshness import FRESH, Evidence, phase
from blotter.desk.feed.marker import Marker
from blotter.desk.feed.reach import LastWord, Reach
from blotter.desk.messages import LinkPhase, LinkState


class Link:
    """Gathers the evidence, says the state where it changed, and has the rows marked.

    ``limit`` is the age in seconds beyond which nothing counts as current; ``attempt`` the number of the next stream, 0
    while none is to be opened.
    """

    def __init__(
        self,
        account: Account,
        now: Instant,
        limit: float,
        marker: Marker,
        say: Callable[[LinkState], None],
        word: LastWord,
    ) -> None:
        self.attempt = 0
        self.state = LinkState(account, LinkPhase.CONNECTING, now)
        self.was_in_step = False
        self._account = account
        self._limit = limit
        self._marker = marker
        self._say = say
        self._known = Evidence()
        self._no_stream = ""
        self._no_list = ""
        self._unknown: tuple[tuple[str, int], ...] = ()
        self._reach = Reach(word, limit)
        self._stood_still: tuple[Instant, Instant] | None = None
        """The last moment before time went on without us, and the first one after."""

    @property
    def open(self) -> bool:
        """Whether a stream carries this account now."""
        return self._known.open

    @property
    def synced(self) -> bool:
        """Whether the whole list was read under that stream."""
        return self._known.synced

    @property
    def listed(self) -> bool:
        """Whether there ever was a list."""
        return self._known.listed is not None

    def announce(self) -> None:
        """Say the state for the first time. Until the list was read, nothing vouches for any order of the account."""
        self._marker.mark(self.state.since)
        self._say(self.state)

    def opened(self, now: Instant) -> None:
        """A stream carries this account."""
        self._known.open = True
        self._known.synced = False
        self._known.stream_failed = False
        self._no_stream = ""
        self.heard(now)
        self.refresh(now)

    def heard(self, now: Instant) -> bool:
        """The stream said something, whatever it was. ``True``: that ended a silence, and the list should be read."""
        self._known.heard = now
        silent = self.state.phase is LinkPhase.STALE
        if silent:
            self.refresh(now)
        return silent and self.state.phase in FRESH

    def lost(self, now: Instant, *, void: bool = False) -> None:
        """The stream is gone. ``void`` says that lists read before ``now`` vouch for nothing either."""
        self._known.open = False
        self._known.synced = False
        if void or self._known.lost is None:
            self._known.lost = now
        self.refresh(now)

    def no_stream(self, now: Instant, error: BrokerError | None = None) -> None:
        """A stream could not be had; ``error`` where that was the broker's word."""
        self._known.stream_failed = True
        self._no_stream = brief(error) if error is not None else ""
        self.refresh(now)

    def stood_still(self, since: Instant, now: Instant) -> None:
        """Time went on without us: until the list is read again, no cancel goes out on what is shown."""
        self._stood_still = (self._stood_still[0] if self._stood_still else since, now)

    def read(
        self, requested: Instant, received: Instant, unknown: tuple[tuple[str, int], ...] = (), trouble: str = ""
    ) -> None:
        """The list came, with these fields that this version does not know; ``trouble`` is what is wrong with it."""
        self._known.listed = received
        self._unknown = unknown
        self._known.list_failed = False
        self._no_list = trouble
        self._reach.answered(received)
        if self._stood_still is not None and requested.mono >= self._stood_still[1].mono:
            self._stood_still = None

    def in_step(self) -> Instant | None:
        """The list was read under the stream that is open. Gives since when that was not so, if it ever was."""
        lost, self._known.lost = self._known.lost if self.was_in_step else None, None
        self.was_in_step = True
        self._known.synced = True
        self.attempt = 0
        return lost

    def unread(self, now: Instant, reason: str, error: BrokerError | None = None) -> None:
        """The list could not be had; without an ``error`` it was that what came was no use.

        A list that the broker refuses to show will not be read, so that a standstill cannot be made up for by waiting:
        the rows stay stale and say since when, and whether to cancel on them is the trader's to judge.
        """
        self._known.list_failed = True
        self._no_list = reason
        if isinstance(error, Forbidden | NotFound):
            # Asked for since: what was under way when time jumped was given up.
            self._stood_still = None
        if error is None:
            self._reach.answered(now)
        else:
            self._reach.failed(now, error)
        self.refresh(now)

    def limited(self, now: Instant, error: RateLimited) -> None:
        """The broker wants the list to be read later. What was read before gets older, and is no worse for it."""
        self._no_list = brief(error)
        self._reach.failed(now, error)
        self.refresh(now)

    def refresh(self, now: Instant) -> None:
        """Work out the phase; say it, and mark the rows, where it changed."""
        then, known = self.state, self._known
        new = phase(known, now, self._limit)
        state = LinkState(
            self._account,
            new,
            then.since if new is then.phase else now,
            self.attempt,
            known.heard,
            known.listed,
            self._no_list or self._no_stream,
            self._reach.lost(now),
            self._stood_still[0] if self._stood_still else None,
            self._unknown,
            self._reach.barrier,
        )
        if state == then:
            return
        self.state = state
        if (new in FRESH) is not (then.phase in FRESH):
            self._marker.mark(None if new in FRESH else self._vouched(now))
        self._say(state)

    def _vouched(self, now: Instant) -> Instant:
        """When anything last vouched for what is shown."""
        known = [moment for moment in (self._known.heard, self._known.listed) if moment is not None]
        return max(known, key=lambda moment: moment.mono, default=now)
