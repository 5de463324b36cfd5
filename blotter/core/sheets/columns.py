"""The columns of the table at every width, and what stands in their cells.

The age tells how long ago the order's last news happened: its last change as the broker dates it, else as we heard
it. In a row that nothing keeps true it tells how old that picture is instead: ``STALE 7s``, or ``~7s`` where there is
no room. An order in doubt, which is being read again, is marked alike: ``DOUBT 7s`` or ``?7s``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from blotter.core.account import Account, Accounts
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, code
from blotter.core.contract import contract, display_symbol
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.core.text import cells, fit, fit_end, fit_number
from blotter.core.words import figures

GAP = 1
"""Cells between two columns."""
MARGIN = 2
"""Cells before the first column, where the cursor's mark stands."""

SYMBOL = 17
"""Cells of a whole option contract: ``AAPL 19JUN26 205C``."""
LONG_SYMBOL = 21
"""Cells of a long one: ``GOOGL 19JUN26 2805.5C``."""
NARROWEST_SYMBOL = 8
FIGURE = 9
"""Cells of a price: ``123456.78``."""

AGE_IN_WORDS = 9
"""Cells of ``STALE 59m``."""
AGE = 5
"""Cells of ``~59m``, and one more."""

SIDES = {"BUY": "B", "SELL": "S", "SELL_SHORT": "SS", "BUY_TO_COVER": "BC"}
TIMES_IN_FORCE = {"EXTENDED_HOURS": "EXT", "AT_THE_OPENING": "ATO", "AT_THE_CLOSE": "ATC"}
TYPES = {"MARKET": "MKT", "LIMIT": "LIMIT", "STOP": "STOP", "STOP_LIMIT": "STP LMT"}

_DROPPED = (
    ("broker id", LONG_SYMBOL + AGE_IN_WORDS - AGE),
    ("avg", LONG_SYMBOL + AGE_IN_WORDS - AGE),
    ("tif", SYMBOL),
    ("price", 12),
    ("age", NARROWEST_SYMBOL),
)
"""What goes, one after the other, where the symbol would have fewer cells than that."""
_BUYS = frozenset({"BUY", "BUY_TO_COVER"})
_ALERTS = frozenset({"CXL!", "CXL??", "FILL!", "REJ"})
_PENDING = frozenset({"CXL>", "CXL?", "RPL?", "PEND"})


@dataclass(frozen=True, slots=True)
class Cell:
    """Fitted text, exactly as wide as its column, and the name of its style."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``name`` heads it, ``width`` is in cells, ``right`` aligns its heading with numbers."""

    name: str
    width: int
    right: bool = False


def columns_for(width: int, accounts: int = 1, *, names: int = 0, mixed: bool = False) -> tuple[Column, ...]:
    """The columns of a terminal ``width`` cells wide, which they fill, showing orders of so many accounts.

    The account cannot be hidden while there is more than one; ``names`` is the width that keeps their names apart.
    ``mixed``: LIVE or PRACTICE stands in each row. What a wide terminal leaves over goes to the age, the symbol and the
    ids. A narrow one drops what the details say, too, before it cuts the symbol, which is what the order is; it never
    drops the tag, the account, what is left, or the status.
    """
    wide, wider, widest = width >= 100, width >= 120, width >= 160
    columns = [
        Column("tag", 5),
        *([Column("money", 8 if wide else 5)] if mixed else ()),
        *([Column("acct", max(8, names))] if accounts > 1 else ()),
        Column("sd", 2),
        Column("symbol", SYMBOL),
        *([Column("type", 7)] if wider else ()),
        Column("left/total", 13, right=True),
        Column("price", FIGURE, right=True),
        *([Column("stop", FIGURE, right=True)] if wider else ()),
        *([Column("filled", 7, right=True), Column("avg", FIGURE, right=True)] if wide else ()),
        Column("tif", 3),
        Column("status", 6),
        Column("age", AGE, right=True),
        *([Column("client id", 18), Column("broker id", 10)] if widest else ()),
    ]
    for dropped, least in _DROPPED:
        if SYMBOL + _spare(columns, width) < least:
            columns = [column for column in columns if column.name != dropped]
    if SYMBOL + _spare(columns, width) >= LONG_SYMBOL + AGE_IN_WORDS - AGE:
        columns = _widened(columns, "age", AGE_IN_WORDS - AGE)
    if widest:
        for name, most in (("symbol", 16), ("client id", 20), ("broker id", 24)):
            columns = _widened(columns, name, max(0, min(_spare(columns, width), most)))
    return tuple(_widened(columns, "symbol", max(NARROWEST_SYMBOL - SYMBOL, _spare(columns, width))))


def heading(columns: tuple[Column, ...]) -> tuple[Cell, ...]:
    """The cells of the header line."""
    return tuple(
        Cell((fit_number if column.right else fit)(column.name, column.width), "heading") for column in columns
    )


def render_cells(
    row: Row,
    columns: tuple[Column, ...],
    now: Instant,
    accounts: Accounts = Accounts(),  # noqa: B008 - it is frozen
) -> tuple[Cell, ...]:
    """The cells of ``row``, each exactly as wide as its column. Every text in them has passed ``show``."""
    return tuple(
        _of_account(column, accounts.of(row.order.account))
        if column.name in ("acct", "money")
        else _CELLS[column.name](row, column.width, now)
        for column in columns
    )


def price_shown(order: Order) -> str:
    """The price an order works at: its limit, else its stop; ``MKT`` where it takes any."""
    if order.type == "MARKET":
        return "MKT"
    price = order.stop_price if order.price is None or order.type == "STOP" else order.price
    return "" if price is None else figures.price(price)


def _spare(columns: list[Column], width: int) -> int:
    return width - MARGIN - sum(column.width + GAP for column in columns) + GAP


def _widened(columns: list[Column], name: str, by: int) -> list[Column]:
    return [replace(column, width=column.width + by) if column.name == name else column for column in columns]


def _of_account(column: Column, account: Account) -> Cell:
    if column.name == "acct":
        return Cell(account.label(column.width), "account")
    word = account.kind if cells(account.kind) <= column.width else account.kind[: column.width - 1] + "."
    return Cell(fit(word, column.width), "money")


def _side(row: Row, width: int, now: Instant) -> Cell:
    side = row.order.side
    role = ("buy" if side in _BUYS else "sell") if side in SIDES else "dim"
    return Cell(fit(SIDES.get(side, side), width), role)


def _symbol(row: Row, width: int, now: Instant) -> Cell:
    # An option's strike and right stand at the end, which must survive.
    cut = fit_end if contract(row.order) else fit
    return Cell(cut(display_symbol(row.order), width), "symbol")


def _left(row: Row, width: int, now: Instant) -> Cell:
    order = row.order
    return Cell(fit_number(f"{figures.quantity(order.leaves_qty)}/{figures.quantity(order.qty)}", width), "number")


def _status(row: Row, width: int, now: Instant) -> Cell:
    told = code(row)
    if told in _ALERTS or told.startswith("?"):
        role = "status-alert"
    elif row.order.ord_status in FINISHED:
        role = "status-finished"
    else:
        role = "status-pending" if told in _PENDING else "status-working"
    return Cell(fit(told, width), role)


def _age(row: Row, width: int, now: Instant) -> Cell:
    if row.stale_since is not None:
        return _doubtful("STALE ", "~", now.since(row.stale_since), width)
    if row.needs_read and row.doubted is not None:
        return _doubtful("DOUBT ", "?", now.since(row.doubted), width)
    return Cell(fit_number(figures.age(now.since(row.changed or row.reported)), width), "dim")


def _doubtful(word: str, mark: str, seconds: float, width: int) -> Cell:
    return Cell(fit_number((word if width >= AGE_IN_WORDS else mark) + figures.age(seconds), width), "stale")


def _average(row: Row) -> str:
    order = row.order
    # Zero is what the broker says where there is none: before a fill, and of a multi-leg order as a whole.
    return figures.average(order.avg_price) if order.avg_price and order.cum_qty else ""


def _stop(row: Row) -> str:
    stop = row.order.stop_price
    return "" if stop is None else figures.price(stop)


def _text(pick: Callable[[Row], str], role: str, cut: Callable[[str, int], str] = fit) -> _Render:
    return lambda row, width, now: Cell(cut(pick(row), width), role)


def _number(pick: Callable[[Row], str]) -> _Render:
    return lambda row, width, now: Cell(fit_number(pick(row), width), "number")


_Render = Callable[[Row, int, Instant], Cell]
_CELLS: dict[str, _Render] = {
    "tag": _text(lambda row: row.tag, "tag"),
    "sd": _side,
    "symbol": _symbol,
    "type": _text(lambda row: TYPES.get(row.order.type, row.order.type), "dim"),
    "left/total": _left,
    "price": _number(lambda row: price_shown(row.order)),
    "stop": _number(_stop),
    "filled": _number(lambda row: figures.quantity(row.order.cum_qty)),
    "avg": _number(_average),
    "tif": _text(lambda row: TIMES_IN_FORCE.get(row.order.time_in_force, row.order.time_in_force), "dim"),
    "status": _status,
    "age": _age,
    "client id": _text(lambda row: row.order.cl_ord_id, "dim", fit_end),
    "broker id": _text(lambda row: row.order.ord_id, "dim", fit_end),
}
