"""The six lines of a confirmation, as text with roles.

Six, because they take the place of the bottom lines of an 80x24 screen and no row may move. Each fact has its line:
what is asked and where; the order; what it is exactly; its ids; what happened since; the two choices. The same text is
what the trader reads and what is kept with the request as proof of what was read.

Broker text never appears here, only fields of the order: a refusal's wording or an order's remark could pretend to be
one of these lines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from blotter.core.asking.confirmation import Confirmation
from blotter.core.asking.risk import NAKED, is_protective
from blotter.core.book.row import Row
from blotter.core.contract import contract
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.core.text import cells, show
from blotter.core.words import figures, ticket
from blotter.core.words.piece import GAP, Line, Piece, Role, cut, cut_middle, flow, length, plain, spaced
from blotter.core.words.wrap import wrap

HEIGHT = 6
BODY = 3
MORE = "… and more: n, then enter shows it"
TOO_SMALL = "y is off: the terminal is too small to show the order whole"
UNRECORDED = "the journal cannot be written: this cancel goes out without a record"
NO_RECORD = "NO RECORD"
PROMISE = "y cancels only what is then left; fills before that stand."


@dataclass(frozen=True, slots=True)
class Sheet:
    """``whole`` is false when a terminal is too small for what must be read before saying yes."""

    lines: tuple[Line, ...]
    whole: bool

    @property
    def text(self) -> str:
        return "\n".join(map(plain, self.lines))


def sheet(
    asked: Confirmation, width: int, now: Instant, hint: str = "", height: int = HEIGHT, *, typed: str = ""
) -> Sheet:
    """The confirmation in ``width`` cells. ``hint`` is what to say about the last key, ``typed`` what stands of the tag
    that overrules the reason.
    """
    order = asked.row.order
    head, overflow = _head(asked, _standing(asked.row, now), width)
    guard = Piece(f"! protective stop: {NAKED}" if is_protective(order) else "", Role.ALERT)
    legs = [Piece(leg) for leg in ticket.legs(order)] if len(order.legs) > 1 else []
    sent_as = [Piece(f"symbol as sent {show(order.symbol)}", Role.DIM)] if contract(order) else []
    against = "" if asked.blocked or not asked.override else asked.reason or UNRECORDED
    both = bool(asked.reason and asked.journal)
    *long, against = wrap(against, max(1, width - 1 - both * (GAP + len(NO_RECORD))))
    warnings = [Piece(line, Role.ALERT) for line in long]
    details = [*legs, *overflow, *sent_as]
    body, body_whole = _body(order, warnings, [guard, *details] if guard.text else details, width)
    if any(guard in line for line in body):
        guard = Piece("")
    elif guard.text:  # long ids take its line: then it stands where the promise does
        body, body_whole = _body(order, warnings, details, width)
    choices = _choices(asked, hint, typed, width)
    whole = body_whole and max(length(head), length(choices)) <= width and height >= HEIGHT
    lines = (head, *body, _said(asked, now, hint, whole, against, guard), choices)
    return Sheet(tuple(cut(line, width) for line in lines[-height:]), whole)


def placed(order: Order, now: Instant) -> str:
    """How long ago the broker says that the order was made; only the wall clock can tell."""
    if order.created_at is None:
        return ""
    return f"placed {ticket.span((now.utc - order.created_at).total_seconds())} ago"


def stale(row: Row, now: Instant) -> str:
    """That the figures may be wrong, and why; empty while the row is kept true."""
    if row.stale_since is not None:
        return f"STALE since {ticket.span(now.since(row.stale_since))}: figures may be old"
    return "DOUBTED: figures are being read again" if row.needs_read else ""


def identifier(text: str) -> str:
    """An id as it stands on the screen; one that is not printable ASCII quoted and with escapes, for two ids that look
    alike may differ in a character that nobody sees.
    """
    return show(text) if text.isascii() and text.isprintable() else show(json.dumps(text))


def _standing(row: Row, now: Instant) -> list[Piece]:
    age = placed(row.order, now)
    return [Piece(ticket.words(row.order.ord_status)), *([Piece(age, Role.DIM)] if age else [])]


def _head(asked: Confirmation, facts: Sequence[Piece], width: int) -> tuple[Line, list[Piece]]:
    """The first line, and those of ``facts`` that found no room on it."""
    line = [
        Piece(f" CANCEL {asked.row.tag}?", Role.TITLE),
        Piece("  "),
        Piece(f" {asked.kind} ", Role.MONEY),
        Piece("  account "),
        Piece(show(asked.account or asked.row.order.account), Role.STRONG),
    ]
    for index, fact in enumerate(facts):
        if length(line) + GAP + cells(fact.text) > width:
            return tuple(line), list(facts[index:])
        line += [Piece(" " * GAP), fact]
    return tuple(line), []


def _body(order: Order, warnings: Sequence[Piece], details: Sequence[Piece], width: int) -> tuple[list[Line], bool]:
    """Three lines: the order, what it is exactly, its ids. Details give way first, and say so; then ids are cut."""
    essential = flow(
        [
            Piece(f"{ticket.side(order)}  {ticket.left(order)}", Role.STRONG),
            Piece(ticket.contract_in_full(order), Role.STRONG),
            *(Piece(term, Role.STRONG) for term in ticket.terms(order)),
            *warnings,
        ],
        width,
    )
    ids = [Piece(f"client id {identifier(order.cl_ord_id)}"), Piece(f"broker id {show(order.ord_id) or 'none yet'}")]
    for kept in range(len(details), -1, -1):
        said = [*details[:kept], *([] if kept == len(details) else [Piece(MORE, Role.DIM)])]
        lines = [*essential, *(flow(said, width) or [()]), *flow(ids, width)]
        if len(lines) <= BODY:
            return lines, True
    room = BODY - len(essential)
    if room < 1:
        return essential[:BODY], False
    lines = flow(ids, width)
    if len(lines) > room:
        share = (width - 1 - GAP) // 2 if room == 1 else width - 1
        lines = flow([Piece(cut_middle(piece.text, share)) for piece in ids], width)
    return [*essential, *[()] * (room - len(lines)), *lines], True


def _said(asked: Confirmation, now: Instant, hint: str, whole: bool, against: str, guard: Piece) -> Line:
    old = Piece(stale(asked.row, now), Role.ALERT)
    chosen = Piece(asked.chosen, Role.NEWS)
    if asked.blocked:
        parts = [Piece(f"y is off: {asked.blocked}", Role.ALERT), old]
    elif not whole:
        parts = [Piece(TOO_SMALL, Role.ALERT)]
    elif asked.override:
        unrecorded = NO_RECORD if asked.reason and asked.journal else ""
        parts = [Piece(against, Role.ALERT), Piece(unrecorded, Role.ALERT), old, chosen, Piece(asked.news, Role.NEWS)]
    else:
        parts = [Piece(hint, Role.ALERT), old, chosen, Piece(asked.news, Role.NEWS)]
    return spaced([part for part in (*parts, guard) if part.text] or [Piece(PROMISE, Role.DIM)])


def _choices(asked: Confirmation, hint: str, typed: str, width: int) -> Line:
    if asked.blocked:
        anew = "   then c on the order asks anew" if asked.again else ""
        return (Piece(" "), Piece("[ n  close this ]", Role.FOCUS), Piece(anew, Role.DIM))
    if asked.override:
        keep = (Piece(" "), Piece("[ esc  keep the order ]", Role.FOCUS), Piece("   "))
        order = f"type {asked.row.tag}, then enter"
        prompt = hint or f"{order}, to cancel all the same:"
        tag = Piece(f" {show(typed)}_", Role.STRONG)
        if length((*keep, Piece(prompt), tag)) > width:
            prompt = f"{order}:"
        return (*keep, Piece(prompt, Role.ALERT if hint else Role.CHOICE), tag)
    rest = figures.quantity(asked.row.order.leaves_qty)
    return (
        Piece(" "),
        Piece("[ n  keep the order ]", Role.FOCUS),
        Piece("    "),
        Piece(f"y  cancel what is left: {rest}", Role.CHOICE),
    )
