"""Text as a cell of a CSV file that a spreadsheet opens.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``, of either width; where the list separator is a
semicolon, it takes what stands behind one for a cell of its own, whatever is quoted. Broker text could do either, so
each such place gets an apostrophe, which makes it text. A number is left as it is.
"""

from __future__ import annotations

import re

from blotter.core.text import show

_ACTS = re.compile(r"(^|;)(?= *[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def cell(text: str) -> str:
    """``text`` shown, and not run by any spreadsheet; still to be quoted as CSV wants it."""
    shown = show(text)
    return shown if _NUMBER.fullmatch(shown) else _ACTS.sub(r"\1'", shown)
