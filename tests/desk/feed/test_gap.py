from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from blotter.core.book.row import Change, Row
from blotter.core.instant import Instant
from blotter.core.notice import Severity
from blotter.core.order import Order, OrderKey
from blotter.desk.feed.differences import Differences
from blotter.desk.feed.gap import Gap

NIGHT = datetime(2026, 11, 23, 2, 11, 4, tzinfo=UTC)


def at(seconds: float) -> Instant:
    return Instant(NIGHT + timedelta(seconds=seconds), 1000 + seconds)


def filled(tag: str) -> Differences:
    before = Row(Order("ACC-1", f"id-{tag}", ord_status="NEW"), tag, at(0))
    seen = Differences()
    seen.add([Change(before, replace(before, order=replace(before.order, ord_status="FILLED")))])
    return seen


def taken_back(tag: str) -> Differences:
    before = Row(Order("ACC-1", f"id-{tag}", ord_status="PARTIALLY_FILLED", cum_qty=Decimal(40)), tag, at(0))
    seen = Differences()
    seen.add([Change(before, replace(before, order=replace(before.order, ord_status="NEW", cum_qty=Decimal(0))))])
    return seen


def test_a_gap_is_told_with_its_length_its_reason_and_what_changed() -> None:
    gap = Gap(at(0), "the connection was lost")
    gap.wait_for(["ACC-1", "ACC-2"])

    assert gap.in_step("ACC-1", filled("kf"))
    halfway = gap.over
    assert gap.in_step("ACC-2", Differences())
    assert (halfway, gap.over) == (False, True)

    notice = gap.notice(at(33))
    assert notice.text == (
        "no stream for 33 s, 1 order changed: kf FILLED; list re-read, 02:11:04Z to 02:11:37Z (the connection was lost)"
    )
    assert (notice.severity, notice.key, notice.tag) == (Severity.WARN, None, ""), "it is about no single order"
    [part] = notice.about(OrderKey("ACC-1", "id-kf"))
    assert (part.text, part.tag) == ("after 33 s of no stream: FILLED", "kf")


def test_a_gap_ends_with_the_next_stream_and_not_with_the_lists_that_are_read_under_it() -> None:
    gap = Gap(at(0), "silent for 40 s")
    gap.wait_for(["ACC-1", "ACC-2"])
    gap.ended(at(3))
    gap.ended(at(5))
    gap.in_step("ACC-1", filled("kf"))
    gap.in_step("ACC-2", Differences())

    said = gap.notice(at(20)).text
    assert said.startswith("no stream for 3.0 s, 1 order changed")
    assert "02:11:04Z to 02:11:07Z" in said


def test_what_was_read_is_told_without_those_that_come_late() -> None:
    gap = Gap(at(0), "silent for 40 s")
    gap.wait_for(["ACC-1", "ACC-2"])
    assert gap.late(at(60), 5) == (), "there is no stream yet"
    gap.ended(at(60))
    assert gap.late(at(66), 5) == (), "there is nothing to tell yet"
    gap.in_step("ACC-1", filled("kf"))
    assert gap.late(at(64), 5) == ()
    assert gap.late(at(66), 5) == ("ACC-2",)


def test_an_account_that_cannot_be_read_is_named_and_not_waited_for() -> None:
    gap = Gap(at(0), "silent for 40 s")
    gap.wait_for(["ACC-1", "ACC-2"])

    gap.unread("ACC-2")
    gap.in_step("ACC-1", Differences())

    assert gap.over
    assert gap.notice(at(50)).text.startswith("no stream for 50 s, ACC-2 not read yet, nothing changed; list re-read")
    assert not gap.in_step("ACC-2", Differences())


@pytest.mark.parametrize(
    ("seconds", "changed", "severity"),
    [
        (0.1, Differences(), Severity.INFO),
        (0.1, filled("kf"), Severity.WARN),
        (33.0, Differences(), Severity.WARN),
        (0.1, taken_back("kf"), Severity.ALERT),
    ],
    ids=["a moment of nothing", "a moment and a fill", "long", "a fill that was none"],
)
def test_a_gap_is_as_loud_as_what_it_cost(seconds: float, changed: Differences, severity: Severity) -> None:
    gap = Gap(at(0), "the connection was lost")
    gap.wait_for(["ACC-1"])
    gap.in_step("ACC-1", changed)

    assert gap.notice(at(seconds)).severity is severity


def test_a_moment_in_which_an_account_could_not_be_read_is_a_warning() -> None:
    gap = Gap(at(0), "the connection was lost")
    gap.wait_for(["ACC-1", "ACC-2"])
    gap.unread("ACC-2")
    gap.in_step("ACC-1", Differences())

    assert gap.notice(at(0.1)).severity is Severity.WARN


def test_when_no_account_can_be_read_there_is_nothing_to_tell() -> None:
    gap = Gap(at(0), "silent for 40 s")
    gap.wait_for(["ACC-1"])

    gap.unread("ACC-1")

    assert gap.over
    assert not gap.read_any


def test_a_stream_that_is_lost_again_makes_the_gap_longer() -> None:
    gap = Gap(at(0), "the connection was lost")
    gap.wait_for(["ACC-1", "ACC-2"])
    gap.ended(at(1))
    gap.in_step("ACC-1", filled("ka"))

    gap.wait_for(["ACC-1", "ACC-2"])

    assert not gap.over
    gap.in_step("ACC-1", filled("kb"))
    gap.in_step("ACC-2", Differences())
    assert "no stream for 5.0 s, 2 orders changed: ka FILLED, kb FILLED" in gap.notice(at(5)).text
