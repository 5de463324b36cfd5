"""Which orders are meant by one key: the scopes of a mass cancel, and the sentence that says what was taken.

A scope takes working orders only. While a filter is on, every scope is cut by it, for a cancel-all that ignores what
the trader is looking at is an accident that has happened; only ``*`` ignores it, and says how many it hides. Marks are
no scope but a choice of single orders, made one by one and often under several filters: a hidden mark counts, and is
said to be hidden.

*This symbol* is the instrument as the table shows it, so that every notation of one contract is the same and an
option is not its underlying.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from blotter.core.account import Accounts
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished
from blotter.core.contract import display_symbol
from blotter.core.order import Order, OrderKey
from blotter.core.text import show

BUYS = frozenset({"BUY", "BUY_TO_COVER"})
SELLS = frozenset({"SELL", "SELL_SHORT"})

NO_CURSOR = "no order under the cursor"
NO_FILTER = "no filter is on: / sets one"


class Scope(StrEnum):
    """The key that chooses it, after ``K``."""

    ACCOUNT = "a"
    BUYS = "b"
    SELLS = "s"
    SYMBOL = "i"
    FILTERED = "f"
    DAY = "d"
    ALL = "*"


@dataclass(frozen=True, slots=True)
class Selection:
    """``rows`` are the working orders meant, in the order given; ``sentence`` says which these are, safe to show.

    ``refusal`` is why there can be no such set, else empty; then there are no rows.
    """

    sentence: str
    rows: tuple[Row, ...] = ()
    refusal: str = ""

    @property
    def accounts(self) -> tuple[tuple[str, int], ...]:
        """Every account that is touched, raw, and how many of its orders."""
        return tuple(Counter(row.order.account for row in self.rows).items())


@dataclass(frozen=True, slots=True)
class Sight:
    """What the trader has before him: all rows known, the cursor's, the filter's text, which rows pass it, and what
    the accounts are called.
    """

    rows: Sequence[Row]
    cursor: Row | None = None
    filter: str = ""
    passes: Callable[[Row], bool] = lambda row: True
    accounts: Accounts = field(default_factory=Accounts)


def select(scope: Scope, sight: Sight) -> Selection:
    """The orders of ``scope``; ``a`` and ``i`` speak of the cursor's order."""
    words = _words(scope, sight)
    if scope in (Scope.ACCOUNT, Scope.SYMBOL) and sight.cursor is None:
        return Selection(words, refusal=NO_CURSOR)
    if scope is Scope.FILTERED and not sight.filter.strip():
        return Selection(words, refusal=NO_FILTER)
    taken = _taker(scope, sight.cursor)
    meant = [row for row in sight.rows if not is_finished(row.order) and taken(row.order)]
    shown = [row for row in meant if sight.passes(row)]
    sentence = _sentence(scope, words, len(meant), len(shown), sight.filter)
    if meant and not shown and scope is not Scope.ALL:
        return Selection(sentence, refusal=f"filter {show(sight.filter)} leaves none of {len(meant)} {words}")
    rows = tuple(meant if scope is Scope.ALL else shown)
    return Selection(sentence, rows, "" if rows else f"no such order works: {sentence}")


def marked(marks: Collection[OrderKey], sight: Sight) -> Selection:
    """The marked orders, those that the filter hides among them."""
    chosen = [row for row in sight.rows if row.key in marks]
    working = [row for row in chosen if not is_finished(row.order)]
    hidden = sum(not sight.passes(row) for row in working)
    finished = len(chosen) - len(working)
    covered = f"hidden by filter {show(sight.filter)}"
    one = len(working) == 1
    parts = [
        f"{len(working)} marked {_orders(len(working))}" + (f", {covered}" if hidden and one else ""),
        f"{hidden} of them {covered}" if hidden and not one else "",
        f"{finished} more marked {_is(finished)} finished" if finished else "",
    ]
    sentence = "; ".join(part for part in parts if part)
    refusal = "" if working else "every marked order is finished; esc clears the marks"
    return Selection(sentence, tuple(working), refusal)


def _taker(scope: Scope, cursor: Row | None) -> Callable[[Order], bool]:
    match scope:
        case Scope.ACCOUNT if cursor is not None:
            account = cursor.order.account
            return lambda order: order.account == account
        case Scope.SYMBOL if cursor is not None:
            instrument = display_symbol(cursor.order)
            return lambda order: display_symbol(order) == instrument
        case Scope.BUYS:
            return lambda order: order.side in BUYS
        case Scope.SELLS:
            return lambda order: order.side in SELLS
        case Scope.DAY:
            return lambda order: order.time_in_force == "DAY"
        case _:
            return lambda order: True


def _words(scope: Scope, sight: Sight) -> str:
    """What the scope takes, in words that follow a number."""
    cursor = sight.cursor
    match scope:
        case Scope.ACCOUNT:
            if cursor is None:
                return "orders of the cursor's account"
            return f"orders of account {show(sight.accounts.of(cursor.order.account).full_name)}"
        case Scope.BUYS:
            return "buys"
        case Scope.SELLS:
            return "sells"
        case Scope.SYMBOL:
            return f"orders in {show(display_symbol(cursor.order))}" if cursor else "orders in the cursor's symbol"
        case Scope.DAY:
            return "day orders"
        case _:
            return "orders"


def _sentence(scope: Scope, words: str, total: int, shown: int, filter_text: str) -> str:
    named = show(filter_text)
    if not filter_text.strip():
        return f"all {total} {words}" if total > 1 else f"{total} of {total} {words}"
    if scope is not Scope.ALL:
        return f"{shown} of {total} {words}: filter {named}"
    if total == 1:
        return f"the only order, {'shown' if shown else 'hidden'} by filter {named}"
    hidden = f"{total - shown} of them hidden by filter {named}" if total > shown else f"filter {named} hides none"
    return f"all {total} {words}; {hidden}"


def _orders(count: int) -> str:
    return "order" if count == 1 else "orders"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
