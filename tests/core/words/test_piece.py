from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blotter.core.text import cells, show
from blotter.core.words.piece import Piece, cut, cut_middle, flow, length, plain, spaced

shown = st.text(max_size=40).map(show)
pieces = st.lists(shown.map(Piece), max_size=8)


@given(pieces, st.integers(3, 60))
def test_a_flow_keeps_every_character_within_the_width(parts: list[Piece], width: int) -> None:
    lines = flow(parts, width)
    assert all(length(line) <= width for line in lines)
    told = "".join(piece.text for line in lines for piece in line)
    assert told.replace(" ", "") == "".join(part.text for part in parts).replace(" ", "")


@given(pieces, st.integers(0, 60))
def test_a_cut_line_fits_and_says_that_it_is_cut(parts: list[Piece], width: int) -> None:
    line = spaced(parts)
    short = cut(line, width)
    assert length(short) <= width
    if length(line) <= width:
        assert short == line
    elif width > 0:
        assert "…" in plain(short)


@given(shown, st.integers(1, 60))
def test_a_middle_cut_fits(text: str, width: int) -> None:
    assert cells(cut_middle(text, width)) <= width


def test_a_middle_cut_keeps_both_ends() -> None:
    assert cut_middle("clord-2026-000001", 9) == "clor…0001"
    assert cut_middle("clord-1", 9) == "clord-1"


def test_pieces_stand_side_by_side_until_the_line_is_full() -> None:
    lines = flow([Piece("BUY"), Piece("left 300 of 300"), Piece("AAPL")], 25)
    assert [plain(line) for line in lines] == [" BUY   left 300 of 300", " AAPL"]
