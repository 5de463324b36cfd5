"""A mass cancel in lines: the two under the table while it runs, and the sheet of what became of each order."""

from __future__ import annotations

from collections.abc import Sequence

from blotter.core import figures, ticket
from blotter.core.mass import Fate, MassProgress, Result, progress_words, worst_first
from blotter.core.piece import Line, Piece, Role, cut, length
from blotter.core.status import FINISHED
from blotter.core.text import cells, fit, fit_end, show
from blotter.core.wrap import wrap

FATE = max(len(fate) for fate in Fate)
TAG = 5
WIDE = 120
"""From so many cells on, an order and its outcome stand on one line."""

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


def result_lines(progress: MassProgress, results: Sequence[Result], kinds: Sequence[str], width: int) -> list[Line]:
    """The sheet: how many of each, then every order, the worst first."""
    state = "over" if progress.over else "stopped" if progress.stopped and not progress.queued else "running"
    head: list[Piece] = [Piece(" RESULT", Role.TITLE), Piece("  ")]
    for kind in kinds:
        head += [Piece(f" {kind} ", Role.MONEY), Piece(" ")]
    head += [Piece(f" {show(progress.sentence)}", Role.STRONG)]
    lines: list[Line] = [
        cut(tuple(head), width),
        cut((Piece(f" {state}: {progress_words(progress)}", _worst(progress)),), width),
        (),
    ]
    for result in worst_first(results):
        lines += _result(result, width)
    return lines


def what(result: Result) -> str:
    """The order in words: side, quantity, contract, terms."""
    order = result.order
    said = (ticket.side(order), figures.quantity(order.qty), ticket.contract_in_full(order), *ticket.terms(order))
    return " ".join(said)


def outcome(result: Result) -> str:
    """What became of it, in words of ours, with figures where something filled."""
    order = result.order
    filled = f"{figures.quantity(order.cum_qty)} of {figures.quantity(order.qty)} filled" if order.cum_qty else ""
    # What could be done about a refusal is over with the order.
    said = "Not canceled" if result.fate is Fate.REFUSED and order.ord_status in FINISHED else show(result.text)
    parts = [part for part in (said, _standing(result), filled) if part]
    return "; ".join([*(part.removesuffix(".") for part in parts[:-1]), *parts[-1:]])


def _standing(result: Result) -> str:
    """What the order is now, where the fate does not say it."""
    told = show(result.order.ord_status) in show(result.text)
    if result.fate in (Fate.REFUSED, Fate.ENDED, Fate.NOT_SENT) and result.order.ord_status in FINISHED and not told:
        return f"it is {show(result.order.ord_status)}"
    return "it still works" if result.fate is Fate.REFUSED else ""


def _result(result: Result, width: int) -> list[Line]:
    role = _ROLES[result.fate]
    ours, theirs = outcome(result), show(result.broker_text)
    said = " ".join(part for part in (ours, f'"{theirs}"' if theirs else "") if part)
    head: Line = (
        Piece(f" {fit(result.fate.upper(), FATE)} ", role),
        Piece(f"{fit(result.tag, TAG)} ", Role.STRONG),
        Piece(f"{fit_end(result.order.account, 10)} ", Role.DIM),
    )
    room = width - 2 - FATE - 1 - TAG - 1 - 11
    indent = " " * (FATE + 2)
    order = what(result)
    if width >= WIDE:
        half = room // 2
        first, *rest = wrap(said, room - half - 1) if said else ("",)
        lines: list[Line] = [(*head, Piece(f"{fit(order, half)} "), Piece(first, role))]
        return lines + [(Piece(" " * (width - (room - half - 1) - 1)), Piece(line, role)) for line in rest]
    whole: Line = (*head, Piece(order), Piece(f"  {said}", role))
    if length(whole) <= width - 1:
        return [whole]
    lines = [cut((*head, Piece(order)), width)]
    if said:
        lines += [(Piece(indent), Piece(line, role)) for line in wrap(said, max(20, width - len(indent) - 1))]
    return lines


def _worst(progress: MassProgress) -> Role:
    bad = any(progress.counts.get(fate) for fate in (Fate.UNKNOWN, Fate.REFUSED, Fate.NOT_SENT))
    return Role.ALERT if bad else Role.STRONG


def _bar(progress: MassProgress, width: int) -> Line:
    """How much left the queue, as a bar; nothing where there is no room for one."""
    if width < 10 or not progress.total:
        return ()
    done = (progress.total - progress.queued) * width // progress.total
    return (Piece("#" * done, Role.STRONG), Piece("." * (width - done), Role.DIM))
