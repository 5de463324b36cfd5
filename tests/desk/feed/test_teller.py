from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.broker.errors import Ask, Forbidden, ServerTrouble
from blotter.broker.wire.orders import Unreadable
from blotter.core.book.row import Change, Row
from blotter.core.notice import Notice, Severity
from blotter.core.order import Order
from blotter.desk.clock import SystemClock
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.teller import Teller, spoken


@pytest.fixture
def told() -> list[Notice]:
    return []


@pytest.fixture
def teller(told: list[Notice]) -> Teller:
    return Teller("ACC-1", SystemClock(), told.append)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.2, "42 s"), (200.0, "3 min 20 s"), (7500.0, "2 h 5 min")],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def test_a_failure_is_told_once_until_the_list_answers(teller: Teller, told: list[Notice]) -> None:
    error = ServerTrouble(Ask.ORDERS, where="broker", status=502, words="<b>oops</b>")
    for _ in range(3):
        teller.failed(error)
    teller.answered()
    teller.answered()
    teller.failed(error)

    assert [(notice.severity, notice.broker_text) for notice in told] == [
        (Severity.WARN, "<b>oops</b>"),
        (Severity.INFO, ""),
        (Severity.WARN, "<b>oops</b>"),
    ]
    assert all(notice.text.startswith("ACC-1: ") for notice in told)


def test_what_only_the_trader_can_mend_is_an_alert(teller: Teller, told: list[Notice]) -> None:
    teller.failed(Forbidden(Ask.ORDERS, where="broker", status=403))

    assert [notice.severity for notice in told] == [Severity.ALERT]


def test_a_second_kind_of_failure_in_one_outage_is_told_too(teller: Teller, told: list[Notice]) -> None:
    teller.failed(ServerTrouble(Ask.ORDERS, where="broker", status=502))
    teller.failed(Forbidden(Ask.ORDERS, where="broker", status=403))
    teller.failed(ServerTrouble(Ask.ORDERS, where="broker", status=502))

    assert len(told) == 2


def test_a_disagreement_on_one_order_is_its_own_and_one_on_many_has_a_part_for_each(
    teller: Teller, told: list[Notice]
) -> None:
    at = SystemClock().now()
    rows = [Row(Order("ACC-1", f"o-{tag}", ord_status="NEW"), tag, at) for tag in ("ka", "kb")]
    changes = [Change(row, replace(row, order=replace(row.order, ord_status="FILLED"))) for row in rows]
    one, both = Differences(), Differences()
    one.add(changes[:1])
    both.add(changes)

    teller.disagreed(one)
    teller.disagreed(both)

    assert [notice.text for notice in told] == [
        "ACC-1: list disagreed with the stream on 1 order: ka FILLED",
        "ACC-1: list disagreed with the stream on 2 orders: ka FILLED, kb FILLED",
    ]
    assert [(notice.key, notice.tag) for notice in told] == [(rows[0].key, "ka"), (None, "")]
    assert [each.text for each in told[1].about(rows[1].key)] == ["the list, not the stream, told: FILLED"]


def test_the_same_order_unreadable_for_another_reason_is_news(teller: Teller, told: list[Notice]) -> None:
    teller.unreadable([Unreadable("a", "qty: no number")])
    teller.unreadable([Unreadable("a", "qty: no number"), Unreadable("a", "side: no text")])

    assert [notice.text for notice in told] == [
        "ACC-1: could not be read: order a: qty: no number",
        "ACC-1: could not be read: order a: side: no text",
    ]
