"""The two lines under the table: the cursor's order, with what its row has no room for, the legs of one with several
first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from blotter.core.book.row import Row
from blotter.core.book.status import is_finished, words
from blotter.core.instant import Instant
from blotter.core.sheets.sheet import stale
from blotter.core.text import show
from blotter.core.words import figures, ticket
from blotter.core.words.piece import Line, Piece, Role, cut, length, spaced
from blotter.ui.lines.line_view import LineView

DOT = " · "
NONE = "no order under the cursor; an arrow key picks one"


class DetailStrip(LineView, can_focus=False):
    """Follows the row under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._row: Row | None = None
        self._waits: int | None = None
        """Seconds until the cancel is sent once more."""
        self._doubt = ""
        """That the row may not be true, and since when."""

    def follow(self, row: Row | None, again: Instant | None = None, now: Instant | None = None) -> None:
        """Show this row, or that there is none. ``again`` is when its cancel is sent once more, if that is awaited."""
        waits = math.ceil(max(again.since(now), 0)) if again and now else None
        doubt = stale(row, now) if row and now else ""
        if row is not self._row or (waits, doubt) != (self._waits, self._doubt) or not self._lines:
            self._row, self._waits, self._doubt = row, waits, doubt
            self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width = self.scrollable_content_region.width
        if width:
            self.put(strip_lines(self._row, width, self._waits, self._doubt))


def strip_lines(row: Row | None, width: int, waits: int | None = None, doubt: str = "") -> tuple[Line, Line]:
    """The two lines for ``row`` in ``width`` cells; what does not fit is cut with a mark. ``waits`` counts the seconds
    until its cancel is sent once more, ``doubt`` says why the row may not be true.
    """
    if row is None:
        return (spaced([Piece(NONE, Role.DIM)]), ())
    order = row.order
    what = f"{ticket.side(order)} {figures.quantity(order.qty)} {ticket.contract_in_full(order)}"
    said = row.cancel_text or order.text or order.ord_rej_reason
    tag = Piece(f" {row.tag}  ", Role.STRONG)
    terms = Piece(" ".join((what, *ticket.terms(order))))
    standing = Piece(words(row), Role.ALERT if row.cancel_text else Role.PLAIN)
    if waits is not None:
        standing = Piece(f"cancel sent again in {waits} s, as the broker asked; c stops it", Role.ALERT)
    quoted = [Piece(f'broker: "{show(said)}"')] if said else []
    none = "no broker id" if is_finished(order) else "no broker id yet"
    ids = [Piece(f"id {show(order.cl_ord_id)} / {show(order.ord_id) or none}", Role.DIM)]
    head = (tag, *_dotted([terms, standing]))
    doubts = [Piece(doubt, Role.ALERT)] if doubt else []
    legs = [Piece("  ".join(ticket.legs(order)))] if len(order.legs) > 1 else []
    tail = [*doubts, *quoted, *legs, *ids] if row.cancel_text else [*doubts, *legs, *ids, *quoted]
    if length(head) > width:
        head, tail = (tag, terms), [standing, *tail]
    return (cut(head, width), cut((Piece(" "), *_dotted(tail)), width))


def _dotted(pieces: Sequence[Piece]) -> Line:
    return tuple(part for piece in pieces for part in (Piece(DOT, Role.DIM), piece))[1:]
