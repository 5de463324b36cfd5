"""The question before many cancels, as text with roles: the line above the set, its rows, the six lines below.

The set takes the place of the table and the six lines that of the bottom, as in :mod:`.sheet`: nothing
else on the screen moves. Broker text never appears here, only fields of the orders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from blotter.core.account import Accounts
from blotter.core.asking.many import Entry, Many, Place
from blotter.core.asking.risk import NAKED, note
from blotter.core.instant import Instant
from blotter.core.sheets.columns import Cell, Column, columns_for, render_cells
from blotter.core.text import fit, show
from blotter.core.words.piece import Line, Piece, Role, cut, flow, length, spaced

HEIGHT = 6
PROMISE = "what is then left of each order is canceled; fills before that stand"
HARMLESS = "no protective stop and no multi-leg order among them"
NO_RECORD = "NO RECORD: the journal cannot be written"
KEPT_FOR_LATER = "kept for the next file that works"
NAMED_ABOVE = 3
"""From so many accounts on, the title counts them: the line above the set names each."""

_NOTES = {Place.KEPT: "kept", Place.LEFT: "left", Place.CHANGED: "block"}

NOTE = "note"


@dataclass(frozen=True, slots=True)
class Typing:
    """What was typed so far, what is to be said about the last key, and whether the end of the set was on the screen.

    ``rows`` says which rows are in view, for a set that is longer than the screen. ``again``: the count was typed once,
    and nothing can be put on record.
    """

    text: str = ""
    hint: str = ""
    read: bool = True
    rows: str = ""
    again: bool = False


def above(many: Many, accounts: Accounts, width: int) -> tuple[Line, ...]:
    """The scope, the count and every account touched, on as many lines as they need."""
    said = [Piece(many.sentence, Role.STRONG)]
    for account, count in many.accounts:
        named = accounts.of(account)
        said.append(Piece(f"{show(named.full_name)} {named.kind}: {count}"))
    return tuple(flow(said, width))


def columns(width: int, accounts: Accounts) -> tuple[Column, ...]:
    """The table's own columns, with a note in the place of the age."""
    known = columns_for(width, len(accounts), names=accounts.label_width(8), mixed=accounts.mixed)
    return tuple(replace(column, name=NOTE, right=False) if column.name == "age" else column for column in known)


def row_cells(entry: Entry, of: tuple[Column, ...], now: Instant, accounts: Accounts) -> tuple[Cell, ...]:
    """The cells of one order, each exactly as wide as its column."""
    cells = list(render_cells(entry.row, tuple(each for each in of if each.name != NOTE), now, accounts))
    for index, column in enumerate(of):
        if column.name == NOTE:
            role = "status-alert" if entry.place is Place.IN else "dim"
            cells.insert(index, Cell(fit(_note(entry), column.width), role))
    return tuple(cells)


def is_pointed_out(entry: Entry) -> bool:
    """Whether a mark stands before the row."""
    return entry.place is Place.IN and bool(note(entry.row.order))


def below(many: Many, accounts: Accounts, typing: Typing, width: int) -> tuple[Line, ...]:
    """The six lines under the set."""
    lines = (
        _title(many, accounts, width),
        _pointed_out(many),
        spaced([part for part in (Piece(many.kept, Role.NEWS), _stale(many)) if part.text]),
        _said(many),
        _answer(many, typing),
        _choices(many),
    )
    return tuple(cut(line, width) for line in lines)


def shown(around: tuple[str, str], entry: Entry, of: tuple[Column, ...], now: Instant, accounts: Accounts) -> str:
    """What was on the screen of one order of the set: the lines above, its row, the lines below."""
    row = " ".join(cell.text for cell in row_cells(entry, of, now, accounts)).rstrip()
    return "\n".join((around[0], f"  {row}", around[1]))


def orders(count: int) -> str:
    return "1 order" if count == 1 else f"{count} orders"


def _note(entry: Entry) -> str:
    if entry.place is not Place.IN:
        return _NOTES[entry.place]
    doubted = entry.row.stale_since is not None or entry.row.needs_read
    return note(entry.row.order) or ("stale" if doubted else "")


def _title(many: Many, accounts: Accounts, width: int) -> Line:
    touched = [accounts.of(account) for account, _ in many.accounts]
    kinds = dict.fromkeys(account.kind for account in touched)
    line = [Piece(f" CANCEL {orders(many.count).upper()}?", Role.TITLE), Piece("  ")]
    for kind in kinds:
        line += [Piece(f" {kind} ", Role.MONEY), Piece(" ")]
    names = [show(account.full_name) for account in touched]
    in_full = (Piece(" in "), Piece(", ".join(names), Role.STRONG))
    if len(names) < NAMED_ABOVE and length((*line, *in_full)) <= width:
        return (*line, *in_full)
    return (*line, Piece(f" in {len(names)} accounts, named above", Role.STRONG))


def _pointed_out(many: Many) -> Line:
    stops, legs = many.protective, many.multi_leg
    found = [
        f"{stops} protective {'stop' if stops == 1 else 'stops'}" if stops else "",
        f"{legs} multi-leg {'order' if legs == 1 else 'orders'}" if legs else "",
    ]
    if not any(found):
        return spaced([Piece(HARMLESS, Role.DIM)])
    words = ", ".join(part for part in found if part)
    naked = f": {NAKED}" if stops else ""
    return (Piece(" "), Piece(f"! {words}{naked}", Role.ALERT))


def _stale(many: Many) -> Piece:
    return Piece(f"{many.stale} STALE: figures may be old" if many.stale else "", Role.ALERT)


def _said(many: Many) -> Line:
    if many.blocked:
        return spaced([Piece(f"the count is off: {many.blocked}", Role.ALERT)])
    news = Piece(f"{len(many.news)} left the set meanwhile: {_list(many.news)}", Role.NEWS) if many.news else None
    if many.journal:
        return spaced([Piece(NO_RECORD, Role.ALERT), news or Piece(KEPT_FOR_LATER, Role.ALERT)])
    return spaced([news or Piece(PROMISE, Role.DIM)])


def _answer(many: Many, typing: Typing) -> Line:
    if many.blocked:
        return ()
    if not typing.read:
        more = f"the set goes on ({typing.rows}): End shows the rest, then type the count"
        return spaced([Piece(typing.hint or more, Role.ALERT if typing.hint else Role.NEWS)])
    prompt = f"type {many.count}{' again' if typing.again else ''}, then enter: "
    why = "to send without a record, " if typing.again and not typing.hint else ""
    return (
        Piece(f" {why}{prompt}", Role.ALERT if why else Role.PLAIN),
        Piece(f" {typing.text}", Role.FOCUS),
        Piece(" ", Role.FOCUS),
        Piece(f"   {typing.hint}", Role.ALERT),
    )


def _choices(many: Many) -> Line:
    if many.blocked:
        return (Piece(" "), Piece("[ n  close this ]", Role.FOCUS))
    return (Piece(" "), Piece("[ n  keep all ]", Role.CHOICE), Piece("   arrows, PageDown, End read on", Role.DIM))


def _list(parts: Iterable[str], most: int = 3) -> str:
    said = list(parts)
    more = f" and {len(said) - most} more" if len(said) > most else ""
    return ", ".join(said[:most]) + more
