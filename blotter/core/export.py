"""Tables as CSV, for a spreadsheet and for scripts.

No cell is one that a spreadsheet would run; numbers are plain decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from blotter.core import figures
from blotter.core.contract import display_symbol
from blotter.core.mass import Result, worst_first
from blotter.core.order import Order
from blotter.core.result_sheet import outcome
from blotter.core.row import Row
from blotter.core.spreadsheet import cell
from blotter.core.status import code

_ORDER = (
    *("tag", "account", "side", "symbol", "contract", "qty", "left", "filled", "avg", "type", "price", "stop", "tif"),
    *("ordStatus", "clOrdId", "ordId", "created", "updated"),
)


def results_csv(results: Iterable[Result]) -> str:
    """What became of each order of a mass cancel, the worst first."""
    head = ("outcome", *_ORDER, "words", "broker")
    return _csv(
        head,
        (
            (result.fate.value, *_cells(result.tag, result.order), outcome(result), result.broker_text)
            for result in worst_first(results)
        ),
    )


def rows_csv(rows: Iterable[Row]) -> str:
    """The table as it is shown, every known field of it."""
    head = ("status", *_ORDER, "broker")
    return _csv(
        head,
        ((code(row), *_cells(row.tag, row.order), row.cancel_text or row.order.text) for row in rows),
    )


def _cells(tag: str, order: Order) -> tuple[str, ...]:
    return (
        *(tag, order.account, order.side, order.symbol, display_symbol(order)),
        *(figures.quantity(order.qty), figures.quantity(order.leaves_qty), figures.quantity(order.cum_qty)),
        *(_price(order.avg_price), order.type, _price(order.price), _price(order.stop_price), order.time_in_force),
        *(order.ord_status, order.cl_ord_id, order.ord_id, _utc(order.created_at), _utc(order.updated_at)),
    )


def _price(value: Decimal | None) -> str:
    return "" if value is None else figures.price(value)


def _utc(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in (head, *rows))


def _cell(text: str) -> str:
    text = cell(text)
    return '"' + text.replace('"', '""') + '"' if any(char in text for char in ',"') else text
