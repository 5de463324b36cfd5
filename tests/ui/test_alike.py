"""Alerts that say the same of many orders: one message, with every tag, put away once all of them were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from blotter.core.book.tags import Tags
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.ui.message import MOST, KeptMessage
from blotter.ui.notifications import KEPT
from tests.ui.fake_desk import START
from tests.ui.panel import Scene, numbered, said, scene, text
from tests.ui.pilots import until


def refused(count: int, *, broker: str = "Too late", after: int = 0) -> list[Notice]:
    """So many cancels refused in the same words, one each second."""
    tags = Tags()
    named = [tags.next() for _ in range(count)]
    return [
        replace(
            said("Cancel refused", Severity.ALERT, broker=broker, tag=tag, after=after + number),
            key=OrderKey("ACC-1", f"clord-{tag}"),
            outcomes=(f"i-{tag}",),
        )
        for number, tag in enumerate(named)
    ]


def words(on: Scene) -> list[str]:
    return text(on).split()


async def test_from_the_third_on_they_are_one_message_with_every_tag() -> None:
    async with scene() as on:
        one, two, three, four = refused(4)
        await on.add(one, two)
        assert on.bottom()[:2] == [
            '!14:02:12Z ab ALERT Cancel refused: "Too late"',
            '!14:02:11Z aa ALERT Cancel refused: "Too late"',
        ]
        on.panel.add([three, four])
        await on.seen("4 orders")
        assert on.bottom() == [
            '!14:02:14Z    ALERT 4 orders since 14:02:11Z: Cancel refused: "Too late"',
            f"{'':20}aa ab ac ad",
            "",
        ]
        assert on.panel.unread == 4
        assert on.panel.outcomes() == ("i-aa", "i-ab", "i-ac", "i-ad")
        assert on.panel.acknowledge() == 4
        assert on.panel.outcomes() == ()


async def test_two_screens_hold_three_hundred_refusals_in_four_wordings() -> None:
    async with scene() as on:
        notices = [replace(each, broker_text=f"Venue {number % 4} is shut") for number, each in enumerate(refused(300))]
        on.panel.add(notices)
        on.panel.grow()
        await on.seen("75 orders")
        read: set[str] = set()
        for _ in range(2):
            read |= set(words(on))
            on.panel.acknowledge()
            on.press("pagedown")
            await on.pilot.pause()
        assert on.panel.unread == 0
        assert read >= {notice.tag for notice in notices}


async def test_in_three_lines_it_is_not_put_away_unread_and_that_is_said() -> None:
    async with scene() as on:
        on.panel.add(refused(100))
        await on.seen("100 orders")
        assert on.bottom()[2].strip() == "100 ALERT below: m"
        assert on.panel.outcomes() == ()
        assert on.panel.acknowledge() == 0
        await on.add(said("one more", after=200), said("and one", after=201))
        assert on.bottom()[2].endswith("…  100 ALERT below: m")


async def test_one_longer_than_the_screen_is_put_away_once_its_last_tag_was_read() -> None:
    async with scene(size=(60, 16)) as on:
        notices = refused(300)
        on.panel.add(notices)
        on.panel.grow()
        await on.seen("300 orders")
        read: set[str] = set()
        while notices[-1].tag not in words(on):
            assert on.panel.acknowledge() == 0
            read |= set(words(on))
            on.press("pagedown")
            await on.pilot.pause()
        read |= set(words(on))
        assert on.panel.acknowledge() == 300
        assert read >= {notice.tag for notice in notices}


async def test_a_part_that_was_skipped_keeps_it_unread() -> None:
    async with scene(size=(60, 16)) as on:
        on.panel.add(refused(400))
        on.panel.grow()
        await on.seen("400 orders")
        on.press("end")
        await on.pilot.pause()
        assert on.panel.acknowledge() == 0


async def test_one_that_no_frame_has_shown_keeps_all_unread() -> None:
    async with scene() as on:
        *shown, late = refused(5)
        on.panel.add(shown)
        await on.seen("4 orders")
        on.panel.add([late])
        assert on.panel.acknowledge() == 0
        await on.seen("5 orders")
        assert on.panel.acknowledge() == 5


@pytest.mark.parametrize(
    "other",
    [
        said("Cancel refused", Severity.ALERT, broker="Too late", tag="aa", after=4),
        said("Cancel refused", Severity.ALERT, broker="Unknown order", tag="zz", after=4),
        said("Cancel refused", Severity.WARN, broker="Too late", tag="zz", after=4),
        said("Cancel refused", Severity.ALERT, broker="Too late", tag="zz", after=64),
        said("Cancel refused", Severity.ALERT, broker="Too late", after=4),
    ],
    ids=["of the same order", "other words", "no alert", "over a minute later", "of no order"],
)
async def test_what_does_not_join_them(other: Notice) -> None:
    async with scene() as on:
        first, *more = refused(4)
        crowd = [replace(first, key=other.key) if first.tag == other.tag else first, *more]
        on.panel.add([*crowd, other])
        await on.seen("4 orders")
        assert "4 orders" not in on.bottom()[0]
        assert "4 orders" in on.bottom()[1]


async def test_five_hundred_are_one_message_and_more_another() -> None:
    async with scene() as on:
        notices = [replace(notice, at=START) for notice in refused(MOST + 60)]
        on.panel.add(notices)
        on.panel.grow()
        await on.seen("60 orders: Cancel refused")
        assert f"{MOST} orders: Cancel refused" in text(on)
        assert on.panel.unread == MOST + 60


async def test_what_was_put_away_is_joined_by_nothing() -> None:
    async with scene() as on:
        *read, new = refused(4)
        on.panel.add(read)
        await on.seen("3 orders")
        on.panel.acknowledge()
        on.panel.add([new])
        await on.seen(" ad ALERT")
        assert on.panel.unread == 1


async def test_what_it_says_of_one_order_is_kept_with_that_one() -> None:
    async with scene() as on:
        notices = refused(5)
        on.panel.add(notices)
        for notice in notices:
            assert notice.key is not None
            assert on.panel.about(notice.key) == (notice,)


@pytest.mark.parametrize("pages", [1, 4])
async def test_a_history_being_read_keeps_its_place_while_they_become_more(pages: int) -> None:
    async with scene() as on:
        *some, late = refused(60)
        on.panel.add([*numbered(60), *some, *numbered(30)])
        on.panel.grow()
        await on.seen("message 29")
        on.press(*["pagedown"] * pages)
        await on.pilot.pause()
        before = text(on)
        assert "orders" not in before
        on.panel.add([late])
        await on.pilot.pause()
        assert text(on) == before


async def test_what_is_read_below_them_stays_when_they_go_to_the_top() -> None:
    async with scene() as on:
        *some, late = refused(60)
        on.panel.add([*numbered(60), *some, *numbered(30)])
        on.panel.grow()
        await on.seen("message 29")
        on.press("pagedown", "pagedown", *["down"] * 4)
        await on.seen("59 orders")
        before = text(on).splitlines()
        assert sum("orders" in line for line in before) == 1
        on.panel.add([late])
        await until(on.pilot, lambda: "orders" not in text(on))
        kept = [(y, line) for y, line in enumerate(before) if "message" in line]
        assert kept
        assert [(y, line) for y, line in enumerate(text(on).splitlines()) if (y, line) in kept] == kept


async def test_one_being_read_at_the_top_keeps_its_place_while_it_grows() -> None:
    async with scene(size=(60, 16)) as on:
        known, later = refused(330)[:300], refused(330)[300:]
        on.panel.add([*numbered(20), *known])
        on.panel.grow()
        await on.seen("300 orders")
        on.press("pagedown")
        await on.pilot.pause()
        before = text(on).splitlines()[:-1]
        on.panel.add(later)
        await on.pilot.pause()
        assert text(on).splitlines()[:-1] == before
        on.press("home")
        await on.seen("330 orders")


async def test_what_is_told_of_one_order_is_the_newest_first_whatever_joined_since() -> None:
    async with scene() as on:
        *three, later = refused(4, after=0)
        later = replace(later, at=later.at + timedelta(seconds=40))
        filled = replace(said("FILLED", tag="aa", after=20), key=three[0].key)
        await on.add(*three, filled, later)
        assert three[0].key is not None
        assert [notice.text for notice in on.panel.about(three[0].key)] == ["FILLED", "Cancel refused"]


async def test_of_one_that_is_not_kept_all_are_counted() -> None:
    async with scene() as on:
        others = [said(f"refused {number}", Severity.ALERT, after=1000 + number) for number in range(KEPT)]
        on.panel.add([*refused(400), *others])
        on.panel.grow()
        on.press("end")
        await on.seen("400 older messages are not kept")
        assert on.panel.unread == KEPT


def test_a_frame_from_before_another_one_joined_shows_nothing_of_that() -> None:
    first, second, third = refused(3)
    message = KeptMessage(first)
    message.join(second)
    message.wrapped(80)
    older = message.picture
    message.drew(range(len(older)), older)
    told = [message.drawn]
    message.join(third)
    told.append(message.drawn)
    assert len(message.wrapped(80)) == len(older)
    for picture in (older, message.picture):
        message.drew(range(len(older)), picture)
        told.append(message.drawn)
    assert told == [True, False, False, True]
