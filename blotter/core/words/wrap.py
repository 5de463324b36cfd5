"""Breaking text into lines of terminal cells, losing nothing."""

from __future__ import annotations

from blotter.core.text import cells


def chop(text: str, width: int) -> tuple[str, str]:
    """The longest head of ``text`` that fits into ``width`` cells, at least one character, and what is left.

    A character keeps its combining marks, also one that is wider than that.
    """
    used = 0
    for index, character in enumerate(text):
        size = cells(character)
        used += size
        if size and used > width and index:
            return text[:index], text[index:]
    return text, ""


def wrap(text: str, width: int) -> tuple[str, ...]:
    """``text`` in lines of at most ``width`` cells, broken at spaces, or within a word that is longer than a line.

    Every character but the space at a break is kept. Empty text is one empty line.
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if cells(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line, rest = chop(word, width)
        while rest:
            lines.append(line)
            line, rest = chop(rest, width)
    lines.append(line)
    return tuple(lines)
