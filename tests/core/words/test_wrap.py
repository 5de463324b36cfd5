from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blotter.core.text import cells, show
from blotter.core.words.wrap import chop, wrap

shown = st.text(max_size=80).map(show)


@given(shown, st.integers(2, 40))
def test_nothing_but_spaces_at_breaks_is_lost(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")


@given(shown, st.integers(2, 40))
def test_no_line_is_too_wide(text: str, width: int) -> None:
    assert all(cells(line) <= width for line in wrap(text, width))


@given(shown, st.integers(0, 40))
def test_a_chop_takes_something_and_loses_nothing(text: str, width: int) -> None:
    head, rest = chop(text, width)
    assert head + rest == text
    assert head or not text


def test_breaks_at_spaces() -> None:
    assert wrap("the order still works", 10) == ("the order", "still", "works")


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert wrap("id abcdefghij", 4) == ("id", "abcd", "efgh", "ij")


def test_empty_text_is_one_empty_line() -> None:
    assert wrap("", 10) == ("",)


def test_wide_characters_count_two() -> None:
    assert wrap("注文注文", 4) == ("注文", "注文")


@given(st.text("注a \u0301\U00011a8a").map(show), st.integers(0, 3))
def test_no_line_begins_with_a_mark_of_the_one_before(text: str, width: int) -> None:
    assert all(show(line) == line for line in wrap(text, width))


def test_a_character_wider_than_the_line_keeps_its_mark() -> None:
    assert wrap("注\u0301文", 1) == ("注\u0301", "文")
