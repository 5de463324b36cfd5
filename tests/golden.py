"""Golden texts: read in a review like any text. ``BLOTTER_LOOKS=write`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

LOOKS = Path(__file__).parent / "looks"


def same_as_golden(name: str, text: str) -> None:
    """Assert that ``text`` is the golden one of this name."""
    path = LOOKS / f"{name}.txt"
    if os.environ.get("BLOTTER_LOOKS") == "write":
        path.write_text(text + "\n", encoding="utf-8")
    assert path.exists(), f"{path.name} is missing; the text is:\n{text}"
    assert text + "\n" == path.read_text(encoding="utf-8")
