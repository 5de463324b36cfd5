"""The order book: the only mutable picture of the orders, true to what the broker said and when.

An id that replaced another takes over its row. Absence from a list proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, cast

from blotter.core.book.answers import RequestRefused
from blotter.core.book.cancel import CancelAnswered, CancelSent
from blotter.core.book.lifecycle import Doubted, Event, Unconfirmed, aged, born, reduce, succeeded
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Change, Row
from blotter.core.book.status import FINISHED, OrdStatus
from blotter.core.book.succession import Succession
from blotter.core.book.tags import Tags
from blotter.core.instant import Instant
from blotter.core.order import OrderFields, OrderKey

Changes = tuple[Change, ...]

_OF_REPLACES = frozenset({OrdStatus.PENDING_NEW, OrdStatus.PENDING_REPLACE})
_NO_HEIRS = _OF_REPLACES | {OrdStatus.REJECTED}
_OF_REQUESTS = _OF_REPLACES | {OrdStatus.PENDING_CANCEL, OrdStatus.CANCELED}
_ENDED_ITSELF = frozenset({OrdStatus.FILLED, OrdStatus.EXPIRED, OrdStatus.REJECTED})


MOST_ROWS = 100_000
"""No trader has so many, and a broker that invents orders must not take all memory. An order costs about 1.2 KB. By the
bounds at the door (``broker.wire.values``) it can have 7,000 characters, and 7,000 more in the requests of others that
were refused (``asks.MOST_STRANGERS``): a broker that does its worst in plain letters takes 1.5 GB.
"""

MOST_EARLY, MOST_OF_ONE = 1_000, 20
"""So many orders that were never heard of are remembered as refused something, and so many refusals of each; beyond
these the oldest order and the newest refusal are forgotten.
"""


class Book:
    """All orders of all accounts. Belongs to one thread; what it hands out is frozen.

    ``overfull`` are the accounts of which an order was not taken in, because there were ``most`` rows already: their
    picture is not whole, and never will be again.
    """

    def __init__(self, most: int = MOST_ROWS) -> None:
        self.overfull: set[str] = set()
        self.most = most
        self._rows: dict[OrderKey, Row] = {}
        self._tags = Tags()
        self._succession = Succession()
        self._early: dict[OrderKey, dict[str, RequestRefused]] = {}
        self._listed: set[str] = set()
        self._stale: dict[str, Instant] = {}

    def row(self, key: OrderKey) -> Row | None:
        """The row of exactly this order; ``None`` for one never heard of and for one that was replaced."""
        return self._rows.get(key)

    def rows(self) -> Iterable[Row]:
        """All rows."""
        return tuple(self._rows.values())

    def current(self, key: OrderKey) -> OrderKey:
        """The key under which an order stands now, after any replaces."""
        return self._succession.current(key)

    def apply(self, report: Report) -> Changes:
        """Take in one report, from anywhere, at any time, any number of times."""
        original = OrderKey(report.account, report.fields.get("orig_cl_ord_id", ""))
        if not original.cl_ord_id:
            return self._take(report)
        if self._is_refusal(original, report):
            return self._refuse(original, report)
        if original == report.key:
            return self._take(report)
        if self._is_request(original, report):
            return self._reduce(self.current(original), self._about(self.current(original), report))
        if self._is_to_come(original, report):
            return self._take(report)
        return self._succeed(original, report)

    def replace(self, account: str, reports: Iterable[Report], requested: Instant, received: Instant) -> Changes:
        """Take in a complete list of an account's orders, read between ``requested`` and ``received``."""
        listed = tuple(reports)
        changes = [change for report in listed for change in self.apply(report)]
        for absent in self.absent(account, {report.cl_ord_id for report in listed}, requested):
            changes += self.doubt(absent, received)
        return tuple(changes)

    def absent(
        self, account: str, named: Collection[str], requested: Instant, slice_of: int = 200
    ) -> Iterator[list[OrderKey]]:
        """The unfinished orders of an account that a complete list, which ``named`` others, would have held.

        In slices of so many orders looked at. Nothing is concluded from their absence: they are to be read again.
        """
        self._listed.add(account)
        return self._absent([key for key in self._rows if key.account == account], named, requested, slice_of)

    def _absent(
        self, keys: Sequence[OrderKey], named: Collection[str], requested: Instant, slice_of: int
    ) -> Iterator[list[OrderKey]]:
        for start in range(0, len(keys), slice_of):
            rows = [(key, row) for key in keys[start : start + slice_of] if (row := self._rows.get(key))]
            yield [
                key
                for key, row in rows
                if key.cl_ord_id not in named
                and row.doubted is None
                and row.order.ord_status not in FINISHED
                and row.reported.mono <= requested.mono
            ]

    def doubt(self, keys: Iterable[OrderKey], at: Instant) -> Changes:
        """These orders are to be read again before they are trusted."""
        return tuple(change for key in keys for change in self._reduce(key, Doubted(at)))

    def sent(self, event: CancelSent) -> Changes:
        """A cancel left for the broker."""
        return self._reduce(self.current(event.key), event)

    def answered(self, event: CancelAnswered) -> Changes:
        """An attempt to cancel came to something, or to nothing."""
        return self._reduce(self.current(event.key), event)

    def unconfirmed(self, key: OrderKey, intent: str, at: Instant) -> Changes:
        """The hold-off of one request is over, and reads still show the order working."""
        return self._reduce(self.current(key), Unconfirmed(intent, at))

    def stale(self, account: str, since: Instant) -> Changes:
        """Nothing keeps this account's orders true since then."""
        return tuple(chain.from_iterable(self.aging(account, since)))

    def fresh(self, account: str) -> Changes:
        """The account's orders are kept true again."""
        return tuple(chain.from_iterable(self.aging(account, None)))

    def aging(self, account: str, since: Instant | None, slice_of: int = 50) -> Iterator[Changes]:
        """:meth:`stale`, or :meth:`fresh` without ``since``, in slices of so many rows.

        Orders that are first heard of meanwhile are marked from their beginning.
        """
        if since is None:
            self._stale.pop(account, None)
        else:
            self._stale.setdefault(account, since)
        return self._aged([key for key in self._rows if key.account == account], since, slice_of)

    def _aged(self, keys: Sequence[OrderKey], since: Instant | None, slice_of: int) -> Iterator[Changes]:
        for start in range(0, len(keys), slice_of):
            rows = [row for key in keys[start : start + slice_of] if (row := self._rows.get(key))]
            changes = tuple(Change(row, after) for row in rows if (after := aged(row, since)) is not row)
            self._rows.update((change.after.key, change.after) for change in changes)
            yield changes

    def _reduce(self, key: OrderKey, event: Event) -> Changes:
        row = self._rows.get(key)
        return () if row is None else self._put(row, reduce(row, event))

    def _put(self, before: Row, after: Row) -> Changes:
        if after is before:
            return ()
        self._rows[after.key] = after
        # Hearing the same again is worth remembering, not telling.
        return () if after == replace(before, reported=after.reported) else (Change(before, after),)

    def _take(self, report: Report) -> Changes:
        current = self.current(report.key)
        row = self._rows.get(current)
        if current == report.key:
            return self._add(report) if row is None else self._put(row, reduce(row, report))
        # The id is spent. A fill that it reports late was made, and only a read says what is left.
        if row and report.requested is None and report.fields.get("cum_qty", row.order.cum_qty) > row.order.cum_qty:
            return self._reduce(current, Doubted(report.received))
        return ()

    def _add(self, report: Report) -> Changes:
        if len(self._rows) >= self.most:
            self.overfull.add(report.account)
            return ()
        row = born(report, self._tags.next())
        early = report.account not in self._listed and report.source != Source.STREAM
        before = row.order.ord_status in FINISHED and (early or report.source == Source.HISTORY)
        stale = self._stale.get(report.account)
        if before or stale:
            row = replace(row, finished_before=before, stale_since=stale)
        for refusal in self._early.pop(row.key, {}).values():
            row = reduce(row, refusal)
        self._rows[row.key] = row
        return (Change(None, row),)

    def _is_refusal(self, original: OrderKey, report: Report) -> bool:
        """Whether ``report`` is a refused request in the shape of an order, which never becomes a row."""
        if report.fields.get("ord_status") != OrdStatus.REJECTED:
            return False
        if original == report.key:
            # The request goes by the order's own id. A list has one record for each id: there it is the order's.
            row = self._rows.get(original)
            nameless = row is not None and bool(row.order.ord_id) and not report.fields.get("ord_id")
            return nameless and report.source == Source.STREAM
        # A replace that was refused left the order as it was, whichever of the two the broker's own id names.
        return report.key not in self._rows

    def _refuse(self, original: OrderKey, report: Report) -> Changes:
        event = RequestRefused(report.cl_ord_id, report.received, report.fields.get("text", ""))
        if (current := self.current(original)) in self._rows:
            return self._reduce(current, event)
        known = self._early.setdefault(original, {})
        if len(known) < MOST_OF_ONE:
            known.setdefault(event.request_id, event)
        if len(self._early) > MOST_EARLY:
            del self._early[next(iter(self._early))]
        return ()

    def _is_request(self, original: OrderKey, report: Report) -> bool:
        """Whether ``report`` is of a request about a known order, rather than of the order that replaced it."""
        row = self._rows.get(self.current(original))
        if report.fields.get("ord_status") not in _OF_REQUESTS or report.exec_type == OrdStatus.REPLACED:
            return False
        if row is None or report.key in self._rows or row.order.ord_status == OrdStatus.REPLACED:
            return False
        if report.fields.get("ord_status") in _OF_REPLACES:
            # Until the new order is there, and it may never be, this one works.
            return True
        return report.fields.get("ord_id", "") in ("", row.order.ord_id)

    def _is_to_come(self, original: OrderKey, report: Report) -> bool:
        """Whether ``report`` is of an order that did not replace the other yet, or never will: both have their rows."""
        row = self._rows.get(self.current(original))
        if report.fields.get("ord_status") not in _NO_HEIRS or report.exec_type == OrdStatus.REPLACED:
            return False
        return row is None or row.order.ord_status != OrdStatus.REPLACED

    def _about(self, current: OrderKey, report: Report) -> Report:
        """What a request's record says of the order itself: its status, and quantities that have moved on."""
        row = self._rows[current]
        told = {"ord_status", "updated_at"}
        if report.fields.get("cum_qty", row.order.cum_qty) > row.order.cum_qty:
            told |= {"cum_qty", "leaves_qty", "avg_price"}
        fields: dict[str, Any] = {name: value for name, value in report.fields.items() if name in told}
        if fields["ord_status"] in _OF_REPLACES:
            fields["ord_status"] = OrdStatus.PENDING_REPLACE
        return replace(
            report, cl_ord_id=current.cl_ord_id, fields=cast(OrderFields, fields), request_id=report.cl_ord_id
        )

    def _succeed(self, original: OrderKey, report: Report) -> Changes:
        """``report`` is of the order that replaced ``original``: it takes over that row and its tag."""
        replaced = self._rows.get(self.current(original))
        if replaced and replaced.order.ord_status in _ENDED_ITSELF and report.exec_type != OrdStatus.REPLACED:
            return self._take(report)
        last = self._succession.link(original, report.key)
        former = self._rows.pop(last, None) if last else None
        if former is None:
            return self._take(report)
        current = self.current(report.key)
        said = report if current == report.key else None
        if said is None and current not in self._rows:
            return self._take(report)
        return self._take_over(former, current, said)

    def _take_over(self, former: Row, key: OrderKey, said: Report | None) -> Changes:
        """The order ``key`` stands where ``former`` stood, as old as its account is by now."""
        after = aged(succeeded(former, self._rows.get(key), said), self._stale.get(key.account))
        for refusal in self._early.pop(key, {}).values():
            after = reduce(after, refusal)
        self._rows[key] = after
        return (Change(former, after),)
