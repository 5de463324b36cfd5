"""The two lines under the table: the cursor's order, with what its row has no room for."""

from __future__ import annotations

from collections.abc import Sequence

from blotter.core import figures, ticket
from blotter.core.piece import Line, Piece, Role, cut, length, spaced
from blotter.core.row import Row
from blotter.core.status import words
from blotter.core.text import show
from blotter.ui.line_view import LineView

DOT = " · "
NONE = "no order under the cursor; an arrow key picks one"


class DetailStrip(LineView, can_focus=False):
    """Follows the row under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._row: Row | None = None

    def follow(self, row: Row | None) -> None:
        """Show this row, or that there is none."""
        if row is not self._row or not self._lines:
            self._row = row
            self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width = self.scrollable_content_region.width
        if width:
            self.put(strip_lines(self._row, width))


def strip_lines(row: Row | None, width: int) -> tuple[Line, Line]:
    """The two lines for ``row`` in ``width`` cells; what does not fit is cut with a mark."""
    if row is None:
        return (spaced([Piece(NONE, Role.DIM)]), ())
    order = row.order
    what = f"{ticket.side(order)} {figures.quantity(order.qty)} {ticket.contract_in_full(order)}"
    said = row.cancel_text or order.text or order.ord_rej_reason
    tag = Piece(f" {row.tag}  ", Role.STRONG)
    terms = Piece(" ".join((what, *ticket.terms(order))))
    standing = Piece(words(row), Role.ALERT if row.cancel_text else Role.PLAIN)
    quoted = [Piece(f'broker: "{show(said)}"')] if said else []
    ids = [Piece(f"id {show(order.cl_ord_id)} / {show(order.ord_id) or 'no broker id yet'}", Role.DIM)]
    head = (tag, *_dotted([terms, standing]))
    tail = [*quoted, *ids] if row.cancel_text else [*ids, *quoted]
    if length(head) > width:
        head, tail = (tag, terms), [standing, *tail]
    return (cut(head, width), cut((Piece(" "), *_dotted(tail)), width))


def _dotted(pieces: Sequence[Piece]) -> Line:
    return tuple(part for piece in pieces for part in (Piece(DOT, Role.DIM), piece))[1:]
