"""Tables as CSV, for a spreadsheet and for scripts.

A file outlives the moment it was true of. So each line says whose money it is about, when its order was last reported,
and since when nothing vouches for that: ``staleSince``, or ``doubtedSince`` while it is being read again.

No cell is one that a spreadsheet would run; numbers are plain decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from blotter.core.account import Accounts
from blotter.core.asking.mass import Result, worst_first
from blotter.core.book.row import Row
from blotter.core.book.status import code
from blotter.core.contract import display_symbol
from blotter.core.instant import Instant
from blotter.core.order import Order
from blotter.core.sheets.result_sheet import RowOf, outcome
from blotter.core.sheets.spreadsheet import cell
from blotter.core.words import figures

_ORDER = (
    *(
        "tag",
        "account",
        "money",
        "side",
        "symbol",
        "contract",
        "qty",
        "left",
        "filled",
        "avg",
        "type",
        "price",
        "stop",
        "tif",
    ),
    *("ordStatus", "clOrdId", "ordId", "created", "updated", "reported", "staleSince", "doubtedSince"),
)


def results_csv(results: Iterable[Result], accounts: Accounts, row_of: RowOf) -> str:
    """What became of each order of a mass cancel, the worst first."""
    head = ("outcome", *_ORDER, "words", "broker")
    lines = ((result, row_of(result.key)) for result in worst_first(results))
    return _csv(
        head,
        (
            (
                result.fate.value,
                *_cells(result.tag, result.order, accounts, row),
                outcome(result, row),
                result.broker_text,
            )
            for result, row in lines
        ),
    )


def rows_csv(rows: Iterable[Row], accounts: Accounts) -> str:
    """The table as it is shown, every known field of it."""
    head = ("status", *_ORDER, "broker")
    return _csv(
        head,
        ((code(row), *_cells(row.tag, row.order, accounts, row), row.cancel_text or row.order.text) for row in rows),
    )


def _cells(tag: str, order: Order, accounts: Accounts, row: Row | None) -> tuple[str, ...]:
    # Zero is what the broker says where there is none.
    average = order.avg_price if order.avg_price and order.cum_qty else None
    return (
        *(tag, order.account, accounts.of(order.account).kind, order.side, order.symbol, display_symbol(order)),
        *(figures.quantity(order.qty), figures.quantity(order.leaves_qty), figures.quantity(order.cum_qty)),
        *(_price(average), order.type, _price(order.price), _price(order.stop_price), order.time_in_force),
        *(order.ord_status, order.cl_ord_id, order.ord_id, _utc(order.created_at), _utc(order.updated_at)),
        *(_truth(row) if row is not None else ("", "", "")),
    )


def _truth(row: Row) -> tuple[str, str, str]:
    """When the order was last reported, and since when that is stale, or doubted."""
    doubted = row.doubted if row.needs_read and row.stale_since is None else None
    return _utc(row.reported.utc), _at(row.stale_since), _at(doubted)


def _at(instant: Instant | None) -> str:
    return "" if instant is None else _utc(instant.utc)


def _price(value: Decimal | None) -> str:
    return "" if value is None else figures.price(value)


def _utc(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in (head, *rows))


def _cell(text: str) -> str:
    text = cell(text)
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in ',"') else text
