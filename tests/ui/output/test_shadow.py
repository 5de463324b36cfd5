"""What is sent when something changed: the cells that differ, and in the end the same screen as if all were sent."""

from __future__ import annotations

from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from blotter.core.notice import Severity
from blotter.ui.output.quiet_app import TURN
from blotter.ui.output.shadow import Shadow
from tests.ui.fake_desk import HandClock
from tests.ui.orders import a_row, changed
from tests.ui.pilots import until
from tests.ui.scenes import every_state, messages
from tests.ui.stage import Stage, blotter

WIDTH, HEIGHT, CUT = 14, 3, 9
CONSOLE = Console(color_system="standard", force_terminal=True)
STYLES = (None, Style(bold=True), Style(reverse=True), Style(color="red"), Style(underline=True), Style(bgcolor="blue"))
LETTERS = ("a", "b", " ", "   ", "1", "2", "界", "é", "e\u0301", "…")


@st.composite
def strips(draw: st.DrawFn, width: int) -> Strip:
    """A line of exactly ``width`` cells."""
    words = st.tuples(st.lists(st.sampled_from(LETTERS), max_size=6).map("".join), st.sampled_from(STYLES))
    return Strip([Segment(text, style) for text, style in draw(st.lists(words, max_size=5))]).adjust_cell_length(width)


def whole() -> st.SearchStrategy[LayoutUpdate]:
    lines = st.lists(st.tuples(strips(CUT), strips(WIDTH - CUT)), min_size=HEIGHT, max_size=HEIGHT)
    return lines.map(lambda lines: LayoutUpdate([*lines], Region(0, 0, WIDTH, HEIGHT)))


@st.composite
def part(draw: st.DrawFn) -> ChopsUpdate:
    """One line, or one of the two parts that it is cut into, beside which there may be what is not to be drawn."""
    y, first, last = draw(st.integers(0, HEIGHT - 1)), *draw(st.sampled_from([(0, WIDTH), (0, CUT), (CUT, WIDTH)]))
    chops: list[dict[int, Strip | None]] = [{0: None, CUT: None} for _ in range(HEIGHT)]
    for start, end in ((0, CUT), (CUT, WIDTH)):
        if first <= start < last or draw(st.booleans()):
            chops[y][start] = draw(strips(end - start))
    return ChopsUpdate(chops, [(y, first, last)], [[CUT, WIDTH] for _ in range(HEIGHT)])


A_LINE = 24
"""Bytes to erase a line and to move to three places in it."""


class Terminal:
    """One that shows what it was sent."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self.feed("\x1b[?7l")  # no line wrap, as the program sets it

    def feed(self, text: str) -> None:
        self._stream.feed(text.replace("\n", "\r\n"))

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    @property
    def looks(self) -> list[list[Any]]:
        """Every cell with all that can be seen of it."""
        return [[_look(self._screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def _look(cell: Any) -> tuple[object, ...]:
    seen = (cell.data, cell.bg, cell.reverse, cell.underscore)
    return seen if not cell.data.strip() else (*seen, cell.fg, cell.bold)


@given(first=whole(), later=st.lists(st.one_of(whole(), part(), st.none()), max_size=6))
@settings(max_examples=100, deadline=None)
def test_whatever_changes_the_terminal_shows_it(
    first: LayoutUpdate, later: list[LayoutUpdate | ChopsUpdate | None]
) -> None:
    shadow, sparing, lavish = Shadow(), Terminal(), Terminal()
    for update in (first, *later):
        if update is None:
            shadow.forget()
            continue
        sparing.feed(shadow.bring(update, CONSOLE))
        lavish.feed(update.render_segments(CONSOLE))
        assert sparing.looks == lavish.looks


def a_line(text: str) -> LayoutUpdate:
    return LayoutUpdate([[Strip([Segment(text)]).adjust_cell_length(80)]], Region(0, 0, 80, 1))


def test_a_digit_costs_a_digit() -> None:
    shadow = Shadow()
    assert shadow.bring(a_line("AAPL  NEW  12s"), CONSOLE) == "\x1b[1;1HAAPL  NEW  12s\x1b[K"
    assert shadow.bring(a_line("AAPL  NEW  13s"), CONSOLE) == "\x1b[1;13H3"
    assert shadow.bring(a_line("AAPL"), CONSOLE) == "\x1b[1;7H\x1b[K"
    assert shadow.bring(a_line("AAPL"), CONSOLE) == ""


def test_what_was_forgotten_is_sent_again() -> None:
    shadow = Shadow()
    first = shadow.bring(a_line("AAPL"), CONSOLE)
    shadow.forget()
    assert shadow.bring(a_line("AAPL"), CONSOLE) == first


def test_what_stands_beside_a_part_of_a_line_is_not_erased() -> None:
    shadow, terminal = Shadow(), Terminal(80, 1)
    terminal.feed(shadow.bring(a_line("AAPL     NEW"), CONSOLE))
    shadow.forget()
    part_of_it = ChopsUpdate([{0: Strip([Segment(" " * 9)]), 9: None}], [(0, 0, 9)], [[9, 80]])
    terminal.feed(shadow.bring(part_of_it, CONSOLE))
    assert terminal.lines == ["         NEW"]


@pytest.mark.parametrize("disputed", ["界", "…", "é"])
def test_a_line_whose_width_terminals_may_dispute_goes_whole(disputed: str) -> None:
    shadow = Shadow()
    shadow.bring(a_line(f"{disputed}  NEW  12s"), CONSOLE)
    assert shadow.bring(a_line(f"{disputed}  NEW  13s"), CONSOLE) == f"\x1b[1;1H{disputed}  NEW  13s\x1b[K"
    assert shadow.bring(a_line("AB  NEW  13s"), CONSOLE) == "\x1b[1;1HAB  NEW  13s\x1b[K"


def test_a_part_drawn_for_another_size_is_no_picture_of_this_terminal() -> None:
    shadow, terminal = Shadow(), Terminal(80, 1)
    terminal.feed(shadow.bring(a_line("AAPL"), CONSOLE))
    old = ChopsUpdate([{0: None}, {0: Strip([Segment("OLD " * 30)])}], [(1, 0, 120)], [[120], [120]])
    terminal.feed(shadow.bring(old, CONSOLE))
    terminal.feed(shadow.bring(a_line("AAPL"), CONSOLE))
    assert terminal.lines == ["AAPL"]


async def walk(stage: Stage, *keys: str) -> None:
    for key in keys:
        await stage.press(key)
        await stage.settled()


WALL = "\x1b[H" + "\r\n".join(["Broadcast message from root: the host goes down"] * 24)


async def test_what_another_program_wrote_is_gone_after_each_line_had_its_turn() -> None:
    clock, terminal = HandClock(), Terminal(80, 24)
    async with blotter([a_row(number) for number in range(40)], clock=clock) as stage:
        terminal.feed(WALL)
        stage.app.frames.clear()
        for turn in range(25):
            stage.app.keep_painted(turn * TURN)
            clock.advance(1)
            stage.app.redraw()
            await stage.settled()
        terminal.feed("".join(stage.app.frames))
        assert terminal.lines == stage.screen.splitlines()


async def test_a_tick_gives_the_next_line_its_turn() -> None:
    clock = HandClock()
    async with blotter([a_row(number) for number in range(40)], clock=clock) as stage:
        stage.app.keep_painted(clock.now().mono)
        stage.app.frames.clear()
        clock.advance(TURN)
        line = f"\x1b[{int(clock.now().mono / TURN) % 24 + 1};1H"
        await until(stage.pilot, lambda: any(line in frame for frame in stage.app.frames), "the line")


async def test_a_line_in_its_turn_takes_nothing_else_out_of_the_frame() -> None:
    terminal = Terminal(80, 24)
    async with blotter([a_row(number) for number in range(40)]) as stage:
        for turn in range(5):
            stage.app.tell(Severity.WARN, f"news {turn}")
            stage.app.keep_painted(turn * TURN)
            await stage.settled()
            terminal.feed("".join(stage.app.frames))
            stage.app.frames.clear()
            assert f"news {turn}" in "".join(terminal.lines)


async def test_a_question_is_sent_whole_whatever_another_program_wrote() -> None:
    terminal = Terminal(80, 24)
    async with blotter([a_row(number) for number in range(40)]) as stage:
        terminal.feed(WALL)
        stage.app.frames.clear()
        await walk(stage, "K", "*")
        terminal.feed("".join(stage.app.frames))
        assert terminal.lines[1:] == stage.screen.splitlines()[1:]


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_walk_through_the_program_leaves_nothing_behind(size: tuple[int, int]) -> None:
    clock = HandClock()
    terminal = Terminal(*size)
    async with blotter([*every_state(clock), a_row(40, symbol="界界 \u202e")], size=size, clock=clock) as stage:
        steps = (
            "?",
            "pagedown",
            "q",
            "enter",
            "q",
            "m",
            "m",
            "/ i b escape",
            "c",
            "n",
            "t",
            "G",
            "K",
            "escape",
            "a q",
        )
        for turn, keys in enumerate(steps):
            stage.app.keep_painted(turn * TURN)
            stage.desk.post(changed(a_row(3), ord_status="FILLED"), notices=messages(clock))
            await walk(stage, *keys.split())
            terminal.feed("".join(stage.app.frames))
            stage.app.frames.clear()
            assert terminal.lines == stage.screen.splitlines()


async def test_a_screen_to_read_is_sent_once_and_without_its_blanks() -> None:
    async with blotter([a_row(number) for number in range(40)]) as stage:
        for key in ("?", "enter", "a"):
            stage.app.frames.clear()
            await walk(stage, key)
            text = " ".join(stage.screen.split())
            assert sum(map(len, stage.app.frames)) < 2 * len(text) + 24 * A_LINE
            await walk(stage, "q")
