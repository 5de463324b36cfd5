"""One message of the panel, as lines."""

from __future__ import annotations

from datetime import timedelta

from blotter.core.notice import Notice, Severity
from blotter.core.text import cells, fit, show
from blotter.core.words.piece import Line, Piece, Role, cut, length
from blotter.core.words.wrap import wrap

WORD = max(len(severity) for severity in Severity)
TAG = 2
NARROW = 20
"""Cells of text below which a wrapped message starts at the left edge instead of under its first line."""

MOMENT = timedelta(minutes=1)
"""How long after the last of them one more order joins those of which the same was said."""
MOST = 500
"""Orders in one message at most: each that joins breaks its lines anew."""

ROLES = {Severity.INFO: Role.PLAIN, Severity.WARN: Role.NEWS, Severity.ALERT: Role.ALERT}


class KeptMessage:
    """A notice, or several that say the same of one order each: the sentence once, then all their tags.

    It knows whether it waits to be acknowledged, which of its lines were ever drawn, and its lines at the last width.
    ``outcomes`` are the notices' own until they were acknowledged.
    """

    __slots__ = ("_drawn", "_keys", "_lines", "_width", "notices", "outcomes", "unread")

    def __init__(self, notice: Notice) -> None:
        self.notices = [notice]
        self.unread = notice.severity is Severity.ALERT
        self.outcomes = notice.outcomes
        self._keys = {notice.key}
        self._drawn: set[int] = set()
        self._lines: tuple[Line, ...] = ()
        self._width = -1

    @property
    def newest(self) -> Notice:
        return self.notices[-1]

    @property
    def is_crowd(self) -> bool:
        return len(self.notices) > 1

    @property
    def waiting(self) -> int:
        """How many alerts in it are not acknowledged."""
        return len(self.notices) if self.unread else 0

    @property
    def drawn(self) -> bool:
        """Whether it was shown as it is: its beginning, or every line where there are tags to be read."""
        return len(self._drawn) == len(self._lines) if self.is_crowd else bool(self._drawn)

    @property
    def picture(self) -> tuple[Line, ...]:
        """Its lines as they were last wrapped: another one after each change of them."""
        return self._lines

    def drew(self, lines: range, picture: tuple[Line, ...]) -> None:
        """A frame with these lines of that picture was written; an older picture lacks what joined since."""
        if picture is self._lines or not self.is_crowd:
            self._drawn.update(lines)

    def may_join(self, notice: Notice) -> bool:
        """Whether ``notice`` says the same, of another order, before any of it was put away."""
        newest = self.newest
        return (
            self.unread
            and len(self.notices) < MOST
            and bool(notice.tag and newest.tag)
            and (notice.severity, notice.text, notice.broker_text) == (newest.severity, newest.text, newest.broker_text)
            and notice.key not in self._keys
        )

    def join(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._keys.add(notice.key)
        self.outcomes += notice.outcomes
        self._drawn.clear()
        self._width = -1

    def short(self, width: int) -> Line:
        """One line, cut with a mark where it is too long; our sentence comes first."""
        head = self._head()
        said = f"{self._text()} {self._tags()}" if self.is_crowd else self._text()
        return _padded((*head, Piece(said, self._role())), width)

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
            if self.is_crowd:
                self._drawn.clear()
        first, *rest = self._lines
        return ((*self._head(), *first[1:]), *rest)

    def _wrap(self, width: int) -> tuple[Line, ...]:
        begin: tuple[str, ...] = ()
        indent = length(self._head())
        if width - indent < NARROW:
            indent, begin = 1, ("",)
        room = max(1, width - indent)
        tags = wrap(self._tags(), room) if self.is_crowd else ()
        lines = [Piece(line, self._role()) for line in (*begin, *wrap(self._text(), room))]
        lines += [Piece(line, Role.STRONG) for line in tags]
        return tuple((Piece(" " * indent), line) for line in lines)

    def _head(self) -> Line:
        notice = self.newest
        tag = "" if self.is_crowd else show(notice.tag)
        return (
            Piece("!" if self.unread else " ", Role.ALERT),
            Piece(f"{notice.at:%H:%M:%S}Z ", Role.DIM),
            Piece(f"{tag + ' ' * (TAG - cells(tag))} ", Role.STRONG),
            Piece(f"{notice.severity:{WORD}} ", self._role()),
        )

    def _text(self) -> str:
        """Our sentence, then the broker's own words in quotes; how many orders it is about stands before it."""
        ours, theirs = show(self.newest.text), show(self.newest.broker_text)
        said = ours
        if theirs:
            said = f'{ours.removesuffix(".")}: "{theirs}"' if ours else f'broker: "{theirs}"'
        if not self.is_crowd:
            return said
        since, until = (f"{notice.at:%H:%M:%S}Z" for notice in (self.notices[0], self.newest))
        return f"{len(self.notices)} orders{f' since {since}' if since != until else ''}: {said}"

    def _tags(self) -> str:
        return " ".join(show(notice.tag) for notice in self.notices)

    def _role(self) -> Role:
        return ROLES[self.newest.severity]


def _padded(line: Line, width: int) -> Line:
    line = cut(line, width)
    return (*line, Piece(fit("", width - length(line))))
