from __future__ import annotations

import pytest

from blotter.ui.clipboard import unfit


@pytest.mark.parametrize("text", ["clord-1", "A 1~"])
def test_printable_ascii_may_be_copied(text: str) -> None:
    assert unfit(text) is None


@pytest.mark.parametrize("text", ["", "a\nb", "a\x1b]52;c;b", "é", "a\u202eb", "a\x7f"])
def test_anything_else_may_not(text: str) -> None:
    assert unfit(text)
