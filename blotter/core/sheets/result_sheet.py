"""A mass cancel in lines: the two under the table while it runs, and the sheet of what became of each order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from blotter.core.account import Accounts
from blotter.core.asking.mass import Fate, MassProgress, Result, progress_words, worst_first
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED
from blotter.core.instant import Instant
from blotter.core.order import OrderKey
from blotter.core.text import cells, fit, show
from blotter.core.words import figures, ticket
from blotter.core.words.piece import Line, Piece, Role, cut, length
from blotter.core.words.wrap import wrap

FATE = max(len(fate) for fate in Fate)
TAG = 5
WIDE = 120
"""From so many cells on, an order and its outcome stand side by side."""

_ENDS = (Fate.CANCELED, Fate.FILLED, Fate.ENDED)

RowOf = Callable[[OrderKey], Row | None]
"""The row of an order, or of the one that replaced it; ``None`` where there is none."""

_ROLES = {
    Fate.UNKNOWN: Role.ALERT,
    Fate.REFUSED: Role.ALERT,
    Fate.NOT_SENT: Role.ALERT,
    Fate.FILLED: Role.NEWS,
    Fate.ENDED: Role.NEWS,
    Fate.PENDING: Role.NEWS,
    Fate.SENT: Role.NEWS,
    Fate.QUEUED: Role.DIM,
    Fate.CANCELED: Role.PLAIN,
}


def running_lines(progress: MassProgress, kinds: Sequence[str], keys: str, width: int) -> tuple[Line, Line]:
    """The two lines that stand for a mass cancel. ``keys`` says what can be done about it."""
    doing = "OVER" if progress.over else "STOPPING" if progress.stopped else "CANCELING"
    foot: list[Piece] = [Piece(f" {doing} ", Role.TITLE)]
    for kind in kinds:
        foot += [Piece(f" {kind} ", Role.MONEY), Piece(" ")]
    room = width - sum(cells(piece.text) for piece in foot) - cells(keys) - 2
    foot += [*_bar(progress, min(30, room)), Piece(f" {keys}", Role.STRONG)]
    return cut((Piece(f" {progress_words(progress)}", _worst(progress)),), width), cut(tuple(foot), width)


def result_lines(
    progress: MassProgress,
    results: Sequence[Result],
    kinds: Sequence[str],
    width: int,
    *,
    accounts: Accounts,
    row_of: RowOf,
    link: Line = (),
) -> list[Line]:
    """The sheet: how many of each, then every order, the worst first. ``link`` says what vouches for all of it now."""
    state = "over" if progress.over else "stopped" if progress.stopped and not progress.queued else "running"
    head: list[Piece] = [Piece(" RESULT", Role.TITLE), Piece("  ")]
    for kind in kinds:
        head += [Piece(f" {kind} ", Role.MONEY), Piece(" ")]
    head += [Piece(f" {show(progress.sentence)}", Role.STRONG)]
    lines: list[Line] = [
        cut(tuple(head), width),
        cut((Piece(f" {state}: {progress_words(progress)}", _worst(progress)),), width),
        cut(link, width),
        (),
    ]
    names = accounts.label_width(8)
    for result in worst_first(results):
        account = accounts.of(result.order.account).label(names)
        lines += _result(result, account, outcome(result, row_of(result.key)), width)
    return lines


def what(result: Result) -> str:
    """The order in words: side, quantity, contract, terms."""
    order = result.order
    said = (ticket.side(order), figures.quantity(order.qty), ticket.contract_in_full(order), *ticket.terms(order))
    return " ".join(said)


def outcome(result: Result, row: Row | None) -> str:
    """What became of it, in words of ours, with figures where something filled.

    ``row`` is its row now. What may have changed since is told with the time of the day it was true, never with an
    age: the words are exported, too.
    """
    order = result.order
    filled = f"{figures.quantity(order.cum_qty)} of {figures.quantity(order.qty)} filled" if order.cum_qty else ""
    # What could be done about a refusal is over with the order.
    said = "Not canceled" if result.fate is Fate.REFUSED and order.ord_status in FINISHED else show(result.text)
    parts = [part for part in (said, _standing(result, row), filled) if part]
    return "; ".join([*(part.removesuffix(".") for part in parts[:-1]), *parts[-1:]])


def _standing(result: Result, row: Row | None) -> str:
    """What the order is now, where the fate does not say it, and since when nothing vouches for that."""
    status = show(result.order.ord_status)
    if result.order.ord_status in FINISHED:
        told = result.fate in (Fate.CANCELED, Fate.FILLED) or status in show(result.text)
        return "" if told else f"it is {status}"
    if row is None or result.fate in _ENDS:
        return ""
    stale = f"STALE since {_clock(row.stale_since)}" if row.stale_since is not None else ""
    if result.fate is not Fate.REFUSED:
        return stale
    works = f"it {'worked' if stale else 'still works'}, last reported {_clock(row.reported)}"
    return f"{works}, {stale}" if stale else works


def _clock(at: Instant) -> str:
    return f"{at.utc:%H:%M:%S}Z"


def _result(result: Result, account: str, ours: str, width: int) -> list[Line]:
    role, theirs = _ROLES[result.fate], show(result.broker_text)
    said = " ".join(part for part in (ours, f'"{theirs}"' if theirs else "") if part)
    head: Line = (
        Piece(f" {fit(result.fate.upper(), FATE)} ", role),
        Piece(f"{fit(result.tag, TAG)} ", Role.STRONG),
        Piece(f"{account} ", Role.DIM),
    )
    room = width - length(head) - 1
    order = what(result)
    if width >= WIDE:
        half = room // 2
        beside = zip_longest(wrap(order, half), wrap(said, room - half - 1), fillvalue="")
        sides: list[Line] = [(Piece(f"{fit(left, half)} "), Piece(right, role)) for left, right in beside]
        return [(*head, *sides[0]), *((Piece(" " * length(head)), *side) for side in sides[1:])]
    whole: Line = (*head, Piece(order), Piece(f"  {said}", role))
    if length(whole) <= width - 1:
        return [whole]
    indent = " " * (FATE + 2)
    first, *rest = wrap(order, room)
    told = wrap(said, max(20, width - len(indent) - 1)) if said else ()
    below = [*(Piece(line) for line in rest), *(Piece(line, role) for line in told)]
    return [(*head, Piece(first)), *((Piece(indent), piece) for piece in below)]


def _worst(progress: MassProgress) -> Role:
    bad = any(progress.counts.get(fate) for fate in (Fate.UNKNOWN, Fate.REFUSED, Fate.NOT_SENT))
    return Role.ALERT if bad else Role.STRONG


def _bar(progress: MassProgress, width: int) -> Line:
    """How much left the queue, as a bar; nothing where there is no room for one."""
    if width < 10 or not progress.total:
        return ()
    done = (progress.total - progress.queued) * width // progress.total
    return (Piece("#" * done, Role.STRONG), Piece("." * (width - done), Role.DIM))
