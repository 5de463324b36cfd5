"""The life of one order: ``(row, event) -> row``, total, pure and idempotent.

Order status is the broker's; the state of our cancels is ours. Quantities may move in any status, and never fall
except by an explicit bust or by a read asked for after the last report. An end is final, except that a late fill may
complete a canceled order. Nothing is ever concluded from silence: no answer is not a refusal, absence is no end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from blotter.core.book import asks
from blotter.core.book.answers import RequestRefused, answered, hidden_status, refused_by_record
from blotter.core.book.average import executed
from blotter.core.book.cancel import CancelAnswered, CancelSent
from blotter.core.book.merge import Merged, Standing, merge, newer_read, repeats
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, OrdStatus
from blotter.core.instant import Instant
from blotter.core.order import Order

_SUCCEEDED = frozenset({OrdStatus.REPLACED, OrdStatus.SUPERSEDED})
"""Ends that are none of the row: what a request for the old order came to stands, while the new order works."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Reads over the hold-off of one request still show the order working, and the request, if it was taken, not
    pending: its outcome stays unconfirmed.
    """

    intent: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Doubted:
    """Something was missed (a gap, an absence, an overflow): read the order before trusting it."""

    at: Instant


Event = Report | CancelSent | CancelAnswered | RequestRefused | Unconfirmed | Doubted


def born(report: Report, tag: str) -> Row:
    """The row of an order never heard of before."""
    blank = Row(Order(report.account, report.cl_ord_id), tag, report.received)
    return _settled(_reported(blank, report, first=True))


def succeeded(former: Row, own: Row | None, report: Report | None) -> Row:
    """The row of the order that replaced ``former``: it keeps that row's tag, its asks, and what ``report`` leaves out.

    ``own`` is the row it had already, if its first report did not say whom it replaced: of two tags the one given
    first stays.
    """
    if own is None:
        assert report is not None
        order = replace(former.order, cl_ord_id=report.cl_ord_id)
        after = _reported(replace(former, order=order), report, first=True)
        return _settled(replace(after, former=former.key))
    after = reduce(own, report) if report else own
    joined = replace(
        after,
        tag=min(former.tag, own.tag, key=lambda tag: (len(tag), tag)),
        former=former.key,
        asks=asks.joined(former.asks, after.asks),
        executions=former.executions + after.executions,
        finished_before=former.finished_before and after.order.ord_status in FINISHED,
    )
    return _settled(joined)


def reduce(row: Row, event: Event) -> Row:
    """``row`` after ``event``; the very same object when nothing changed."""
    match event:
        case Report():
            after = _reported(row, event)
        case CancelSent():
            after = replace(row, asks=asks.sent(row.asks, event))
        case CancelAnswered():
            after = answered(row, event)
        case RequestRefused():
            after = refused_by_record(row, event)
        case Unconfirmed():
            pending = row.order.ord_status == OrdStatus.PENDING_CANCEL
            after = replace(row, asks=asks.given_up(row.asks, event.intent, event.at, pending=pending))
        case Doubted():
            after = row if row.order.ord_status in FINISHED else replace(row, doubted=event.at)
    if after is row:
        return row
    after = _settled(after)
    return row if after == row else after


def aged(row: Row, since: Instant | None) -> Row:
    """``row`` when nothing keeps it true since then; ``None``: something does again, though what was missed is yet to
    be read.
    """
    if (since is None) == (row.stale_since is None):
        return row
    if since is None or row.order.ord_status in FINISHED:
        return replace(row, stale_since=since)
    return replace(row, stale_since=since, doubted=since, needs_read=True)


def _settled(row: Row) -> Row:
    """``row`` with the fields that follow from its asks and its doubt."""
    needs_read = row.doubted is not None or any(ask.unclear for ask in row.asks)
    ask = asks.shown(row.asks)
    if ask is None:
        return row if row.needs_read == needs_read else replace(row, needs_read=needs_read)
    return replace(
        row, cancel=ask.state, cancel_at=ask.at, cancel_text=ask.text, intent=ask.intent, needs_read=needs_read
    )


def _reported(row: Row, report: Report, first: bool = False) -> Row:
    streamed = report.requested is None
    at = max(report.received, row.reported, key=lambda moment: moment.mono)
    if report.exec_id and any(done.exec_id == report.exec_id for done in row.executions):
        return replace(row, reported=at)
    quiet = not row.asks and row.doubted is None
    if quiet and not first and repeats(row, report):
        return replace(row, reported=at) if streamed else row
    merged = merge(row, report, first)
    order = merged.order
    if merged.standing in (Standing.OLD, Standing.DOUBTFUL):
        doubted = at if merged.doubt else row.doubted
        reported = at if streamed else row.reported
        return replace(row, order=order, doubted=doubted, reported=reported, executions=executed(row, report))
    moved = first or order != row.order
    return replace(
        row,
        order=order,
        hidden_status=hidden_status(row, order),
        asks=_asks_after(row, order, report),
        executions=executed(row, report),
        doubted=_doubt_after(row, merged, report),
        finished_before=row.finished_before and order.ord_status in FINISHED,
        reported=at if moved or streamed else row.reported,
        changed=_news_at(order, report) if moved else row.changed,
    )


def _asks_after(row: Row, order: Order, report: Report) -> asks.Asks:
    if not row.asks:
        return row.asks
    if order.ord_status in FINISHED:
        return asks.ended(row.asks, order.ord_status, report.received)
    kept = row.asks if row.order.ord_status in _SUCCEEDED else asks.revived(row.asks, report.received)
    if order.ord_status == OrdStatus.PENDING_CANCEL:
        return asks.acknowledged(kept, report.request_id, report.received)
    return kept


def _doubt_after(row: Row, merged: Merged, report: Report) -> Instant | None:
    if merged.doubt:
        return report.received
    asked, doubted = report.requested, row.doubted
    if asked and doubted and newer_read(row, report) and asked.mono >= doubted.mono:
        return None
    return doubted


def _news_at(order: Order, report: Report) -> Instant:
    """When the news happened: a read tells it late, and how late only the broker's own stamp can say."""
    stamp = order.updated_at or order.created_at
    if report.source == Source.STREAM or stamp is None:
        return report.received
    late = max((report.received.utc - stamp).total_seconds(), 0.0)
    return Instant(report.received.utc - timedelta(seconds=late), report.received.mono - late)
