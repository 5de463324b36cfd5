"""One message of the panel, as lines."""

from __future__ import annotations

from blotter.core.notice import Notice, Severity
from blotter.core.text import cells, fit, show
from blotter.core.words.piece import Line, Piece, Role, cut, length
from blotter.core.words.wrap import wrap

WORD = max(len(severity) for severity in Severity)
TAG = 2
NARROW = 20
"""Cells of text below which a wrapped message starts at the left edge instead of under its first line."""

ROLES = {Severity.INFO: Role.PLAIN, Severity.WARN: Role.NEWS, Severity.ALERT: Role.ALERT}


class KeptMessage:
    """A notice, whether it was ever drawn and still waits to be acknowledged, and its lines at the last width.

    ``outcomes`` are the notice's own until they were acknowledged.
    """

    __slots__ = ("_lines", "_width", "drawn", "notice", "outcomes", "unread")

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.unread = notice.severity is Severity.ALERT
        self.drawn = False
        self.outcomes = notice.outcomes
        self._lines: tuple[tuple[Piece, ...], ...] = ()
        self._width = -1

    def short(self, width: int) -> Line:
        """One line, cut with a mark where it is too long; our sentence comes first."""
        head = self._head()
        return _padded((*head, Piece(self._text(), self._role())), width)

    def folded(self, width: int, most: int) -> tuple[Line, ...]:
        """At most ``most`` lines: all of it, or its beginning, cut with a mark."""
        lines = self.wrapped(width)
        if most <= 1:
            return (self.short(width),)
        if len(lines) <= most:
            return tuple(_padded(line, width) for line in lines)
        indent, *_ = lines[most - 1]
        rest = " ".join(piece.text for line in lines[most - 1 :] for piece in line[1:])
        return (*lines[: most - 1], _padded((indent, Piece(rest, self._role())), width))

    def wrapped(self, width: int) -> tuple[Line, ...]:
        """As many lines as the text needs: nothing is lost."""
        if width != self._width:
            self._lines, self._width = self._wrap(width), width
        first, *rest = self._lines
        return ((*self._head(), *first[1:]), *rest)

    def _wrap(self, width: int) -> tuple[Line, ...]:
        head = self._head()
        indent = length(head)
        if width - indent < NARROW:
            indent = 1
            lines = ("", *wrap(self._text(), max(1, width - indent)))
        else:
            lines = wrap(self._text(), width - indent)
        return tuple((Piece(" " * indent), Piece(line, self._role())) for line in lines)

    def _head(self) -> Line:
        notice = self.notice
        tag = show(notice.tag)
        return (
            Piece("!" if self.unread else " ", Role.ALERT),
            Piece(f"{notice.at:%H:%M:%S}Z ", Role.DIM),
            Piece(f"{tag + ' ' * (TAG - cells(tag))} ", Role.STRONG),
            Piece(f"{notice.severity:{WORD}} ", self._role()),
        )

    def _text(self) -> str:
        """Our sentence, then the broker's own words in quotes."""
        ours, theirs = show(self.notice.text), show(self.notice.broker_text)
        if not theirs:
            return ours
        return f'{ours.removesuffix(".")}: "{theirs}"' if ours else f'broker: "{theirs}"'

    def _role(self) -> Role:
        return ROLES[self.notice.severity]


def _padded(line: Line, width: int) -> Line:
    line = cut(line, width)
    return (*line, Piece(fit("", width - length(line))))
