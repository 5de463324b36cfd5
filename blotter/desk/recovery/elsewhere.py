"""Cancels that other runs of this user have in the air, laid over a book that was read just now.

A run that is alive settles its own: here its cancels only stand before the orders, so that none is sent beside them.
One that died leaves a question instead. It cannot have a request on the wire any more, so once the reads that settle
such a cancel would all have been made, and the list still shows the order working, it is *unconfirmed*.
"""

from __future__ import annotations

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, Verdict
from blotter.core.book.status import OrdStatus, is_finished
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.desk.cancels.outcome import Ending, doubt
from blotter.desk.journal import recall
from blotter.desk.journal.archive import Findings
from blotter.desk.journal.ledger import Cancel, text
from blotter.desk.journal.record import Kind
from blotter.desk.settings import Patience


def overlay(book: Book, findings: Findings, now: Instant, patience: Patience) -> dict[OrderKey, Cancel]:
    """Put what is open elsewhere into ``book``; returns those cancels by the keys that their orders have now."""
    found: dict[OrderKey, Cancel] = {}
    for cancel in (*findings.open, *findings.running):
        key = book.current(recall.key(cancel))
        row = book.row(key)
        if row is None or is_finished(row.order):
            continue
        found[key] = cancel
        book.sent(CancelSent(key, cancel.intent, _sent(cancel, now)))
        _answer(book, key, cancel, now)
        if _is_unconfirmed(cancel) or (not cancel.running and _is_given_up(cancel, now, patience)):
            book.unconfirmed(key, cancel.intent, now)
    return found


def _sent(cancel: Cancel, now: Instant) -> Instant:
    attempts = [entry.utc for entry in cancel.followed if entry.kind == Kind.ATTEMPT]
    return recall.moment(max([cancel.asked.utc, *attempts]), now)


def _answer(book: Book, key: OrderKey, cancel: Cancel, now: Instant) -> None:
    said = recall.verdict(cancel)
    at = recall.moment(cancel.answer.utc, now) if cancel.answer else now
    if said == Verdict.ACCEPTED:
        book.answered(CancelAnswered(key, cancel.intent, Verdict.ACCEPTED, at, status=OrdStatus.PENDING_CANCEL))
    elif said or not cancel.running:
        book.answered(CancelAnswered(key, cancel.intent, Verdict.UNKNOWN, at, doubt=doubt(recall.cause(cancel))))


def _is_given_up(cancel: Cancel, now: Instant, patience: Patience) -> bool:
    reads = patience.pending if recall.verdict(cancel) == Verdict.ACCEPTED else patience.reads
    return now.since(_sent(cancel, now)) > sum(reads)


def _is_unconfirmed(cancel: Cancel) -> bool:
    return cancel.outcome is not None and text(cancel.outcome.said, "outcome") == Ending.UNCONFIRMED
