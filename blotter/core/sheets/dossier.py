"""Everything known of one order, as labelled lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from blotter.core.account import Account
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished, words
from blotter.core.instant import Instant
from blotter.core.notice import Notice
from blotter.core.order import Order
from blotter.core.sheets.sheet import stale
from blotter.core.text import cells, show
from blotter.core.words import figures, ticket
from blotter.core.words.piece import Line, Piece, Role
from blotter.core.words.wrap import wrap

LABEL = 18
NONE = "-"

Fact = tuple[str, str]


def dossier(
    row: Row, account: Account, now: Instant, width: int, *, opened: Row | None = None, messages: Sequence[Notice] = ()
) -> tuple[Line, ...]:
    """``opened`` is the row as it was when the trader began to read: an end that came meanwhile is said first."""
    lines: list[Line] = [
        (
            Piece(f" ORDER {row.tag}", Role.TITLE),
            Piece("  "),
            Piece(f" {account.kind} ", Role.MONEY),
            Piece("  account "),
            Piece(show(account.full_name), Role.STRONG),
            *([Piece("  view-only", Role.NEWS)] if account.view_only else ()),
        )
    ]
    if opened is not None and is_finished(row.order) and not is_finished(opened.order):
        ended = f"This order finished while you were reading: it is {ticket.words(row.order.ord_status)} now."
        lines += ((Piece(f" {line}", Role.ALERT),) for line in wrap(ended, width - 1))
    if doubt := stale(row, now):
        lines.append((Piece(f" {doubt}", Role.ALERT),))
    for title, facts in _sections(row, now, messages):
        lines += ((), (Piece(f" {title}", Role.STRONG),))
        for fact in facts:
            lines += _labelled(fact, width)
    return tuple(lines)


def _sections(row: Row, now: Instant, messages: Sequence[Notice]) -> Iterator[tuple[str, Iterable[Fact]]]:
    order = row.order
    yield "What", _what(row)
    if len(order.legs) > 1 or any(leg.avg_price is not None or leg.position_effect for leg in order.legs):
        yield "Legs", _legs(order)
    yield "Ids", _ids(row)
    yield "When", _times(row, now)
    yield "Cancel", _cancel(row, now)
    yield "The broker's words", _said(order)
    if row.executions:
        yield "Executions", (("", _execution(e.exec_id, e.qty, e.px)) for e in row.executions)
    if messages:
        yield "Messages, newest first", ((f"{m.at:%H:%M:%S}Z {m.severity}", _message(m)) for m in messages)


def _what(row: Row) -> Iterator[Fact]:
    order = row.order
    yield "status", words(row)
    yield "side", ticket.side(order)
    yield "contract", ticket.contract_in_full(order)
    yield "symbol as sent", show(order.symbol)
    yield "ordered", figures.quantity(order.qty)
    yield "left", figures.quantity(order.leaves_qty)
    yield "filled", figures.quantity(order.cum_qty)
    yield "average price", _price(order.avg_price or None)
    yield "type", ticket.words(order.type)
    yield "price", _price(order.price)
    yield "stop price", _price(order.stop_price)
    yield "time in force", ticket.words(order.time_in_force)
    yield "currency", show(order.currency)
    yield "venue", show(order.ex_destination)
    yield "security type", show(order.security_type)
    yield "category", show(order.category)


def _legs(order: Order) -> Iterator[Fact]:
    for number, leg in enumerate(order.legs, 1):
        ratio = NONE if leg.ratio_qty is None else figures.quantity(leg.ratio_qty)
        yield (
            f"leg {number}",
            f"{ticket.words(leg.side)} {ratio} {show(leg.symbol)} {show(leg.position_effect)}".rstrip(),
        )
        yield (
            "",
            f"{show(leg.security_type)} {show(leg.put_call)} strike {show(leg.strike_price) or NONE}"
            f" expires {show(leg.maturity) or NONE} average price {_price(leg.avg_price or None)}".strip(),
        )


def _ids(row: Row) -> Iterator[Fact]:
    order = row.order
    yield "tag", row.tag
    yield "client order id", show(order.cl_ord_id)
    yield "broker id", show(order.ord_id)
    yield "replaces", show(order.orig_cl_ord_id)
    yield "sent by", show(order.client_id)


def _times(row: Row, now: Instant) -> Iterator[Fact]:
    yield "placed", _wall(row.order.created_at, now)
    yield "updated", _wall(row.order.updated_at, now)
    yield "last report", _moment(row.reported, now)
    if row.changed is not None:
        yield "last news", _moment(row.changed, now)
    if row.doubted is not None:
        yield "last doubted", _moment(row.doubted, now)


def _cancel(row: Row, now: Instant) -> Iterator[Fact]:
    if not row.asks:
        state = row.cancel.value if row.cancel_at is None else f"{row.cancel.value}, {_moment(row.cancel_at, now)}"
        yield "state", state if row.intent or row.cancel_at else "not asked by this blotter"
        if row.cancel_text:
            yield "broker", f'"{show(row.cancel_text)}"'
    for ask in row.asks:
        yield ask.state.value, f"asked {_moment(ask.asked, now)}"
        yield "", f"in this state since {_moment(ask.at, now)}"
        if ask.intent:
            yield "", f"intent {ask.intent}"
        if ask.request_id:
            yield "", f"broker's id of the request {show(ask.request_id)}"
        if ask.text:
            yield "", f'broker: "{show(ask.text)}"'


def _said(order: Order) -> Iterator[Fact]:
    yield "text", f'"{show(order.text)}"' if order.text else ""
    yield "reject reason", f'"{show(order.ord_rej_reason)}"' if order.ord_rej_reason else ""


def _message(notice: Notice) -> str:
    ours, theirs = show(notice.text), show(notice.broker_text)
    return f'{ours}: "{theirs}"' if theirs else ours


def _execution(exec_id: str, qty: Decimal | None, px: Decimal | None) -> str:
    return f"{show(exec_id)} {NONE if qty is None else figures.quantity(qty)} at {_price(px)}"


def _labelled(fact: Fact, width: int) -> Iterator[Line]:
    label, value = fact
    for index, line in enumerate(wrap(value or NONE, max(1, width - LABEL - 3))):
        name = f"  {label if not index else ''}"
        yield (Piece(name + " " * (LABEL + 2 - cells(name)) + " ", Role.DIM), Piece(line))


def _price(value: Decimal | None) -> str:
    return NONE if value is None else figures.price(value)


def _wall(at: datetime | None, now: Instant) -> str:
    return NONE if at is None else f"{at:%Y-%m-%d %H:%M:%S}Z, {ticket.span((now.utc - at).total_seconds())} ago"


def _moment(at: Instant, now: Instant) -> str:
    return f"{at.utc:%Y-%m-%d %H:%M:%S}Z, {ticket.span(now.since(at))} ago"
