"""What is open when the blotter is left: cancels without an answer, and confirmed ones that have not left yet. The
question before leaving, and what the shell is told afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from blotter.core.account import Accounts
from blotter.core.book.cancel import CancelState, Doubt
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished, words
from blotter.core.contract import contract
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.core.text import show
from blotter.core.words import figures, ticket
from blotter.core.words.piece import Line, Piece, Role, cut, spaced
from blotter.core.words.wrap import wrap

HEIGHT = 6
LISTED = 3
ACCOUNT = 8
"""Cells of an account's name."""
TOLD = 5
"""Orders, or messages, that a line for the shell names."""

PROMISE = "Leaving cancels no order; the next start asks the broker about these."

UNLISTED = "asked in an earlier run, in no list here"
"""Of an order without a tag: only a journal knows it."""

_SAID = {
    CancelState.SENT: "not answered, sent {}",
    CancelState.UNKNOWN: "outcome unknown, sent {}",
    CancelState.UNCONFIRMED: "still working, sent {}",
}


@dataclass(frozen=True, slots=True)
class OpenCancels:
    """``unanswered`` are the orders with a cancel that got no answer, the oldest request first; ``unsent`` is how many
    confirmed cancels wait for their turn, which leaving takes from them. ``accounts`` are those of the orders.
    """

    unanswered: tuple[Row, ...] = ()
    unsent: int = 0
    accounts: Accounts = field(default_factory=Accounts)

    def __bool__(self) -> bool:
        return bool(self.unanswered) or self.unsent > 0


def unanswered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those with a cancel of ours that got no answer, the oldest request first."""
    waiting = (row for row in rows if row.cancel in _SAID and not is_finished(row.order))
    return tuple(sorted(waiting, key=lambda row: _sent(row).mono))


def pending(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those with a cancel of ours that the broker has accepted and not carried out, the oldest request first."""
    waiting = (row for row in rows if row.cancel is CancelState.PENDING and not is_finished(row.order))
    return tuple(sorted(waiting, key=lambda row: _sent(row).mono))


def leaving(cancels: OpenCancels, width: int, *, waits: bool) -> tuple[Line, ...]:
    """The six lines. ``waits``: the trader chose to wait for the answers here."""
    rows, unsent = cancels.unanswered, cancels.unsent
    many = len(rows)
    counts = [f"{_number(many)} {'of unknown outcome' if _heard(rows) else 'without an answer'}"] if rows else []
    counts += [f"{unsent if rows else _number(unsent)} not sent yet: leaving drops these"] if unsent else []
    listed = rows if many <= LISTED else rows[: LISTED - 1]
    lines: list[Line] = [
        (Piece(f" QUIT?  {', '.join(counts)}", Role.TITLE),),
        *(_which(row, cancels.accounts) for row in listed),
    ]
    if many > len(listed):
        lines.append(spaced([Piece(f"and {many - len(listed)} more", Role.ALERT)]))
    lines += [()] * (1 + LISTED - len(lines))
    keep = "[ waiting: closes when all are answered ]" if waits else "[ w  wait for the answer ]"
    choices = [Piece(keep, Role.FOCUS), Piece("l  leave now", Role.CHOICE), Piece("esc  back", Role.DIM)]
    lines += [spaced([Piece(PROMISE, Role.DIM)]), spaced(choices)]
    return tuple(cut(line, width) for line in lines)


def leaving_in_brief(cancels: OpenCancels, width: int, *, waits: bool) -> tuple[Line, ...]:
    """The same question for a terminal that is too small for it, in as many lines as it takes."""
    counts = [f"{_number(len(cancels.unanswered))} unanswered"] if cancels.unanswered else []
    counts += [f"{_number(cancels.unsent)} not sent"] if cancels.unsent else []
    keys = "waiting, l leaves" if waits else "w waits, l leaves"
    asked = [*wrap(", ".join(counts), max(1, width)), *wrap(keys, max(1, width))]
    return tuple((Piece(line, Role.STRONG),) for line in asked)


def last_words(
    open_still: OpenCancels, answered: Sequence[Row], unseen: Sequence[Notice], *, pending: Sequence[Row] = ()
) -> tuple[str, ...]:
    """For the shell, once the blotter has ended: a line for each kind of thing that is open or that the screen could
    not show.

    ``answered`` are the rows of cancels that were open when the screen went, and are not any more: what there is to say
    of one that did not leave is no answer. ``unseen`` are the
    messages that came too late for it, of which those on other orders that are no mere information are told;
    ``pending`` are the rows of cancels that the broker has not carried out.
    """
    rows, unsent = open_still.unanswered, open_still.unsent
    told = {row.key for row in answered}
    pending = [row for row in pending if row.key not in told]
    named = {row.key for row in (*rows, *answered, *pending)}
    messages = [notice for notice in unseen if notice.severity is not Severity.INFO and notice.key not in named]
    lines = []
    if rows:
        which = _some([_order(row) for row in rows])
        had = "had an unknown outcome" if _heard(rows) else "had no answer"
        lines.append(f"{_number(len(rows))} {had} at the end; the next start asks the broker: {which}")
    if pending:
        which = _some([_order(row) for row in pending])
        fill = "the order can" if len(pending) == 1 else "the orders can"
        were = "was" if len(pending) == 1 else "were"
        lines.append(
            f"{_number(len(pending))} {were} pending at the end, {fill} still fill; the next start asks the broker:"
            f" {which}"
        )
    if unsent:
        lines.append(f"{_number(unsent)} had not been sent when you left, and will not be")
    unsent_after_all = [row for row in answered if row.cancel is CancelState.NOT_SENT and not is_finished(row.order)]
    if unsent_after_all:
        which = _some([_order(row) for row in unsent_after_all])
        lines.append(f"{_number(len(unsent_after_all))} did not leave before the blotter ended: {which}")
    answered = [row for row in answered if row not in unsent_after_all]
    if answered:
        which = _some([f"{_order(row)}: {words(row)}" for row in answered])
        lines.append(f"{_number(len(answered))} got an answer after you left: {which}")
    if messages:
        said = _some([f"{notice.tag} {show(notice.text)}".strip() for notice in messages])
        lines.append(f"too late for the screen: {said}")
    return tuple(lines)


def _heard(rows: Sequence[Row]) -> bool:
    """Whether something came back about one of these that proved nothing."""
    return any(ask.doubt is not Doubt.SILENCE for row in rows for ask in row.asks if ask.state is row.cancel)


def _number(many: int) -> str:
    return f"{many} cancel{'' if many == 1 else 's'}"


def _some(told: list[str]) -> str:
    more = [f"and {len(told) - TOLD} more"] if len(told) > TOLD else []
    return ", ".join([*told[:TOLD], *more])


def _order(row: Row) -> str:
    return f"{row.tag} {show(row.order.cl_ord_id)} {_what(row)}".lstrip()


def _what(row: Row, *, in_full: bool = True) -> str:
    order, short = row.order, contract(row.order)
    which = show(str(short)) if short and not in_full else ticket.contract_in_full(order)
    return f"{ticket.side(order)} {figures.quantity(order.leaves_qty or order.qty)} {which}"


def _which(row: Row, accounts: Accounts) -> Line:
    """Whose money, which order, and how its cancel stands; the moment it was sent comes last, for that may be cut."""
    said = _SAID[row.cancel].format(f"{_sent(row).utc:%H:%M:%S}Z") if row.tag else UNLISTED
    account = accounts.of(row.order.account)
    return (
        Piece(f" {row.tag or '--'}  ", Role.STRONG),
        Piece(account.kind, Role.MONEY),
        Piece(f" {account.label(ACCOUNT).rstrip()}  {_what(row, in_full=False)}   "),
        Piece(said, Role.ALERT),
    )


def _sent(row: Row) -> Instant:
    asked = (ask.asked for ask in reversed(row.asks) if ask.state is row.cancel)
    return next(asked, row.cancel_at or row.reported)
