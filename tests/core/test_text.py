"""Nothing that a broker sends can act on a terminal or push a row out of line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from blotter.core.text import MAX_MARKS, cells, fit, fit_end, fit_number, show
from blotter.core.words.wrap import wrap

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
ANY = st.text(st.characters(exclude_categories=()))
HOSTILE = st.lists(
    st.one_of(
        ANY,
        st.sampled_from(["\x1b]52;c;eA==\x07", "\x9b2J", "\u202e", "e\u0301\u0301\u0301", "\U0001f1e6\U0001f1e8"]),
        st.sampled_from(["股票", "\U0001f468\u200d\U0001f469", "\u1112\u1161\u11ab", "\u3164", "कि", "❤\ufe0f"]),
        st.sampled_from(["אב 1", "٣", "ᄀ가", "a \u0301"]),
    )
).map("".join)  # fmt: skip


@given(HOSTILE)
def test_no_forbidden_category_reaches_the_screen(text: str) -> None:
    assert not FORBIDDEN & {unicodedata.category(char) for char in show(text)}


@given(HOSTILE, st.integers(1, 30))
def test_no_line_of_a_shown_text_begins_with_a_mark_that_lost_its_base(text: str, width: int) -> None:
    for line in wrap(show(text), width):
        assert show(line) == line


@given(HOSTILE)
def test_nothing_that_is_shown_reorders_what_stands_beside_it(text: str) -> None:
    """Terminals with bidi support would exchange the figures of two columns around one such letter."""
    assert {unicodedata.bidirectional(char) for char in show(text)}.isdisjoint({"R", "AL", "AN"})


@given(HOSTILE)
def test_showing_what_was_shown_changes_nothing(text: str) -> None:
    assert show(show(text)) == show(text)


@given(HOSTILE)
def test_nothing_disappears(text: str) -> None:
    assert len(show(text)) >= len(text)


@given(HOSTILE)
def test_at_most_two_combining_marks_stand_on_a_base(text: str) -> None:
    run = MAX_MARKS
    for char in show(text):
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        assert run <= MAX_MARKS


def test_every_single_character_is_as_wide_as_the_terminal_library_says() -> None:
    wrong = [
        char for char in map(show, map(chr, range(0x80, 0x20000))) if len(char) == 1 and cells(char) != cell_len(char)
    ]
    assert wrong == []


@given(HOSTILE)
def test_text_is_as_wide_as_the_terminal_library_says(text: str) -> None:
    assert cells(show(text)) == cell_len(show(text))


@given(HOSTILE, st.integers(0, 40))
def test_what_is_fitted_is_exactly_so_wide(text: str, width: int) -> None:
    assert [cells(cut(text, width)) for cut in (fit, fit_end, fit_number)] == [width] * 3


@given(HOSTILE, st.integers(1, 40))
def test_a_cut_text_says_so_and_keeps_its_side(text: str, width: int) -> None:
    shown = show(text)
    head, tail = fit(text, width), fit_end(text, width)
    if cells(shown) <= width:
        assert head == tail == shown + " " * (width - cells(shown))
    else:
        assert shown.startswith(head.rstrip(" ").removesuffix("…"))
        assert tail.startswith("…")
        assert tail.strip("… ") in shown


@given(st.decimals(allow_nan=False, allow_infinity=False).map(str), st.integers(0, 30))
def test_a_number_is_whole_or_not_there(number: str, width: int) -> None:
    fitted = fit_number(number, width)
    assert fitted.strip() == number if len(number) <= width else fitted == "#" * width


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("a\tb\r\nc", "a␉b␍␊c"),
        ("\x9b\u202e\ue000", "⟨9B⟩⟨202E⟩⟨E000⟩"),
        ("\ud800", "⟨D800⟩"),
        ("a\u00a0b\u3000c", "a b c"),
        ("\u0301a\u0301\u0302\u0303", "⟨301⟩a\u0301\u0302⟨303⟩"),
        ("\x1b\u0301", "␛⟨301⟩"),
        ("a \u0301b\u00a0\u0302", "a ⟨301⟩b ⟨302⟩"),
        ("[b]AAPL[/b] 205C", "[b]AAPL[/b] 205C"),
        ("אב 100 ٣ ع", "⟨5D0⟩⟨5D1⟩ 100 ⟨663⟩ ⟨639⟩"),
        ("ᄀ가", "⟨1100⟩가"),
    ],
)
def test_the_marks(raw: str, shown: str) -> None:
    assert show(raw) == shown


def test_a_wide_character_that_does_not_fit_leaves_a_space() -> None:
    assert fit("股票", 3) == "股…"
    assert fit("a股票", 3) == "a… "
    assert fit_end("股票x", 3) == "…x "


def test_an_end_does_not_begin_with_a_mark_that_lost_its_base() -> None:
    assert fit_end("abcde\u0301f", 2) == "…f"
    assert fit_end("ae\u0301", 1) == "…"
