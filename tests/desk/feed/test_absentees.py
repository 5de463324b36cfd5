from __future__ import annotations

from datetime import UTC, datetime

from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.desk.feed.absentees import AT_ONCE, FIRST, Absentees


def at(mono: float) -> Instant:
    return Instant(datetime(2026, 11, 23, 3, tzinfo=UTC), mono)


A = OrderKey("ACC-1", "a")


def test_an_absent_order_is_looked_for_at_once_and_then_ever_more_rarely() -> None:
    absentees = Absentees()

    looks = [second for second in range(0, 2000, 5) if absentees.due([A], at(second))]

    assert looks == [0, 30, 90, 210, 450, 930, 1890]


def test_an_order_that_came_back_and_went_again_is_looked_for_at_once() -> None:
    absentees = Absentees()
    absentees.due([A], at(0))

    absentees.due([], at(5))

    assert absentees.due([A], at(10)) == [A]


def test_many_absent_orders_take_turns() -> None:
    absentees = Absentees()
    many = [OrderKey("ACC-1", str(n)) for n in range(AT_ONCE + 5)]

    first = absentees.due(many, at(0))
    second = absentees.due(many, at(5))

    assert (first, second) == (many[:AT_ONCE], many[AT_ONCE:])
    assert absentees.due(many, at(FIRST)) == many[:AT_ONCE]
