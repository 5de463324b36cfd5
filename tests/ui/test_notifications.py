from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from textual.events import Key
from textual.pilot import Pilot

from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.core.words.piece import plain
from blotter.ui.lines.line_view import LineView
from blotter.ui.notifications import HEIGHT, KEPT, NotificationPanel
from tests.core.samples import HOSTILE
from tests.ui.fake_desk import START
from tests.ui.looks import lines, screen
from tests.ui.pilots import until
from tests.ui.shelf import Shelf

KEY = OrderKey("ACC-1", "clord-1")


def said(text: str, severity: Severity = Severity.INFO, *, broker: str = "", tag: str = "", after: int = 0) -> Notice:
    return Notice(START + timedelta(seconds=after), severity, text, broker, KEY if tag else None, tag)


def numbered(count: int) -> list[Notice]:
    return [said(f"message {number}", after=number) for number in range(count)]


@dataclass
class Scene:
    app: Shelf
    pilot: Pilot[None]
    panel: NotificationPanel

    async def seen(self, text: str) -> None:
        await until(self.pilot, lambda: text in screen(self.app), text)
        await self.pilot.pause()

    async def add(self, *notices: Notice) -> None:
        """Add them, and let the frame be written."""
        self.panel.add(notices)
        await self.seen(notices[-1].text)

    def press(self, *names: str) -> list[bool]:
        """Whether each of these keys was the panel's."""
        return [self.panel.press(Key(name, name if len(name) == 1 else None)) for name in names]

    def bottom(self) -> list[str]:
        return lines(self.app)[-HEIGHT:]


@asynccontextmanager
async def scene(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Scene]:
    table, panel = LineView(id="table"), NotificationPanel()
    app = Shelf(table, panel)
    async with app.run_test(size=size) as pilot:
        table.styles.height = "1fr"
        await pilot.pause()
        yield Scene(app, pilot, panel)


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


async def test_grown_nothing_of_a_long_message_is_lost() -> None:
    async with scene() as on:
        words = " ".join(f"word{number}" for number in range(60))
        await on.add(said("refused", Severity.ALERT, broker=words, tag="ka"))
        on.panel.grow()
        await on.seen("word59")
        shown = " ".join(screen(on.app).split())
        assert f'refused: "{words}"' in shown


async def test_grown_and_back_with_the_keyboard() -> None:
    async with scene() as on:
        await on.add(*numbered(40))
        on.panel.toggle()
        await on.seen("message 30")
        on.press("end")
        await on.seen("message 0")
        on.press("home")
        await on.seen("message 39")
        for key in ("down", "j", "pagedown"):
            before = on.panel.scroll_y
            on.press(key)
            assert on.panel.scroll_y > before
        for key in ("up", "k", "pageup"):
            before = on.panel.scroll_y
            on.press(key)
            assert on.panel.scroll_y < before


@pytest.mark.parametrize("key", ["escape", "m", "q"])
async def test_put_away_by_key(key: str) -> None:
    async with scene() as on:
        await on.add(*numbered(40))
        on.panel.grow()
        await on.seen("message 30")
        assert on.press("end", key) == [True, True]
        assert not on.panel.grown
        await on.pilot.pause()
        assert on.bottom()[0].endswith("message 39")


@pytest.mark.parametrize("key", ["c", "K", "y", "enter", "r", "/", "t", "?", "a", "f5"])
async def test_no_command_acts_on_the_table_behind_the_history_and_that_is_said(key: str) -> None:
    async with scene() as on:
        on.panel.grow()
        assert on.press(key) == [True]
        told = " esc, m or q closes  ! marks as read  arrows, PageUp, PageDown, Home, End scroll"
        assert plain(on.panel.keys(160)) == f" {key} does nothing while the messages are open {told}"
        assert on.press("down") == [True]
        assert plain(on.panel.keys(80)) == told


@pytest.mark.parametrize("width", [60, 80])
async def test_how_the_history_closes_stands_beside_what_a_key_does_not(width: int) -> None:
    async with scene() as on:
        on.panel.grow()
        assert plain(on.panel.keys(60)) == " esc, m or q closes  ! marks as read  arrows scroll"
        on.press("c")
        told = plain(on.panel.keys(width))
        assert told.startswith(" c does nothing while the messages are open  esc, m or q")
        assert len(told) <= width


async def test_acknowledging_gets_through_from_the_history() -> None:
    async with scene() as on:
        on.panel.grow()
        assert on.press("!") == [False]


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


async def test_alerts_scrolled_out_of_the_history_are_not_acknowledged() -> None:
    async with scene() as on:
        await on.add(said("deep down", Severity.ALERT, tag="ka"), *numbered(60))
        on.panel.grow()
        await on.seen("message 50")
        assert on.panel.acknowledge() == 0
        on.press("end")
        await on.seen("deep down")
        assert on.panel.acknowledge() == 1


async def test_a_history_being_read_keeps_its_place() -> None:
    async with scene() as on:
        await on.add(*numbered(60))
        on.panel.grow()
        await on.seen("message 50")
        for _ in range(5):
            on.press("down")
        await until(on.pilot, lambda: "message 54" in screen(on.app) and "message 55" not in screen(on.app))
        on.panel.add([said("news"), said("more news")])
        await on.pilot.pause()
        await until(on.pilot, lambda: "message 54" in screen(on.app) and "message 55" not in screen(on.app))


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


async def test_grown_without_messages() -> None:
    async with scene() as on:
        on.panel.grow()
        await on.seen("no messages yet")


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
