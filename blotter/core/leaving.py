"""The question before the blotter is left while cancels have no answer: how many, which, and what leaving means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blotter.core import figures, ticket
from blotter.core.cancel import CancelState
from blotter.core.instant import Instant
from blotter.core.piece import Line, Piece, Role, cut, spaced
from blotter.core.row import Row
from blotter.core.status import is_finished

HEIGHT = 6
LISTED = 3
PROMISE = "Leaving cancels no order; the next start asks the broker about these."

_SAID = {
    CancelState.SENT: "sent at {}, not answered",
    CancelState.UNKNOWN: "sent at {}, outcome unknown",
    CancelState.UNCONFIRMED: "sent at {}, unconfirmed, still working",
}


def unanswered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those with a cancel of ours that got no answer, the oldest request first."""
    waiting = (row for row in rows if row.cancel in _SAID and not is_finished(row.order))
    return tuple(sorted(waiting, key=lambda row: _sent(row).mono))


def leaving(rows: Sequence[Row], width: int, *, waits: bool) -> tuple[Line, ...]:
    """The six lines. ``waits``: the trader chose to wait for the answers here."""
    many = len(rows)
    title = f" QUIT?  {many} cancel{'' if many == 1 else 's'} without an answer"
    listed = rows if many <= LISTED else rows[: LISTED - 1]
    lines: list[Line] = [(Piece(title, Role.TITLE),), *map(_which, listed)]
    if many > len(listed):
        lines.append(spaced([Piece(f"and {many - len(listed)} more", Role.ALERT)]))
    lines += [()] * (1 + LISTED - len(lines))
    keep = "[ waiting: closes when all are answered ]" if waits else "[ w  wait for the answer ]"
    choices = [Piece(keep, Role.FOCUS), Piece("l  leave now", Role.CHOICE), Piece("esc  back", Role.DIM)]
    lines += [spaced([Piece(PROMISE, Role.DIM)]), spaced(choices)]
    return tuple(cut(line, width) for line in lines)


def _which(row: Row) -> Line:
    order = row.order
    what = f"{ticket.side(order)} {figures.quantity(order.leaves_qty)} {ticket.contract_in_full(order)}"
    said = _SAID[row.cancel].format(f"{_sent(row).utc:%H:%M:%S}Z")
    return (Piece(f" {row.tag}  ", Role.STRONG), Piece(what), Piece("   "), Piece(said, Role.ALERT))


def _sent(row: Row) -> Instant:
    asked = (ask.asked for ask in reversed(row.asks) if ask.state is row.cancel)
    return next(asked, row.cancel_at or row.reported)
