from __future__ import annotations

import pytest
from textual.events import Key

from blotter.ui.asking.filter_bar import LONGEST
from tests.ui.stage import Stage, blotter


def typed(stage: Stage, *keys: str) -> str:
    for key in keys:
        stage.app.filter_bar.press(Key(key, key if len(key) == 1 else None))
    return stage.app.filter_bar.text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("x",), "x"),
        (("right", "x"), "aapl bx"),
        (("left", "backspace"), "aapl "),
        (("backspace",), ""),
        (("right", "ctrl+w"), "aapl"),
        (("right", "ctrl+u", "z"), "z"),
        (("ctrl+w",), ""),
        (("alt+x",), "aapl b"),
        (("f1", "tab"), "aapl b"),
    ],
)
async def test_editing_starts_with_the_old_text_selected(keys: tuple[str, ...], text: str) -> None:
    async with blotter() as stage:
        stage.app.filter_bar.open("aapl b")
        assert typed(stage, *keys) == text


async def test_a_paste_is_one_line_of_what_is_printable() -> None:
    async with blotter() as stage:
        stage.app.filter_bar.open("")
        stage.app.filter_bar.paste("AA\x1bPL\ncy")
        assert stage.app.filter_bar.text == "AAPL"
        stage.app.filter_bar.paste("x" * 500)
        assert len(stage.app.filter_bar.text) == LONGEST
