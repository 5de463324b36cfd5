"""The columns of the table at every width, and what stands in their cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from blotter.core.contract import contract, display_symbol
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.core.row import Row
from blotter.core.status import FINISHED, code
from blotter.core.text import fit, fit_end, fit_number


@dataclass(frozen=True, slots=True)
class Cell:
    """Fitted text, exactly as wide as its column, and the name of its style."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``name`` heads it, ``width`` is in cells, ``right`` aligns numbers."""

    name: str
    width: int
    right: bool = False


GAP = 1
"""Cells between two columns."""
MARGIN = 2
"""Cells before the first column, where the cursor's mark stands."""


def columns_for(width: int, accounts: int = 1) -> tuple[Column, ...]:
    """The columns of a terminal ``width`` cells wide; the symbol takes what the others leave."""
    columns = [Column("tag", 5), Column("sd", 2), Column("symbol", 10)]
    if accounts > 1:
        columns.insert(1, Column("acct", 8))
    columns += [Column("left/total", 12, right=True), Column("price", 9, right=True)]
    if width >= 120:
        columns += [Column("stop", 9, right=True), Column("type", 10)]
    if width >= 100:
        columns += [Column("filled", 8, right=True), Column("avg", 9, right=True)]
    columns += [Column("tif", 3), Column("status", 6), Column("age", 5, right=True)]
    if width >= 160:
        columns += [Column("client id", 18), Column("broker id", 12)]
    taken = MARGIN + sum(column.width + GAP for column in columns) - GAP
    spare = max(0, width - taken)
    return tuple(Column(column.name, column.width + spare) if column.name == "symbol" else column for column in columns)


def render_cells(row: Row, columns: tuple[Column, ...], now: Instant) -> tuple[Cell, ...]:
    """The cells of ``row``, each exactly as wide as its column."""
    return tuple(_CELLS[column.name](row, column.width, now) for column in columns)


def heading(columns: tuple[Column, ...]) -> tuple[Cell, ...]:
    """The cells of the header line."""
    return tuple(
        Cell((fit_number if column.right else fit)(column.name, column.width), "heading") for column in columns
    )


def decimal_text(value: Decimal | None, places: int = 0) -> str:
    """A decimal without exponent, with the value's own decimals and at least ``places``. ``None`` is empty."""
    if value is None:
        return ""
    if not value.is_finite() or abs(value.adjusted()) > 20:
        return "#" * 21
    text = f"{value:f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(places, '0')}" if decimals or places else whole


def quantity_text(value: Decimal) -> str:
    """A quantity without superfluous decimals."""
    text = decimal_text(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_text(order: Order) -> str:
    """The price an order works at: its limit, else its stop, else ``MKT``."""
    if order.price is not None:
        return decimal_text(order.price, 2)
    if order.stop_price is not None:
        return decimal_text(order.stop_price, 2)
    return "MKT" if order.type.upper() == "MARKET" else ""


def age_text(seconds: float) -> str:
    """``4s``, ``12m``, ``3h``, ``2d``."""
    whole = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


SIDES = {"BUY": "B", "SELL": "S", "SELL_SHORT": "SS", "BUY_TO_COVER": "BC"}
TIFS = {"EXTENDED_HOURS": "EXT", "AT_THE_OPENING": "ATO", "AT_THE_CLOSE": "ATC"}


def _side(row: Row, width: int, now: Instant) -> Cell:
    side = row.order.side
    role = "buy" if side in ("BUY", "BUY_TO_COVER") else "sell" if side in ("SELL", "SELL_SHORT") else "dim"
    return Cell(fit(SIDES.get(side, side), width), role)


def _symbol(row: Row, width: int, now: Instant) -> Cell:
    text = display_symbol(row.order)
    return Cell((fit_end if contract(row.order) else fit)(text, width), "symbol")


def _left(row: Row, width: int, now: Instant) -> Cell:
    order = row.order
    return Cell(fit_number(f"{quantity_text(order.leaves_qty)}/{quantity_text(order.qty)}", width), "number")


def _status(row: Row, width: int, now: Instant) -> Cell:
    told = code(row)
    if told in ("CXL!", "CXL??", "FILL!", "REJ") or told.startswith("?"):
        role = "status-alert"
    elif row.order.ord_status in FINISHED:
        role = "status-finished"
    elif told in ("CXL>", "CXL?", "RPL?", "PEND"):
        role = "status-pending"
    else:
        role = "status-working"
    return Cell(fit(told, width), role)


def _age(row: Row, width: int, now: Instant) -> Cell:
    if row.stale_since is not None:
        return Cell(fit_number("~" + age_text(now.since(row.stale_since)), width), "stale")
    return Cell(fit_number(age_text(now.since(row.changed or row.reported)), width), "dim")


def _words(pick: Callable[[Row], str], role: str) -> Callable[[Row, int, Instant], Cell]:
    return lambda row, width, now: Cell(fit(pick(row), width), role)


def _number(pick: Callable[[Row], str]) -> Callable[[Row, int, Instant], Cell]:
    return lambda row, width, now: Cell(fit_number(pick(row), width), "number")


_CELLS: dict[str, Callable[[Row, int, Instant], Cell]] = {
    "tag": _words(lambda row: row.tag, "tag"),
    "acct": _words(lambda row: row.order.account, "account"),
    "sd": _side,
    "symbol": _symbol,
    "left/total": _left,
    "price": _number(lambda row: price_text(row.order)),
    "stop": _number(lambda row: decimal_text(row.order.stop_price, 2)),
    "type": _words(lambda row: row.order.type.replace("_", " "), "dim"),
    "filled": _number(lambda row: quantity_text(row.order.cum_qty)),
    "avg": _number(lambda row: decimal_text(row.order.avg_price, 2) if row.order.cum_qty else ""),
    "tif": _words(lambda row: TIFS.get(row.order.time_in_force, row.order.time_in_force), "dim"),
    "status": _status,
    "age": _age,
    "client id": _words(lambda row: row.order.cl_ord_id, "dim"),
    "broker id": _words(lambda row: row.order.ord_id, "dim"),
}
