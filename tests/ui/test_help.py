from __future__ import annotations

import pytest

from blotter.core.book.status import legend
from blotter.core.words.piece import length, plain
from blotter.ui.commands import COMMANDS, Command
from blotter.ui.help import HelpScreen, help_lines
from blotter.ui.lines.line_view import LineView
from tests.ui.looks import screen
from tests.ui.pilots import until
from tests.ui.shelf import Shelf


def told(width: int = 80) -> str:
    return " ".join(" ".join(plain(line) for line in help_lines(COMMANDS, width)).split())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_every_command_is_told(command: Command) -> None:
    assert f"{command.shown} {command.words}: {command.help}" in told()


@pytest.mark.parametrize(("code", "meaning"), legend())
def test_every_code_is_told(code: str, meaning: str) -> None:
    assert f"{code} {meaning}" in told()


@pytest.mark.parametrize("width", [60, 80, 160])
def test_fits(width: int) -> None:
    assert max(length(line) for line in help_lines(COMMANDS, width)) <= width


@pytest.mark.parametrize("key", ["escape", "question_mark", "q"])
async def test_opens_scrolls_and_closes(key: str) -> None:
    app = Shelf(LineView())
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(HelpScreen())
        await until(pilot, lambda: " KEYS" in screen(app))
        await pilot.press("end")
        await until(pilot, lambda: "never the state of the link" in screen(app))
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen))
        assert app.keys == []
