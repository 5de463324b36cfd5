"""Where the broker's sources contradict each other (the API notes' section 10), both sides are understood.

Every test of this folder is named by its row. What a strict server might still refuse is a setting; what says the same
in two ways is read in both.
"""

from __future__ import annotations

import re
from pathlib import Path

ROWS = {*range(1, 12), *range(13, 16), *range(17, 21), 22, 24}


def test_every_row_has_its_test() -> None:
    sources = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    named = [
        int(row) for source in sources for row in re.findall(r"^(?:async )?def test_row_(\d\d)_", source, re.MULTILINE)
    ]
    assert set(named) == ROWS
