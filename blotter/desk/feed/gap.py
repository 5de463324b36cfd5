"""A while without a stream, and what the lists showed to have happened in it."""

from __future__ import annotations

from collections.abc import Iterable

from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.teller import spoken


class Gap:
    """From the last word of one stream to the first account that the next one carries.

    One notice tells of it, however many accounts there are, when all are in step again. Those whose list cannot be
    read, or not soon, do not hold it up.
    """

    def __init__(self, since: Instant, reason: str) -> None:
        self.since = since
        self._reason = reason
        self._end: Instant | None = None
        self._waiting: set[str] = set()
        self._changed = Differences()
        self._unread: list[str] = []
        self.read_any = False
        """Whether there is anything to tell: some account was read."""

    def wait_for(self, accounts: Iterable[str]) -> None:
        """There is no stream, and under the next one these accounts have to be read."""
        self._end = None
        self._waiting = set(accounts)
        self._unread.clear()
        self.read_any = False

    def ended(self, now: Instant) -> None:
        """There is a stream again."""
        self._end = self._end or now

    @property
    def over(self) -> bool:
        """Whether nothing is waited for any more."""
        return not self._waiting

    def late(self, now: Instant, patience: float) -> tuple[str, ...]:
        """The accounts still waited for, where there has been something to tell without them for long enough."""
        due = self._end is not None and now.since(self._end) >= patience
        return tuple(sorted(self._waiting)) if due and self.read_any else ()

    def in_step(self, account: str, missed: Differences) -> bool:
        """``account`` was read; ``False`` when the gap did not wait for it."""
        if account not in self._waiting:
            return False
        self._waiting.remove(account)
        self._changed.merge(missed)
        self.read_any = True
        return True

    def leave_out(self, account: str) -> None:
        """The stream does not carry ``account``, so it will not come in step."""
        self._waiting.discard(account)

    def unread(self, account: str, name: str = "") -> None:
        """``account``, which the trader calls ``name``, cannot be read now."""
        if account in self._waiting:
            self._waiting.remove(account)
            self._unread.append(name or account)

    def notice(self, now: Instant) -> Notice:
        """How long, why, and what changed."""
        end = self._end or now
        span = " to ".join(moment.utc.strftime("%H:%M:%SZ") for moment in (self.since, end))
        seconds = end.since(self.since)
        unread = f", {', '.join(self._unread)} not read yet" if self._unread else ""
        # What changed comes before all that a line of 80 columns has no room for.
        text = (
            f"no stream for {spoken(seconds)}{unread}, {self._changed.changed}; list re-read, {span} ({self._reason})"
        )
        severity = Severity.WARN if unread and not len(self._changed) else self._changed.severity(seconds)
        return Notice(
            now.utc, severity, text, parts=self._changed.parts(now.utc, f"after {spoken(seconds)} of no stream")
        )
