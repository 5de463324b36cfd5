"""The panel of messages: three lines, what stands in them, and what counts as read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.notice import Severity
from blotter.ui.notifications import HEIGHT, KEPT
from tests.core.samples import HOSTILE
from tests.ui.looks import screen
from tests.ui.panel import KEY, numbered, said, scene
from tests.ui.pilots import until


async def test_three_lines_the_newest_first() -> None:
    async with scene() as on:
        await on.add(
            said("connected"),
            said("pending over 30 s", Severity.WARN, tag="kb", after=1),
            said("cancel refused, the order still works", Severity.ALERT, broker="Too late", tag="ka", after=2),
        )
        assert on.bottom() == [
            '!14:02:13Z ka ALERT cancel refused, the order still works: "Too late"',
            " 14:02:12Z kb warn  pending over 30 s",
            " 14:02:11Z    info  connected",
        ]
        await on.add(said("one more", after=3))
        assert on.bottom()[0] == " 14:02:14Z    info  one more"


async def test_the_newest_takes_two_lines_where_it_needs_them_and_older_ones_one() -> None:
    async with scene() as on:
        words = "The order had filled before the cancel reached the venue, " * 3
        on.panel.add([said("Not canceled", Severity.ALERT, broker=words, tag="ka")])
        await on.seen("Not canceled")
        first, second, third = on.bottom()
        assert first.startswith('!14:02:11Z ka ALERT Not canceled: "The order had filled')
        shown = f"{first[35:]} {second[20:-1]}"
        assert second.startswith(" " * 20)
        assert words.startswith(shown)
        assert second.endswith("…")
        assert len(second) == 80
        assert third == ""
        await on.add(said("one more", after=1))
        newest, older, oldest = on.bottom()
        assert newest == " 14:02:12Z    info  one more"
        assert older.startswith('!14:02:11Z ka ALERT Not canceled: "The order had filled')
        assert older.endswith("…")
        assert oldest == ""


async def test_a_message_that_the_newest_pushed_out_of_the_three_lines_is_not_acknowledged() -> None:
    async with scene() as on:
        await on.add(*(said(f"refused {n}", Severity.ALERT, after=n) for n in range(2)))
        on.panel.add([said("A long story. " * 20, after=3)])
        await on.seen("1 ALERT below")
        assert on.panel.acknowledge() == 1
        assert on.panel.unread == 1


async def test_three_lines_take_no_keys() -> None:
    async with scene() as on:
        await on.add(*numbered(5))
        assert on.press("c", "m", "down") == [False, False, False]


async def test_alerts_are_counted_until_acknowledged() -> None:
    async with scene() as on:
        await on.add(said("one", Severity.ALERT, tag="ka"), said("two", Severity.ALERT, tag="kb"), said("three"))
        assert on.panel.unread == 2
        assert on.panel.acknowledge() == 2
        assert on.panel.unread == 0
        assert on.panel.acknowledge() == 0
        await until(on.pilot, lambda: not any(line.startswith("!") for line in on.bottom()))


async def test_only_alerts_in_view_are_acknowledged() -> None:
    async with scene() as on:
        await on.add(said("old", Severity.ALERT, tag="ka"), *numbered(3))
        assert on.bottom()[-1].endswith("1 ALERT below: m")
        assert on.panel.acknowledge() == 0
        assert on.panel.unread == 1
        on.panel.grow()
        await on.seen("old")
        assert on.panel.acknowledge() == 1


async def test_an_alert_that_no_frame_has_shown_is_not_acknowledged() -> None:
    async with scene() as on:
        await on.add(said("seen", Severity.ALERT, tag="ka"))
        on.panel.add([said("came with the key", Severity.ALERT, tag="kb")])
        assert on.panel.acknowledge() == 1
        assert on.panel.unread == 1


async def test_outcomes_in_view_are_acknowledged_once() -> None:
    async with scene() as on:
        ended = replace(said("ended", after=1), outcomes=("i-1", "i-2"))
        await on.add(replace(said("long gone"), outcomes=("i-0",)), *numbered(2), ended)
        on.panel.add([replace(said("not drawn yet", after=2), outcomes=("i-3",))])
        assert on.panel.outcomes() == ("i-1", "i-2")
        on.panel.acknowledge()
        assert on.panel.outcomes() == ()


async def test_old_messages_are_left_out_and_that_is_said_but_no_unread_alert_is() -> None:
    async with scene() as on:
        await on.add(said("the alert", Severity.ALERT, tag="ka"), *numbered(KEPT + 6))
        on.panel.grow()
        on.press("end")
        await on.seen("7 older messages are not kept here")
        assert on.panel.unread == 1
        assert "the alert" in screen(on.app)


async def test_about_one_order() -> None:
    async with scene() as on:
        mine, other = said("mine", tag="ka"), said("other")
        on.panel.add([mine, other])
        assert on.panel.about(KEY) == (mine,)


async def test_what_a_message_on_many_orders_says_of_one_is_kept_with_that_one() -> None:
    async with scene() as on:
        mine, other = said("was CANCELED; is NEW", tag="ka"), said("was FILLED")
        on.panel.add([replace(said("39 more orders changed after their end"), parts=(other, mine))])
        assert on.panel.about(KEY) == (mine,)


@pytest.mark.parametrize("grown", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_literal(text: str, grown: bool) -> None:
    async with scene(size=(160, 24)) as on:
        on.panel.add([said(text, Severity.ALERT, broker=text, tag=text)])
        if grown:
            on.panel.grow()
        await on.seen("ALERT")
        strips = [on.panel.render_line(y) for y in range(HEIGHT)]
        for segment in (segment for strip in strips for segment in strip):
            assert segment.control is None
            assert segment.style is None or not segment.style.meta
            assert segment.text.isprintable()
        if text.isascii() and text.isprintable():
            assert text in screen(on.app)


async def test_narrow_terminals_lose_nothing_either() -> None:
    async with scene(size=(24, 24)) as on:
        words = " ".join(f"word{number}" for number in range(12))
        on.panel.add([said(words, tag="ka")])
        on.panel.grow()
        await on.seen("word11")
        assert words in " ".join(screen(on.app).split())
