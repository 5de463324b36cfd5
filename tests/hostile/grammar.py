"""The output of the program, read strictly: what it says to the terminal is on a list, or it is wrong."""

from __future__ import annotations

import re

from blotter.core.text import show

SEQUENCES = re.compile(
    rb"|".join(
        (
            rb"\x1b\[(?:\d{1,3}(?:;\d{1,3})*)?m",  # colours
            rb"\x1b\[\d{1,3};\d{1,3}H",  # the cursor's place
            rb"\x1b\[[0-2]?[JK]",  # erasing
            rb"\x1b\[\?(?:1049|25|7|1004|2004)[hl]",  # other screen, cursor, line wrap, focus reports, paste marks
            rb"\x1b\[\?(?:2026|2048)(?:\$p|[hl])",  # synchronized output and resize reports, asked for and used
            rb"\x1b\[\?(?:1000|1002|1003|1006|1015|1016)l",  # the mouse, off
            rb"\x1b\[(?:>\d{1,2}|<)u",  # the kitty keyboard protocol
            rb"\x1b\]22;default\x07",  # the pointer's usual shape
            rb"\x18\x1b\\",  # the end of anything half written, when the terminal is given back
            rb"\r?\n|\r",
        )
    )
)
COPY = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
PLAIN = re.compile(rb"[^\x00-\x1f\x7f]+")


def violations(raw: bytes, copies: int = 0) -> list[str]:
    """Everything in ``raw`` that the program has no business to write; ``copies`` to the clipboard are allowed."""
    found = []
    at = 0
    while at < len(raw):
        if match := SEQUENCES.match(raw, at):
            pass
        elif match := PLAIN.match(raw, at):
            if wrong := _unseen(match.group()):
                found.append(wrong)
        elif copies and (match := COPY.match(raw, at)):
            copies -= 1
        else:
            found.append(f"{raw[max(0, at - 30) : at]!r} then {raw[at : at + 30]!r}")
            at += 1
            continue
        at = match.end()
    return found


def _unseen(text: bytes) -> str:
    try:
        said = text.decode()
    except UnicodeDecodeError:
        return f"not UTF-8: {text!r}"
    # Combining marks may begin a run: the base stands before the colour.
    return "" if show(f"x{said}") == f"x{said}" else f"not seen: {said!r}"
