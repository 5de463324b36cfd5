"""What other runs have in the air stands before the orders of a list that was read just now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelState
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.desk.journal.archive import Findings
from blotter.desk.journal.ledger import Cancel, Entry, Run
from blotter.desk.recovery.elsewhere import overlay
from blotter.desk.settings import Patience
from tests.desk.values import ACCOUNT, AT

KEY = OrderKey(ACCOUNT, "ORD-1")
NOW = Instant(AT.utc + timedelta(seconds=5), AT.mono + 5)


def later(seconds: float) -> Instant:
    return Instant(NOW.utc + timedelta(seconds=seconds), NOW.mono + seconds)


def entry(kind: str, utc: datetime = AT.utc, **said: Any) -> Entry:
    return Entry(2, kind, utc, {"intent": "i-1", **said})


def asked(*followed: Entry, alive: bool) -> Findings:
    intent = entry("intent", account=KEY.account, clOrdId=KEY.cl_ord_id)
    cancel = Cancel(intent, (Run(Path("r"), running=alive),), followed)
    return Findings(running=(cancel,)) if alive else Findings(open=(cancel,))


def book(status: str = "NEW", account: str = KEY.account) -> Book:
    read = Book()
    fields: Any = {
        "symbol": "ZZA",
        "side": "BUY",
        "qty": Decimal(100),
        "leaves_qty": Decimal(100),
        "ord_status": status,
    }
    report = Report(account, KEY.cl_ord_id, fields, Source.LIST, NOW, replace(NOW, mono=NOW.mono - 0.1))
    read.apply(report)
    return read


def laid_over(findings: Findings, status: str = "NEW", now: Instant = NOW) -> Row:
    read = book(status)
    overlay(read, findings, now, Patience())
    row = read.row(KEY)
    assert row is not None
    return row


ATTEMPT = entry("attempt", attempt=1)
ACCEPTED = entry("answer", verdict="accepted")


@pytest.mark.parametrize(
    ("followed", "alive", "state"),
    [
        ((), True, CancelState.SENT),
        ((ATTEMPT,), True, CancelState.SENT),
        ((ATTEMPT, ACCEPTED), True, CancelState.PENDING),
        ((ATTEMPT, entry("answer", verdict="unknown")), True, CancelState.UNKNOWN),
        # Dead: whatever was on its way may have arrived.
        ((), False, CancelState.UNKNOWN),
        ((ATTEMPT,), False, CancelState.UNKNOWN),
        ((ATTEMPT, ACCEPTED), False, CancelState.PENDING),
        ((ATTEMPT, entry("outcome", outcome="unconfirmed", final=False)), False, CancelState.UNCONFIRMED),
    ],
)
def test_it_stands_as_its_journal_says(followed: tuple[Entry, ...], alive: bool, state: CancelState) -> None:
    row = laid_over(asked(*followed, alive=alive))
    assert row.cancel is state
    assert row.intent == "i-1"


def test_a_dead_runs_doubt_is_over_when_the_reads_that_settle_it_would_be() -> None:
    assert laid_over(asked(ATTEMPT, alive=False), now=later(11)).cancel is CancelState.UNCONFIRMED
    assert laid_over(asked(ATTEMPT, alive=True), now=later(11)).cancel is CancelState.SENT


def test_a_list_is_newer_than_an_answer_to_another_run() -> None:
    row = laid_over(asked(ATTEMPT, ACCEPTED, alive=True))
    assert (row.cancel, row.order.ord_status) == (CancelState.PENDING, "NEW")
    assert (row.cancel_at, row.reported, row.changed, row.needs_read) == (AT, NOW, NOW, False)


def test_an_answer_that_came_after_the_list_is_newer_than_it() -> None:
    read = book()
    answered = entry("answer", verdict="accepted", utc=NOW.utc + timedelta(seconds=1))
    overlay(read, asked(ATTEMPT, answered, alive=True), later(2), Patience())
    row = read.row(KEY)
    assert row is not None
    assert (row.cancel, row.order.ord_status) == (CancelState.PENDING, "PENDING_CANCEL")


def test_a_cancel_that_the_list_shows_pending_still_is() -> None:
    row = laid_over(asked(ATTEMPT, ACCEPTED, alive=False), "PENDING_CANCEL", later(600))
    assert (row.cancel, row.order.ord_status) == (CancelState.PENDING, "PENDING_CANCEL")


def test_a_cancel_of_the_first_year_is_as_old_as_that() -> None:
    """Seconds since then do not fit a float, and the moment that they lead back to may be before the calendar."""
    attempted = entry("attempt", utc=datetime.min.replace(tzinfo=UTC))
    intent = replace(entry("intent", account=KEY.account, clOrdId=KEY.cl_ord_id), utc=attempted.utc)
    findings = Findings(open=(Cancel(intent, (Run(Path("r")),), (attempted,)),))
    assert laid_over(findings, now=later(0.3)).cancel is CancelState.UNCONFIRMED


def test_a_taken_cancel_that_its_run_gave_up_is_unconfirmed() -> None:
    unconfirmed = entry("outcome", outcome="unconfirmed", final=False)
    assert laid_over(asked(ATTEMPT, ACCEPTED, unconfirmed, alive=True)).cancel is CancelState.UNCONFIRMED


def test_a_taken_cancel_of_a_dead_run_gets_the_time_of_a_pending_one() -> None:
    patience = Patience()
    assert sum(patience.reads) < 29 < sum(patience.pending) < 31
    dead = asked(ATTEMPT, ACCEPTED, alive=False)
    states = [laid_over(dead, now=later(seconds - 5)).cancel for seconds in (29, 31)]
    assert states == [CancelState.PENDING, CancelState.UNCONFIRMED]
    assert laid_over(asked(ATTEMPT, ACCEPTED, alive=True), now=later(600)).cancel is CancelState.PENDING


def test_a_finished_order_has_nothing_in_the_air() -> None:
    assert laid_over(asked(ATTEMPT, alive=True), "CANCELED").cancel is CancelState.NONE


def test_an_order_that_no_list_names_is_not_made_up() -> None:
    empty = Book()
    assert overlay(empty, asked(ATTEMPT, alive=True), NOW, Patience()) == {}
    assert not tuple(empty.rows())
