"""The same news of many orders is one message, and none of it is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk import crowd
from blotter.desk.crowd import Crowd
from tests.desk.desk_broker import DeskBroker, running_broker
from tests.desk.feed.broker import until
from tests.desk.seat import Seat, seated

THEN = datetime(2026, 11, 23, 3, tzinfo=UTC)


def key(number: int) -> OrderKey:
    return OrderKey("ACC-1", f"o-{number}")


def revived(number: int, alike: str = "changed after their end") -> Notice:
    return Notice(
        THEN, Severity.ALERT, f"was {number}", "sorry", key(number), f"a{number}", (f"intent-{number}",), alike=alike
    )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOMENT", 0.1)


@pytest.fixture
def told() -> list[Notice]:
    return []


async def test_the_first_is_told_at_once_and_the_others_are_summed_up(told: list[Notice]) -> None:
    made = Crowd(told.append)
    for number in range(40):
        made.take(revived(number))
    assert told == [revived(0)]

    await until(lambda: len(told) == 2)

    summary = told[1]
    assert summary.text == "39 more orders changed after their end: a1, a2, a3, a4, a5 and 34 more"
    assert (summary.severity, summary.key, summary.tag) == (Severity.ALERT, None, "")
    assert list(summary.about(key(33))) == [revived(33)]
    assert summary.outcomes == tuple(f"intent-{number}" for number in range(1, 40))


async def test_two_that_follow_are_no_crowd(told: list[Notice]) -> None:
    made = Crowd(told.append)
    for number in range(3):
        made.take(revived(number))

    await until(lambda: len(told) == 3)

    assert told == [revived(number) for number in range(3)]


async def test_what_is_not_alike_does_not_wait_for_it(told: list[Notice]) -> None:
    made = Crowd(told.append)
    for number in range(5):
        made.take(revived(number))
    other, another = revived(7, alike="EXPIRED"), revived(8, alike="")

    made.take(other)
    made.take(another)

    assert told == [revived(0), other, another]
    made.close()


async def test_news_that_does_not_end_is_told_all_the_same(told: list[Notice], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "LONGEST", 0.3)
    made = Crowd(told.append)
    number = 0

    async def flood() -> None:
        nonlocal number
        while len(told) < 3:
            made.take(revived(number))
            number += 1
            await asyncio.sleep(0.01)

    await asyncio.wait_for(flood(), 5)

    assert "more orders changed after their end" in told[1].text
    assert told[2].text.startswith("was "), "the first of the next crowd"


async def test_the_end_waits_for_nobody(told: list[Notice]) -> None:
    made = Crowd(told.append)
    for number in range(5):
        made.take(revived(number))

    made.close()

    assert [notice.text for notice in told] == ["was 0", "4 more orders changed after their end: a1, a2, a3, a4"]


def forget(broker: DeskBroker, seat: Seat) -> None:
    """The broker restarts with the orders of the morning: some ends are undone, and the later orders are unknown."""

    async def restart() -> None:
        for number in range(40):
            broker.feed.set(f"ORD-{number}", "NEW", cum=0)
        for number in range(40, 80):
            del broker.feed.orders["ACC-1"][f"ORD-{number}"]
        broker.feed.drop()

    broker.call(restart())
    seat.until(lambda: any("in neither list nor history" in text for text in seat.texts), 10.0)
    seat.until(lambda: any("changed after their end" in text for text in seat.texts), 10.0)
    seat.until(lambda: any("no stream for" in text for text in seat.texts), 10.0)


def test_a_broker_that_forgets_its_past_is_told_of_in_a_few_lines(tmp_path: Path) -> None:
    with running_broker() as broker, seated(broker, tmp_path) as seat:

        async def past() -> None:
            for number in range(80):
                status, cum = [("CANCELED", 0), ("PARTIALLY_FILLED", 40), ("FILLED", 100), ("NEW", 0)][number // 20]
                broker.feed.set(f"ORD-{number}", status, cum=cum)

        broker.call(past())
        seat.desk.relist()
        seat.live(80)

        forget(broker, seat)

        assert len(seat.notices) <= 6, seat.texts
        said = {
            order: [each for notice in seat.notices for each in notice.about(OrderKey("ACC-1", order))]
            for order in (f"ORD-{number}" for number in range(80))
        }
        assert all(said[f"ORD-{number}"] for number in range(40)), "each has news"
        assert all(said[f"ORD-{number}"] for number in range(60, 80)), "those that worked are missed"
