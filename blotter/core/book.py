"""The order book: the only mutable picture of the orders, true to what the broker said and when.

An id that replaced another takes over its row. Absence from a list proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from blotter.core.cancel import CancelAnswered, CancelSent
from blotter.core.instant import Instant
from blotter.core.lifecycle import Doubted, Event, RequestRefused, Unconfirmed, born, reduce, succeeded
from blotter.core.order import OrderKey
from blotter.core.report import Report, Source
from blotter.core.row import Change, Row
from blotter.core.status import FINISHED, OrdStatus
from blotter.core.tags import Tags

Changes = tuple[Change, ...]

_PENDING_REQUEST = frozenset({OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE})
_ENDED_ITSELF = frozenset({OrdStatus.FILLED, OrdStatus.EXPIRED, OrdStatus.REJECTED})


class Book:
    """All orders of all accounts. Belongs to one thread; what it hands out is frozen."""

    def __init__(self) -> None:
        self._rows: dict[OrderKey, Row] = {}
        self._tags = Tags()
        self._successors: dict[OrderKey, OrderKey] = {}
        self._early: dict[OrderKey, list[RequestRefused]] = {}
        self._listed: set[str] = set()
        self._stale: dict[str, Instant] = {}

    def row(self, key: OrderKey) -> Row | None:
        """The row of exactly this order; ``None`` for one never heard of and for one that was replaced."""
        return self._rows.get(key)

    def rows(self) -> Iterable[Row]:
        """All rows, in the order in which they were first heard of."""
        return tuple(self._rows.values())

    def current(self, key: OrderKey) -> OrderKey:
        """The key under which an order stands now, after any replaces."""
        seen = {key}
        while (following := self._successors.get(key)) is not None and following not in seen:
            key = following
            seen.add(key)
        return key

    def apply(self, report: Report) -> Changes:
        """Take in one report, from anywhere, at any time, any number of times."""
        orig = report.fields.get("orig_cl_ord_id", "")
        original = OrderKey(report.account, orig)
        if not orig or original == report.key:
            return self._take(report)
        if report.key not in self._rows and report.exec_type != OrdStatus.REPLACED:
            status = report.fields.get("ord_status", "")
            if status == OrdStatus.REJECTED and not report.fields.get("ord_id"):
                return self._refuse(original, report)
            if status in _PENDING_REQUEST and self._is_request(original, report):
                return self._pending(self.current(original), report)
        return self._succeed(original, report)

    def replace(self, account: str, reports: Iterable[Report], requested: Instant, received: Instant) -> Changes:
        """Take in a complete list of an account's orders, read between ``requested`` and ``received``.

        An unfinished order that the list lacks is marked ``needs_read``: nothing is concluded from its absence.
        """
        listed = tuple(reports)
        changes = [change for report in listed for change in self.apply(report)]
        named = {report.key for report in listed}
        for row in self.rows():
            if row.key.account == account and row.key not in named and row.reported.mono <= requested.mono:
                changes += self._reduce(row.key, Doubted(received))
        self._listed.add(account)
        return tuple(changes)

    def sent(self, event: CancelSent) -> Changes:
        """A cancel left for the broker."""
        return self._reduce(self.current(event.key), event)

    def answered(self, event: CancelAnswered) -> Changes:
        """An attempt to cancel came to something, or to nothing."""
        return self._reduce(self.current(event.key), event)

    def unconfirmed(self, key: OrderKey, at: Instant) -> Changes:
        """The hold-off is over, and reads still show the order working."""
        return self._reduce(self.current(key), Unconfirmed(at))

    def stale(self, account: str, since: Instant) -> Changes:
        """Nothing keeps this account's orders true since then."""
        self._stale.setdefault(account, since)
        changes: list[Change] = []
        for row in self.rows():
            if row.key.account == account and row.stale_since is None:
                changes += self._put(row, replace(reduce(row, Doubted(since)), stale_since=since))
        return tuple(changes)

    def fresh(self, account: str) -> Changes:
        """The account's orders are kept true again."""
        self._stale.pop(account, None)
        changes: list[Change] = []
        for row in self.rows():
            if row.key.account == account and row.stale_since is not None:
                changes += self._put(row, replace(row, stale_since=None))
        return tuple(changes)

    def _reduce(self, key: OrderKey, event: Event) -> Changes:
        row = self._rows.get(key)
        return () if row is None else self._put(row, reduce(row, event))

    def _put(self, before: Row | None, after: Row) -> Changes:
        self._rows[after.key] = after
        if before is not None and (after == before or after == replace(before, reported=after.reported)):
            return ()
        return (Change(before, after),)

    def _take(self, report: Report) -> Changes:
        if self.current(report.key) != report.key:
            return ()
        row = self._rows.get(report.key)
        if row is not None:
            return self._put(row, reduce(row, report))
        return self._add(report, self._tags.next())

    def _add(self, report: Report, tag: str) -> Changes:
        row = born(report, tag)
        early = report.account not in self._listed and report.source != Source.STREAM
        row = replace(
            row,
            finished_before=row.order.ord_status in FINISHED and (early or report.source == Source.HISTORY),
            stale_since=self._stale.get(report.account),
        )
        for refusal in self._early.pop(row.key, ()):
            row = reduce(row, refusal)
        return self._put(None, row)

    def _refuse(self, original: OrderKey, report: Report) -> Changes:
        event = RequestRefused(original, report.cl_ord_id, report.received, report.fields.get("text", ""))
        current = self.current(original)
        if current in self._rows:
            return self._reduce(current, event)
        waiting = self._early.setdefault(original, [])
        if all(other.request_id != event.request_id for other in waiting):
            waiting.append(event)
        return ()

    def _is_request(self, original: OrderKey, report: Report) -> bool:
        """Whether ``report`` is of a request about a known order, rather than of the order that replaced it."""
        row = self._rows.get(self.current(original))
        if row is None or row.order.ord_status == OrdStatus.REPLACED:
            return False
        return report.fields.get("ord_id", "") in ("", row.order.ord_id)

    def _pending(self, current: OrderKey, report: Report) -> Changes:
        about = {name: value for name, value in report.fields.items() if name in ("ord_status", "updated_at")}
        return self._reduce(
            current,
            replace(report, cl_ord_id=current.cl_ord_id, fields=about, request_id=report.cl_ord_id),  # type: ignore[arg-type]
        )

    def _succeed(self, original: OrderKey, report: Report) -> Changes:
        """``report`` is of the order that replaced ``original``: it takes over that row and its tag."""
        if self.current(report.key) != report.key:
            return ()
        former = self._rows.get(original)
        lives_on = report.exec_type == OrdStatus.REPLACED
        if former is not None and former.order.ord_status in _ENDED_ITSELF and not lives_on:
            return self._take(report)
        self._successors[original] = report.key
        if former is None:
            return self._take(report)
        del self._rows[original]
        self._rows[report.key] = after = succeeded(former, self._rows.get(report.key), report)
        return (Change(former, after),)
