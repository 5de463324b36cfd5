"""What is told of one account's feed: each thing once, however often it is met.

A list that fails is polled again every few seconds and a record that cannot be read is in every list: without a
memory the panel would show nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from blotter.broker.errors import BrokerError, Forbidden, NotFound, RateLimited, Unauthorized, sentence
from blotter.broker.wire.orders import Unreadable
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.desk.feed.brief import unanswered
from blotter.desk.feed.differences import Differences

ONE_BY_ONE = 3
"""So many unreadable orders of one list get a line each; more are counted in one."""

MEMORY = 10_000
"""So many unreadable orders are remembered; a broker that sends more garbage than this is not told of again."""


class Teller:
    """Makes the notices of one account. ``outage`` is shared by all: that nothing answers is told once for them all."""

    def __init__(
        self, account: str, clock: Clock, tell: Callable[[Notice], None], outage: set[str] | None = None
    ) -> None:
        self._account = account
        self._outage = set[str]() if outage is None else outage
        self._clock = clock
        self._tell = tell
        self._failures: set[str] = set()
        self._unreadable: set[Unreadable] = set()
        self._refusal = ""
        self._told_cut_short = False
        self._told_limited = False

    def failed(self, error: BrokerError) -> None:
        """The list could not be had: once per outage and kind. What only the trader can mend is an alert."""
        said = sentence(error)
        if unanswered(error):
            if said not in self._outage:
                self._outage.add(said)
                self._tell(Notice(self._clock.now().utc, Severity.WARN, said, error.words))
            return
        if said in self._failures:
            return
        self._failures.add(said)
        severity = Severity.ALERT if isinstance(error, Unauthorized | Forbidden | NotFound) else Severity.WARN
        self._say(severity, said, error.words)

    def too_slow(self, seconds: float) -> None:
        """The list was given up: pages came, but not the last one."""
        said = f"the list of orders was not complete after {seconds:.0f} s; what was read before stands, getting older"
        if said not in self._failures:
            self._failures.add(said)
            self._say(Severity.WARN, said)

    def mostly_unreadable(self, unreadable: Sequence[Unreadable], rows: int) -> None:
        """A list was refused, because what it held was hardly orders."""
        said = f"{len(unreadable)} of {rows} orders in the list could not be read: the list before stays, stale"
        if said not in self._failures:
            self._failures.add(said)
            self._say(Severity.ALERT, f"{said} (first: {_what(unreadable[0])})")

    def answered(self) -> None:
        """A list came: the end of an outage is told if its beginning was."""
        if self._outage:
            self._outage.clear()
            self._tell(Notice(self._clock.now().utc, Severity.INFO, "The lists are read again."))
        if self._failures:
            self._failures.clear()
            self._say(Severity.INFO, "the list of orders is read again")
        self._told_limited = False

    def limited(self, error: RateLimited, wait: float) -> None:
        """The broker asked for fewer requests."""
        if not self._told_limited:
            self._told_limited = True
            self._say(Severity.WARN, f"{sentence(error)} The list is read again in {wait:.0f} s.", error.words)

    def refused(self, error: BrokerError) -> None:
        """The stream does not carry this account: once, though every new stream is asked anew."""
        said = sentence(error)
        if said != self._refusal:
            self._refusal = said
            self._say(Severity.ALERT, said, error.words)

    def carried(self) -> None:
        """The stream carries this account: a later refusal is news."""
        self._refusal = ""

    def cut_short(self, now_so: bool) -> None:
        """Whether the paging of the last list had no proper end."""
        before, self._told_cut_short = self._told_cut_short, now_so
        if now_so and not before:
            self._say(Severity.WARN, "the broker's paging came round again: the list may lack orders")

    def unreadable(self, records: Sequence[Unreadable]) -> None:
        """Records that could not be read: the others live on."""
        fresh = [record for record in dict.fromkeys(records) if record not in self._unreadable]
        fresh = fresh[: MEMORY - len(self._unreadable)]
        self._unreadable.update(fresh)
        if len(fresh) > ONE_BY_ONE:
            self._say(Severity.WARN, f"{len(fresh)} orders could not be read (first: {_what(fresh[0])})")
            return
        for record in fresh:
            self._say(Severity.WARN, f"could not be read: {_what(record)}")

    def disagreed(self, differences: Differences) -> None:
        """A list showed what the stream had not told."""
        text = f"list disagreed with the stream on {differences}"
        self._differ(differences, differences.severity(math.inf), text, "the list, not the stream, told")

    def caught_up(self, seconds: float, missed: Differences) -> None:
        """The account is in step again, later than the others."""
        text = f"in step again after {spoken(seconds)}, {missed.changed}"
        self._differ(missed, missed.severity(seconds), text, f"after {spoken(seconds)} out of step")

    def _differ(self, differences: Differences, severity: Severity, text: str, circumstance: str) -> None:
        """A sentence on one order is that order's; one on many has a part for each."""
        at, text, row = self._clock.now().utc, f"{self._account}: {text}", differences.only_row
        if row is not None:
            self._tell(Notice(at, severity, text, key=row.key, tag=row.tag))
        else:
            self._tell(Notice(at, severity, text, parts=differences.parts(at, circumstance)))

    def _say(self, severity: Severity, text: str, words: str = "") -> None:
        self._tell(Notice(self._clock.now().utc, severity, f"{self._account}: {text}", words))


def spoken(seconds: float) -> str:
    """A duration as one says it: ``0.4 s``, ``42 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _what(record: Unreadable) -> str:
    return f"order {record.cl_ord_id or 'without a legible id'}: {record.reason}"
