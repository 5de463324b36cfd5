"""Text with a role: what a screen is made of before it has colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from blotter.core.text import cells, fit, fit_end
from blotter.core.words.wrap import chop

GAP = 3


class Role(StrEnum):
    """What a piece of text is; the style sheets say how it looks."""

    TITLE = "title"
    MONEY = "money"
    """LIVE or PRACTICE, in reverse video."""
    STRONG = "strong"
    PLAIN = "plain"
    DIM = "dim"
    NEWS = "news"
    ALERT = "alert"
    FOCUS = "focus"
    CHOICE = "choice"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` is safe for a screen: whoever builds a piece of broker text has passed it through ``show``."""

    text: str
    role: Role = Role.PLAIN


Line = tuple[Piece, ...]


def plain(line: Line) -> str:
    return "".join(piece.text for piece in line).rstrip()


def length(line: Iterable[Piece]) -> int:
    """Width in terminal cells."""
    return sum(cells(piece.text) for piece in line)


def spaced(pieces: Sequence[Piece]) -> Line:
    """One line: a space at the left edge, then the pieces, ``GAP`` apart."""
    line = [Piece(" ")]
    for index, piece in enumerate(pieces):
        line += [Piece(" " * GAP), piece] if index else [piece]
    return tuple(line)


def edged(line: Line) -> Line:
    """``line`` with the bar that marks a question's ground off from the table, in the place of its first space."""
    first, *rest = line or (Piece(" "),)
    return (Piece("▌", Role.EDGE), Piece(first.text[1:], first.role), *rest)


def flow(pieces: Iterable[Piece], width: int) -> list[Line]:
    """Pieces side by side on as many lines as they need; one longer than a line is broken, never cut."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        if lines and length(spaced([*lines[-1], piece])) <= width:
            lines[-1].append(piece)
            continue
        rest = piece.text
        while rest:
            head, rest = chop(rest, max(1, width - 1))
            lines.append([Piece(head, piece.role)])
    return [spaced(line) for line in lines]


def cut(line: Line, width: int) -> Line:
    """``line`` in at most ``width`` cells, with a mark where something is missing."""
    kept: list[Piece] = []
    room = width
    for piece in line:
        needed = cells(piece.text)
        if needed > room:
            missing = piece.text
            while not room and kept:
                piece = kept.pop()
                room, missing = cells(piece.text), piece.text + missing
            return (*kept, Piece(fit(missing, room), piece.role))
        kept.append(piece)
        room -= needed
    return tuple(kept)


def cut_middle(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells; both its ends survive, for that is where ids differ."""
    if cells(text) <= width:
        return text
    tail = max(0, (width - 1) // 2)
    return fit(text, width - tail) + fit_end(text, tail + 1)[1:] if tail else fit(text, width)


def join(lines: Iterable[Line], gap: str) -> Line:
    """One line of several, those that are empty left out."""
    joined: list[Piece] = []
    for line in lines:
        if line:
            joined += [Piece(gap), *line] if joined else line
    return tuple(joined)
