from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from blotter.core.account import Account
from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Execution, Row
from blotter.core.notice import Notice, Severity
from blotter.core.order import Leg, Order, OrderKey
from blotter.core.sheets.dossier import dossier
from blotter.core.words.piece import length, plain
from tests.core.moments import START, at
from tests.core.samples import HOSTILE, sample, with_order

FULL = Order(
    account="the-account",
    cl_ord_id="the-client-id",
    ord_id="the-broker-id",
    orig_cl_ord_id="the-former-id",
    client_id="the-program",
    symbol="THESYMBOL",
    side="SELL_SHORT",
    type="STOP_LIMIT",
    time_in_force="GTC",
    qty=Decimal(701),
    price=Decimal("702.5"),
    stop_price=Decimal("703.5"),
    ord_status="PARTIALLY_FILLED",
    cum_qty=Decimal(704),
    leaves_qty=Decimal(705),
    avg_price=Decimal("706.5"),
    currency="CAD",
    ex_destination="the-venue",
    text="the text",
    ord_rej_reason="the reason",
    security_type="the-security-type",
    category="the-category",
    legs=(
        Leg("LEGONE", "BUY", Decimal(3), "OPEN", "OPTION", "2026-06-19", "205.00", "CALL", Decimal("1.25")),
        Leg("LEGTWO", "SELL", Decimal(4), "CLOSE", "FUTURE", "2027-01-15", "206.00", "PUT", Decimal("2.25")),
    ),
    created_at=START - timedelta(hours=2, minutes=13),
    updated_at=START - timedelta(seconds=7),
)


def text(row: Row, width: int = 80, opened: Row | None = None) -> str:
    return "\n".join(plain(line) for line in dossier(row, Account(row.order.account), at(60), width, opened=opened))


SAID = {
    "side": "SELL SHORT",
    "type": "STOP LIMIT",
    "legs": "LEGONE",
    "created_at": "11:17:00Z",
    "updated_at": "13:29:53Z",
}


@pytest.mark.parametrize("name", [field.name for field in fields(Order)])
def test_no_field_of_an_order_is_left_out(name: str) -> None:
    value = SAID.get(name) or str(getattr(FULL, name))
    assert value in text(Row(FULL, "ka", at(0)))


@pytest.mark.parametrize("name", [field.name for field in fields(Leg)])
@pytest.mark.parametrize("leg", FULL.legs)
def test_no_field_of_a_leg_is_left_out(leg: Leg, name: str) -> None:
    assert str(getattr(leg, name)) in text(Row(FULL, "ka", at(0)))


def test_times_stand_with_their_ages() -> None:
    shown = text(replace(Row(FULL, "ka", at(50)), stale_since=at(53)))
    assert "2026-05-04 11:17:00Z, 2 h 14 min ago" in shown
    assert "2026-05-04 13:30:50Z, 10 s ago" in shown
    assert "STALE since 7 s" in shown


def test_every_cancel_asked_is_told() -> None:
    asks = (
        Ask("intent-1", CancelState.REJECTED, at(1), at(2), "req-1", "too late"),
        Ask("intent-2", CancelState.PENDING, at(30), at(31)),
    )
    shown = text(replace(sample(), asks=asks, cancel=CancelState.PENDING, cancel_at=at(31)))
    for fact in (
        "rejected",
        "intent-1",
        "req-1",
        '"too late"',
        "13:30:01Z",
        "pending",
        "intent-2",
        "13:30:30Z, 30 s ago",
    ):
        assert fact in shown


def test_a_cancel_without_a_history_is_told_too() -> None:
    shown = text(
        replace(sample(), cancel=CancelState.UNKNOWN, cancel_at=at(31), intent="i", cancel_text="gateway timeout")
    )
    assert "unknown, 2026-05-04 13:30:31Z" in shown
    assert '"gateway timeout"' in shown


def test_an_order_never_asked_about_says_so() -> None:
    assert "not asked by this blotter" in text(sample())


def test_an_end_that_came_while_reading_is_said_first() -> None:
    row = sample()
    shown = text(with_order(row, ord_status="FILLED"), opened=row)
    assert "This order finished while you were reading: it is FILLED now." in shown.splitlines()[1]
    assert "while you were reading" not in text(
        with_order(row, ord_status="FILLED"), opened=with_order(row, ord_status="FILLED")
    )


def test_executions_and_messages() -> None:
    row = replace(sample(), executions=(Execution("E-1", Decimal(40), Decimal("12.01")),))
    notice = Notice(START, Severity.ALERT, "cancel refused", "too late", OrderKey("ACC-1", "clord-2026-000001"), "ka")
    shown = "\n".join(plain(line) for line in dossier(row, Account(row.order.account), at(60), 80, messages=[notice]))
    assert "E-1 40 at 12.01" in shown
    assert 'cancel refused: "too late"' in shown


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("width", [20, 80])
def test_hostile_text_is_marks_and_nothing_is_too_wide(hostile: str, width: int) -> None:
    row = sample(symbol=hostile, text=hostile, ord_rej_reason=hostile, ord_id=hostile, ex_destination=hostile)
    row = replace(row, cancel_text=hostile, asks=(Ask("i", CancelState.REJECTED, at(1), at(2), hostile, hostile),))
    lines = dossier(row, Account(row.order.account), at(60), width)
    assert all(piece.text.isprintable() for line in lines for piece in line)
    assert max(map(length, lines[1:])) <= max(width, 24)
