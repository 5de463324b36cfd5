"""No text reaches the terminal but through ``show``: where it is drawn by rule, and where it is made by trying.

The rule is small because so little draws: two widgets make what Textual calls segments, each of them out of shown
text, and no widget of Textual's that takes text is used at all. All other text is lines and cells that pure functions
make; those are given everything that Unicode has.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import blotter
from blotter.broker.wire.values import LONGEST
from blotter.core.account import Account
from blotter.core.asking.confirmation import Confirmation
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.core.notice import Notice, Severity
from blotter.core.order import Leg, Order
from blotter.core.sheets.columns import columns_for, render_cells
from blotter.core.sheets.dossier import dossier
from blotter.core.sheets.sheet import sheet
from blotter.core.text import cells, show
from blotter.core.words.piece import Line
from blotter.ui.details import strip_lines
from blotter.ui.message import KeptMessage
from tests.hostile.payloads import PAYLOADS

PACKAGE = Path(blotter.__file__).parent
DRAWERS = {"line_view.py", "cell_table.py"}
SENDER = "shadow.py"
"""Sends those parts of what the two drew that differ."""

TAKE_TEXT = {"notify", "sub_title", "border_title", "border_subtitle", "tooltip", "write_raw", "from_markup", "print"}
NOW = Instant(datetime(2026, 11, 23, 3, tzinfo=UTC), 1000.0)


def nodes(folder: str) -> Iterator[tuple[Path, ast.AST]]:
    for source in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text())):
            yield source, node


def test_only_two_widgets_draw_and_they_draw_what_was_shown() -> None:
    drawn = [
        (source.name, ast.unparse(node.args[0]).startswith("show("))
        for source, node in nodes("ui")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Segment"
        if source.name != SENDER
    ]
    assert {name for name, _ in drawn} == DRAWERS
    assert all(shown for _, shown in drawn)


def test_what_sends_has_no_text_but_what_was_drawn() -> None:
    known = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for source, node in nodes("ui")
        if source.name == SENDER and isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert known
    assert not [module for module in known if str(module).startswith("blotter")]


def test_nothing_that_parses_text_is_used() -> None:
    for source, node in nodes("ui"):
        if isinstance(node, ast.ImportFrom):
            assert node.module not in {"textual.widgets", "textual.content", "rich.text", "rich.markup"}, source
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        assert name not in TAKE_TEXT, f"{source}: {name}"


def test_a_model_that_refuses_a_value_does_not_quote_it() -> None:
    """Every model hides what it was given: pydantic's own message quotes it."""
    with_models = {source for source in PACKAGE.rglob("*.py") if "pydantic" in source.read_text()}
    found = [
        (source, node)
        for source, node in nodes(".")
        if source in with_models
        and isinstance(node, ast.ClassDef)
        and {ast.unparse(base) for base in node.bases} & {"BaseModel", "TypedDict"}
    ]
    assert found
    for source, node in found:
        written = "\n".join(map(ast.unparse, [*node.decorator_list, *node.body]))
        assert "hide_input_in_errors=True" in written or "CAMEL" in written, f"{source}: {node.name}"


def test_a_model_that_hides_is_what_the_rule_looks_for() -> None:
    class Loud(BaseModel):
        number: int

    with pytest.raises(ValueError, match="canary"):
        Loud.model_validate({"number": "canary"})


texts = st.one_of(st.sampled_from(sorted(PAYLOADS.values())), st.text(max_size=12))
amounts = st.decimals(0, 10**9, places=4)
numbers = st.none() | amounts
legs = st.builds(
    Leg,
    symbol=texts,
    side=texts,
    ratio_qty=numbers,
    position_effect=texts,
    security_type=texts,
    maturity=texts,
    strike_price=texts,
    put_call=texts,
    avg_price=numbers,
)
orders = st.builds(
    Order,
    account=texts,
    cl_ord_id=texts,
    ord_id=texts,
    orig_cl_ord_id=texts,
    client_id=texts,
    symbol=texts,
    side=texts | st.just("BUY"),
    type=texts | st.just("LIMIT"),
    time_in_force=texts,
    qty=amounts,
    leaves_qty=amounts,
    ord_status=texts | st.just("NEW"),
    currency=texts,
    ex_destination=texts,
    text=texts,
    ord_rej_reason=texts,
    security_type=texts,
    category=texts,
    legs=st.lists(legs, max_size=3).map(tuple),
)


def assert_shown(lines: Iterable[Line]) -> None:
    for line in lines:
        for piece in line:
            assert show(piece.text) == piece.text, piece


@settings(max_examples=60, deadline=None)
@given(orders, texts, st.integers(20, 240))
def test_whatever_an_order_says_is_shown_where_it_is_written(order: Order, said: str, width: int) -> None:
    row = Row(order=order, tag="aa", reported=NOW, cancel_text=said)
    for cell in render_cells(row, columns_for(width), NOW):
        assert show(cell.text) == cell.text
    assert_shown(strip_lines(row, width))
    assert_shown(sheet(Confirmation.open(row, "LIVE", NOW), width, NOW, "").lines)
    message = Notice(NOW.utc, Severity.ALERT, said, said, row.key, "aa")
    assert_shown(dossier(row, Account(row.order.account), NOW, width, messages=[message]))
    kept = KeptMessage(message)
    assert_shown([kept.short(width), *kept.wrapped(width)])


@settings(max_examples=60, deadline=None)
@given(orders, st.sampled_from([80, 120, 160, 200]))
def test_a_row_is_as_wide_as_its_columns_whatever_it_says(order: Order, width: int) -> None:
    columns = columns_for(width)
    row = Row(order=order, tag="aa", reported=NOW)
    assert [cells(cell.text) for cell in render_cells(row, columns, NOW)] == [column.width for column in columns]


def steps(draw: Callable[[], object]) -> int:
    """How many functions are called on the way, Python's own included."""
    called = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal called
        called += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        draw()
    finally:
        sys.setprofile(None)
    return called


def row_of(length: int) -> Row:
    """Every text full of the most expensive character."""
    full = "\u202e" * length
    said: dict[str, Any] = dict.fromkeys(TEXT_FIELDS, full)
    order = Order(**said, qty=Decimal(1), leaves_qty=Decimal(1))
    return Row(order=order, tag="aa", reported=NOW, cancel_text=full)


def message_of(length: int) -> KeptMessage:
    full = "\u202e" * length
    return KeptMessage(Notice(NOW.utc, Severity.ALERT, full, full))


DRAWN: dict[str, Callable[[int], object]] = {
    "the two lines below the table": lambda length: strip_lines(row_of(length), 80),
    "the details": lambda length: dossier(row_of(length), Account("x" * length), NOW, 80),
    "a message, cut": lambda length: message_of(length).short(80),
    "a message, whole": lambda length: message_of(length).wrapped(80),
}


@pytest.mark.parametrize("width", [80, 200])
def test_a_row_takes_as_many_steps_however_long_its_texts_are(width: int) -> None:
    """It is drawn every second."""

    def draw(length: int) -> object:
        return render_cells(row_of(length), columns_for(width, accounts=2), NOW)

    draw(LONGEST)
    assert steps(lambda: draw(LONGEST)) == steps(lambda: draw(LONGEST // 2))


@pytest.mark.parametrize("what", DRAWN)
def test_the_longest_texts_take_steps_in_proportion(what: str) -> None:
    draw = DRAWN[what]
    draw(LONGEST)
    assert steps(lambda: draw(LONGEST)) < 2.2 * steps(lambda: draw(LONGEST // 2))


TEXT_FIELDS = (
    *("account", "cl_ord_id", "ord_id", "orig_cl_ord_id", "client_id", "symbol", "side", "type", "time_in_force"),
    *("ord_status", "currency", "ex_destination", "text", "ord_rej_reason", "security_type", "category"),
)
