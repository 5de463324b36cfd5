"""What is said of an order's end, and what is not worth a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Change, Row
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.cancels.notices import of_change
from tests.desk.values import ACCOUNT, AT, order, row

LATER = datetime(2026, 11, 22, 14, 2, 15, tzinfo=UTC)


def becomes(cancel: CancelState = CancelState.NONE, was: CancelState | None = None, **fields: Any) -> Change:
    """ORD-1, working, with a cancel in the state ``was``, turns into this."""
    before = row(order(), cancel=cancel if was is None else was)
    return Change(before, row(order(**fields), cancel=cancel))


def told(change: Change, *, unread: bool = False) -> Notice:
    notice = of_change(change, LATER, unread=unread)
    assert notice is not None
    assert (notice.key, notice.tag, notice.at) == (change.after.key, "ka", LATER)
    return notice


def filled(cum: int, price: str | None = "12.03") -> dict[str, Any]:
    return {"cum_qty": Decimal(cum), "leaves_qty": Decimal(0), "avg_price": Decimal(price) if price else None}


ENDS = [
    (
        becomes(CancelState.CONFIRMED, CancelState.PENDING, ord_status="CANCELED", **filled(40, "12.01")),
        Severity.INFO,
        "CANCELED 60 of 100; 40 filled @ 12.01",
    ),
    (
        becomes(CancelState.CONFIRMED, CancelState.UNKNOWN, ord_status="CANCELED", **filled(0, None)),
        Severity.INFO,
        "CANCELED 100 of 100; nothing filled",
    ),
    (
        becomes(ord_status="CANCELED", **filled(0, None)),
        Severity.WARN,
        "CANCELED 100 of 100; nothing filled; not by a cancel from here",
    ),
    (
        becomes(ord_status="CANCELED", ord_rej_reason="6", text="trading halt", **filled(40, "12.01")),
        Severity.WARN,
        "CANCELED, not by you (60 of 100; 40 filled @ 12.01)",
    ),
    (
        becomes(ord_status="CANCELED", time_in_force="IOC", **filled(40, "12.01")),
        Severity.WARN,
        "CANCELED, not by you (60 of 100; 40 filled @ 12.01)",
    ),
    (
        becomes(CancelState.CONFIRMED, CancelState.PENDING, ord_status="CANCELED", ord_rej_reason="6", **filled(0)),
        Severity.INFO,
        "CANCELED 100 of 100; nothing filled",
    ),
    (
        becomes(CancelState.REJECTED, ord_status="CANCELED", **filled(0, None)),
        Severity.INFO,
        "CANCELED 100 of 100; nothing filled; not by a cancel from here",
    ),
    (
        becomes(CancelState.MOOT, CancelState.SENT, ord_status="FILLED", **filled(100)),
        Severity.ALERT,
        "Not canceled: it filled 100 @ 12.03 at 14:02:11Z, before the cancel arrived",
    ),
    (
        becomes(CancelState.MOOT, CancelState.PENDING, ord_status="FILLED", **filled(100)),
        Severity.ALERT,
        "Not canceled: it filled 100 @ 12.03 at 14:02:11Z, before the cancel took effect",
    ),
    (
        becomes(CancelState.MOOT, CancelState.PENDING, ord_status="FILLED", **filled(100, "0")),
        Severity.ALERT,
        "Not canceled: it filled 100 at 14:02:11Z, before the cancel took effect",
    ),
    (
        becomes(CancelState.MOOT, CancelState.SENT, ord_status="EXPIRED", **filled(40)),
        Severity.WARN,
        "Not canceled: it was EXPIRED before the cancel arrived; 40 of 100 filled @ 12.03",
    ),
    (
        becomes(CancelState.MOOT, CancelState.SENT, ord_status="REPLACED", **filled(0, None)),
        Severity.WARN,
        "Not canceled: it was replaced before the cancel arrived; the new order works on",
    ),
    (becomes(ord_status="EXPIRED", **filled(40)), Severity.INFO, "Order EXPIRED; 40 of 100 filled @ 12.03"),
    (becomes(ord_status="REJECTED", **filled(0, None)), Severity.WARN, "Order REJECTED"),
]


@pytest.mark.parametrize(("change", "severity", "text"), ENDS, ids=[text for _, _, text in ENDS])
def test_an_end_reads_as_what_it_was(change: Change, severity: Severity, text: str) -> None:
    notice = told(change)
    assert (notice.severity, notice.text) == (severity, text)


def test_the_brokers_own_words_stand_beside() -> None:
    assert told(becomes(ord_status="REJECTED", text="too far off")).broker_text == "too far off"
    assert told(becomes(ord_status="REJECTED", ord_rej_reason="99")).broker_text == "99"


@pytest.mark.parametrize(
    "change",
    [
        Change(None, row(order(ord_status="CANCELED"))),
        becomes(ord_status="PARTIALLY_FILLED", **filled(40)),
        becomes(ord_status="FILLED", **filled(100)),
        becomes(ord_status="REPLACED"),
        becomes(CancelState.SENT, CancelState.NONE),
        becomes(text="a word in passing"),
    ],
)
def test_what_the_row_shows_anyway_is_not_repeated(change: Change) -> None:
    assert of_change(change, LATER, unread=False) is None


def test_a_part_filled_while_a_cancel_is_open_is_told() -> None:
    part: dict[str, Any] = {"cum_qty": Decimal(40), "leaves_qty": Decimal(60), "avg_price": Decimal("12.00")}
    notice = told(becomes(CancelState.PENDING, ord_status="PENDING_CANCEL", **part))
    assert (notice.severity, notice.text) == (
        Severity.WARN,
        "40 @ 12.00 filled while the cancel is open, 60 of 100 left",
    )


@pytest.mark.parametrize(
    ("state", "beside"),
    [
        (CancelState.REJECTED, "; the cancel from here was refused"),
        (CancelState.NOT_SENT, "; the cancel from here was not sent"),
        (CancelState.CONFIRMED, ""),
    ],
)
def test_an_end_claims_no_more_of_our_cancel_than_was_told(state: CancelState, beside: str) -> None:
    """A refusal does not prove that the refused request did nothing: a proxy may have sent it twice."""
    canceled = row(order(ord_status="CANCELED", **filled(0, None)), cancel=state, intent="i-1")
    assert told(Change(row(order()), canceled)).text == f"CANCELED 100 of 100; nothing filled{beside}"


def test_a_refusal_beside_another_cancel_is_told() -> None:
    one = Ask("i-1", CancelState.PENDING, AT, AT)
    two = replace(one, intent="i-2")
    refused = replace(two, state=CancelState.REJECTED, text="one is pending already")
    before = row(order(ord_status="PENDING_CANCEL"), cancel=CancelState.PENDING, intent="i-2", asks=(one, two))
    after = replace(before, intent="i-1", asks=(one, refused))
    notice = told(Change(before, after))
    assert (notice.severity, notice.broker_text) == (Severity.ALERT, "one is pending already")


def test_an_end_whose_fills_are_unread_waits_for_the_read() -> None:
    said = row(order(ord_status="CANCELED"), cancel=CancelState.CONFIRMED, needs_read=True)
    read = row(order(ord_status="CANCELED", **filled(26)), cancel=CancelState.CONFIRMED)
    more = row(order(ord_status="CANCELED", **filled(20)), cancel=CancelState.CONFIRMED, needs_read=True)
    assert of_change(Change(said, more), LATER, unread=True) is None
    assert told(Change(said, read), unread=True).text == "CANCELED 74 of 100; 26 filled @ 12.03"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (
            row(order(ord_status="CANCELED"), cancel=CancelState.CONFIRMED),
            row(order(ord_status="FILLED", **filled(100)), cancel=CancelState.CONFIRMED),
            "Changed after its end: was CANCELED, 0 filled; is FILLED, 100 filled @ 12.03, 0 left",
        ),
        (
            row(order(ord_status="CANCELED", **filled(40))),
            row(order(ord_status="CANCELED", **filled(20))),
            "Changed after its end: was CANCELED, 40 filled; is CANCELED, 20 filled @ 12.03, 0 left",
        ),
        (
            row(order(ord_status="CANCELED"), cancel=CancelState.CONFIRMED),
            row(order(), cancel=CancelState.UNCONFIRMED),
            "Changed after its end: was CANCELED, 0 filled; is NEW, 0 filled, 100 left",
        ),
    ],
)
def test_a_word_taken_back_is_an_alert(before: Row, after: Row, text: str) -> None:
    notice = told(Change(before, after))
    assert (notice.severity, notice.text) == (Severity.ALERT, text)


def test_a_replaced_order_is_told_under_its_new_id() -> None:
    new = replace(row(order("ORD-2", price=Decimal("12.40"))), former=OrderKey(ACCOUNT, "ORD-1"))
    notice = told(Change(row(), new))
    assert (notice.severity, notice.text) == (Severity.INFO, "Replaced: now 100 @ 12.40 under ORD-2")


def test_the_time_of_a_fill_is_the_brokers_where_it_gives_one() -> None:
    at = datetime(2026, 11, 22, 9, 30, 1, tzinfo=UTC)
    fills = becomes(CancelState.MOOT, CancelState.SENT, ord_status="FILLED", updated_at=at, **filled(100))
    assert "at 09:30:01Z" in told(fills).text
    assert AT.utc != at
