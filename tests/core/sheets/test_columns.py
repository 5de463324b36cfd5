"""The table fills the terminal at every width, and a row is exactly as wide as its columns."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.account import Account, Accounts
from blotter.core.book.book import Book
from blotter.core.book.row import Row
from blotter.core.order import Order, OrderFields
from blotter.core.sheets.columns import GAP, MARGIN, Cell, Column, columns_for, heading, render_cells
from blotter.core.text import cells
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT, read, streamed, the

LIMIT: OrderFields = {
    "ord_id": "B-902", "symbol": "AAPL", "side": "BUY", "type": "LIMIT", "time_in_force": "DAY", "ord_status": "NEW",
    "qty": Decimal(100), "price": Decimal("175.5"), "leaves_qty": Decimal(100),
}  # fmt: skip


def row_of(**fields: object) -> Row:
    book = Book()
    said: OrderFields = {**LIMIT, **fields}  # type: ignore[typeddict-item]  # the tests name fields that exist
    book.apply(read(0, 0, **said))
    return the(book)


def cell(row: Row, name: str, width: int = 160, seconds: float = 4) -> Cell:
    columns = columns_for(width)
    return render_cells(row, columns, at(seconds))[[column.name for column in columns].index(name)]


def line(parts: tuple[Cell, ...]) -> str:
    return " " * MARGIN + (" " * GAP).join(part.text for part in parts)


@given(st.integers(52, 300), st.integers(1, 4))
def test_the_table_is_as_wide_as_the_terminal(width: int, accounts: int) -> None:
    assert cells(line(heading(columns_for(width, accounts)))) == width


@given(st.integers(1, 300), st.integers(2, 4))
def test_nothing_that_a_cancel_needs_is_ever_dropped(width: int, accounts: int) -> None:
    names = {column.name for column in columns_for(width, accounts)}
    assert names >= {"tag", "acct", "sd", "symbol", "left/total", "status"}


@pytest.mark.parametrize(
    ("width", "more"),
    [(80, set()), (100, {"filled", "avg"}), (120, {"filled", "avg", "type", "stop"}),
     (160, {"filled", "avg", "type", "stop", "client id", "broker id"})],
)  # fmt: skip
def test_wider_terminals_gain_columns(width: int, more: set[str]) -> None:
    eighty = {"tag", "sd", "symbol", "left/total", "price", "tif", "status", "age"}
    assert {column.name for column in columns_for(width)} == eighty | more


def test_the_account_column_comes_with_the_second_account() -> None:
    assert "acct" not in {column.name for column in columns_for(80, 1)}
    assert "acct" in {column.name for column in columns_for(80, 2)}


def test_eighty_columns_read_like_the_house() -> None:
    columns = columns_for(80)
    assert line(heading(columns)) == (
        "  tag   sd symbol                      left/total     price tif status       age"
    )
    assert line(render_cells(row_of(), columns, at(4))) == (
        "  aa    B  AAPL                           100/100    175.50 DAY NEW           4s"
    )


TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)
NUMBERS = st.decimals(allow_nan=True, allow_infinity=True)
ORDERS = st.builds(
    Order,
    account=TEXTS, cl_ord_id=TEXTS, ord_id=TEXTS, symbol=TEXTS, side=TEXTS, type=TEXTS, time_in_force=TEXTS,
    qty=NUMBERS, price=NUMBERS | st.none(), stop_price=NUMBERS | st.none(), ord_status=TEXTS, cum_qty=NUMBERS,
    leaves_qty=NUMBERS, avg_price=NUMBERS | st.none(),
)  # fmt: skip


@given(ORDERS, st.integers(1, 220), st.integers(1, 3))
def test_every_cell_is_as_wide_as_its_column_whatever_the_broker_sends(order: Order, width: int, accounts: int) -> None:
    columns = columns_for(width, accounts)
    for drawn, column in zip(render_cells(Row(order, "zaaaa", at(0)), columns, at(9)), columns, strict=True):
        assert cells(drawn.text) == column.width


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "175.50"),
        ({"price": Decimal("0.00125")}, "0.00125"),
        ({"type": "MARKET", "price": None}, "MKT"),
        ({"type": "MARKET", "price": Decimal(0)}, "MKT"),
        ({"type": "STOP", "price": None, "stop_price": Decimal(170)}, "170.00"),
        ({"type": "STOP", "price": Decimal(0), "stop_price": Decimal(170)}, "170.00"),
        ({"type": "STOP_LIMIT", "stop_price": Decimal(170)}, "175.50"),
        ({"price": None}, ""),
    ],
)
def test_the_price(fields: dict[str, object], shown: str) -> None:
    assert cell(row_of(**fields), "price", 80).text.strip() == shown


def test_a_figure_that_does_not_fit_is_no_figure() -> None:
    row = row_of(qty=Decimal(10**8), leaves_qty=Decimal(10**8), price=Decimal("1234567.125"))
    assert cell(row, "left/total", 80).text == "#" * 13
    assert cell(row, "price", 80).text == "#" * 9


def test_the_end_of_an_option_survives() -> None:
    shown = render_cells(row_of(symbol="GOOGL 260116C02805500"), (Column("symbol", 16),), at(0))[0].text
    assert shown == "…16JAN26 2805.5C"


@pytest.mark.parametrize(("side", "shown", "role"), [
    ("BUY", "B ", "buy"), ("SELL", "S ", "sell"), ("SELL_SHORT", "SS", "sell"), ("BUY_TO_COVER", "BC", "buy"),
    ("", "  ", "dim"), ("BARTER", "B…", "dim"),
])  # fmt: skip
def test_sides(side: str, shown: str, role: str) -> None:
    assert cell(row_of(side=side), "sd") == Cell(shown, role)


@pytest.mark.parametrize(("status", "role"), [
    ("NEW", "status-working"), ("PARTIALLY_FILLED", "status-working"), ("PENDING_CANCEL", "status-pending"),
    ("FILLED", "status-finished"), ("CANCELED", "status-finished"), ("REJECTED", "status-alert"),
    ("BEWITCHED", "status-alert"),
])  # fmt: skip
def test_the_status_is_a_word_and_a_role(status: str, role: str) -> None:
    assert cell(row_of(ord_status=status), "status").role == role


def test_the_age_is_that_of_the_last_news() -> None:
    book = Book()
    book.apply(read(0, 0, **LIMIT))
    assert cell(the(book), "age", seconds=4).text.strip() == "4s"
    book.apply(streamed(60, ord_status="PARTIALLY_FILLED", cum_qty=Decimal(40), avg_price=Decimal(175)))
    book.apply(streamed(90, ord_status="PARTIALLY_FILLED", cum_qty=Decimal(40), avg_price=Decimal(175)))
    assert cell(the(book), "age", seconds=180).text.strip() == "2m"


def test_the_age_of_an_order_from_before_is_dated_by_the_broker() -> None:
    row = row_of(created_at=START - timedelta(days=3), updated_at=START - timedelta(hours=3))
    assert cell(row, "age", seconds=10).text.strip() == "3h"


def test_a_stale_row_says_how_old_its_picture_is() -> None:
    book = Book()
    book.apply(read(0, 0, **LIMIT))
    book.stale(ACCOUNT, at(5))
    assert cell(the(book), "age", seconds=12) == Cell(" STALE 7s", "stale")
    assert narrow_age(the(book)) == Cell("  ~7s", "stale")
    book.fresh(ACCOUNT)
    assert cell(the(book), "age", seconds=12) == Cell(" DOUBT 7s", "stale"), "what was missed is yet to be read"
    assert narrow_age(the(book)) == Cell("  ?7s", "stale")
    book.apply(read(13, 14, **LIMIT))
    assert cell(the(book), "age", seconds=12) == Cell("      12s", "dim")


def narrow_age(row: Row) -> Cell:
    """As it stands where there is no room for words."""
    columns = columns_for(66)
    return render_cells(row, columns, at(12))[[column.name for column in columns].index("age")]


LIVE, PLAY = Account("ACC-1", nickname="main"), Account("SIM-1", is_sim=True)


def drawn(width: int, *accounts: Account) -> tuple[str, str]:
    """The heading and a row of ``ACCOUNT``."""
    known = Accounts(accounts)
    columns = columns_for(width, len(known), names=known.label_width(8), mixed=known.mixed)
    return line(heading(columns)), line(render_cells(row_of(), columns, at(4), known))


def test_accounts_go_by_their_nicknames() -> None:
    head, row = drawn(80, Account(ACCOUNT, nickname="main"), Account("ACC-2"))
    assert head.startswith("  tag   acct     sd symbol ")
    assert row.startswith("  aa    main     B  AAPL ")


@pytest.mark.parametrize(("width", "word"), [(60, "PRAC."), (80, "PRAC."), (100, "PRACTICE"), (160, "PRACTICE")])
def test_whose_money_it_is_stands_in_each_row_where_there_are_both(width: int, word: str) -> None:
    head, row = drawn(width, Account(ACCOUNT, is_sim=True), LIVE)
    assert " money " in head
    assert row.startswith(f"  aa    {word} {ACCOUNT[-8:]} ")
    head, row = drawn(width, Account(ACCOUNT), PLAY)
    assert f"  aa    {'LIVE'.ljust(len(word))} " in row
    assert "money" not in drawn(width, Account(ACCOUNT), LIVE)[0]


@pytest.mark.parametrize(
    ("width", "accounts", "mixed", "symbol"),
    [
        (66, 1, False, "AAPL 19JUN27 205C"),
        (66, 3, False, "AAPL 19JUN27 205C"),
        (80, 1, False, "GOOGL 19JUN27 2805.5C"),
        (80, 3, False, "SPXW 19JUN27 5900C"),
        (80, 2, True, "AAPL 19JUN27 205C"),
        *((width, 3, mixed, "GOOGL 19JUN27 2805.5C") for width in (100, 120, 160) for mixed in (False, True)),
    ],
)
def test_other_columns_go_before_an_option_contract_is_cut(width: int, accounts: int, mixed: bool, symbol: str) -> None:
    columns = columns_for(width, accounts, names=8 if accounts > 1 else 0, mixed=mixed)
    assert next(column for column in columns if column.name == "symbol").width >= cells(symbol)


def test_a_wide_terminal_keeps_the_average_price_rather_than_the_brokers_id() -> None:
    names = {column.name for column in columns_for(160, 3, names=8, mixed=True)}
    assert "avg" in names
    assert "broker id" not in names


@given(st.integers(60, 220), st.lists(st.text("ACBX-12", min_size=1, max_size=14), min_size=2, max_size=4, unique=True))
def test_no_two_accounts_look_alike(width: int, ids: list[str]) -> None:
    known = Accounts(tuple(map(Account, ids)))
    columns = columns_for(width, len(known), names=known.label_width(8), mixed=known.mixed)
    room = next(column for column in columns if column.name == "acct").width
    assert len({account.label(room) for account in known.loaded}) == len(ids)
