from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.account import Account, Accounts
from blotter.core.asking.scope import NO_CURSOR, NO_FILTER, Scope, Sight, marked, select
from blotter.core.book.query import Query
from blotter.core.book.row import Row
from blotter.core.book.status import is_finished
from blotter.core.order import OrderKey
from tests.core.crowds import named, one_of
from tests.core.samples import single_option

SIDES = ("BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER", "")
STATUSES = ("NEW", "PARTIALLY_FILLED", "PENDING_CANCEL", "FILLED", "CANCELED", "MYSTERY")


def orders(*changes: dict[str, str]) -> list[Row]:
    return [one_of(number, **each) for number, each in enumerate(changes)]


def looking(rows: list[Row], filter_text: str = "", cursor: int | None = 0) -> Sight:
    query = Query(filter_text)
    return Sight(rows, rows[cursor] if rows and cursor is not None else None, filter_text, query.matches)


def tags(scope: Scope, sight: Sight) -> str:
    return " ".join(row.tag for row in select(scope, sight).rows)


BOOK = orders(
    {"side": "BUY", "symbol": "AAPL"},
    {"side": "BUY_TO_COVER", "symbol": "MSFT", "account": "ACC-2"},
    {"side": "SELL", "symbol": "AAPL", "time_in_force": "GTC"},
    {"side": "SELL_SHORT", "symbol": "MSFT"},
    {"side": "BUY", "symbol": "AAPL", "ord_status": "FILLED"},
)


@pytest.mark.parametrize(
    ("scope", "taken"),
    [("a", "ka kc kd"), ("b", "ka kb"), ("s", "kc kd"), ("i", "ka kc"), ("d", "ka kb kd"), ("*", "ka kb kc kd")],
)
def test_what_each_scope_takes(scope: str, taken: str) -> None:
    assert tags(Scope(scope), looking(BOOK)) == taken


@pytest.mark.parametrize(
    ("scope", "taken", "sentence"),
    [
        ("b", "ka", "1 of 2 buys: filter aapl"),
        ("a", "ka kc", "2 of 3 orders of account ACC-1: filter aapl"),
        ("f", "ka kc", "2 of 4 orders: filter aapl"),
        ("*", "ka kb kc kd", "all 4 orders; 2 of them hidden by filter aapl"),
    ],
)
def test_a_filter_cuts_every_scope_but_the_star_and_is_said(scope: str, taken: str, sentence: str) -> None:
    found = select(Scope(scope), looking(BOOK, "aapl"))
    assert (" ".join(row.tag for row in found.rows), found.sentence) == (taken, sentence)


def test_without_a_filter_the_sentence_is_plain() -> None:
    assert select(Scope.BUYS, looking(BOOK)).sentence == "all 2 buys"
    assert select(Scope.SYMBOL, looking(BOOK)).sentence == "all 2 orders in AAPL"


def test_a_choice_that_comes_to_one_order_is_said_in_words_for_one() -> None:
    assert marked({BOOK[1].key}, looking(BOOK, "aapl")).sentence == "1 marked order, hidden by filter aapl"
    assert select(Scope.BUYS, looking(BOOK[:1])).sentence == "1 of 1 buys"
    assert select(Scope.ALL, looking(BOOK[1:2], "aapl")).sentence == "the only order, hidden by filter aapl"
    assert select(Scope.ALL, looking(BOOK[:1], "aapl")).sentence == "the only order, shown by filter aapl"


def test_the_accounts_touched_are_counted() -> None:
    assert dict(select(Scope.BUYS, looking(BOOK)).accounts) == {"ACC-1": 1, "ACC-2": 1}


def test_what_needs_a_filter_or_a_cursor_refuses_without() -> None:
    assert select(Scope.FILTERED, looking(BOOK)).refusal == NO_FILTER
    assert select(Scope.FILTERED, looking(BOOK, "  ")).refusal == NO_FILTER
    for scope in (Scope.ACCOUNT, Scope.SYMBOL):
        assert select(scope, looking(BOOK, cursor=None)).refusal == NO_CURSOR
    assert select(Scope.DAY, looking(BOOK[2:3])).refusal == "no such order works: 0 of 0 day orders"


def test_orders_that_work_and_that_only_the_filter_leaves_out_are_not_said_not_to_work() -> None:
    found = select(Scope.SELLS, looking(BOOK, "nothing like it"))
    assert found.refusal == "filter nothing like it leaves none of 2 sells"
    assert select(Scope.SELLS, looking(BOOK[:1], "msft")).refusal == "no such order works: 0 of 0 sells: filter msft"


def test_an_account_is_called_as_the_trader_calls_it() -> None:
    sight = replace(looking(BOOK, cursor=1), accounts=Accounts((Account("ACC-2", nickname="ira"),)))
    assert select(Scope.ACCOUNT, sight).sentence == "1 of 1 orders of account ira (ACC-2)"
    assert select(Scope.ACCOUNT, replace(sight, cursor=BOOK[0])).sentence == "all 3 orders of account ACC-1"


def test_an_option_is_not_its_underlying_and_is_itself_in_every_notation() -> None:
    padded = single_option()
    unpadded = named("kb", padded, symbol="AAPL260619C00205000", legs=())
    rows = [padded, unpadded, named("kc")]
    assert tags(Scope.SYMBOL, looking(rows)) == "ka kb"
    assert select(Scope.SYMBOL, looking(rows)).sentence == "all 2 orders in AAPL 19JUN26 205C"


def test_hidden_marks_count_and_are_said_and_finished_ones_do_not() -> None:
    marks = {BOOK[1].key, BOOK[2].key, BOOK[4].key}
    found = marked(marks, looking(BOOK, "aapl"))
    assert [row.tag for row in found.rows] == ["kb", "kc"]
    assert found.sentence == "2 marked orders; 1 of them hidden by filter aapl; 1 more marked is finished"
    assert marked({BOOK[0].key}, looking(BOOK)).sentence == "1 marked order"
    assert "every marked order is finished" in marked({BOOK[4].key}, looking(BOOK)).refusal


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    count = draw(st.integers(0, 12))
    rows = orders(
        *(
            {
                "account": draw(st.sampled_from(("ACC-1", "ACC-2", "ACC-3"))),
                "side": draw(st.sampled_from(SIDES)),
                "symbol": draw(st.sampled_from(("AAPL", "MSFT", "IBM"))),
                "time_in_force": draw(st.sampled_from(("DAY", "GTC"))),
                "ord_status": draw(st.sampled_from(STATUSES)),
            }
            for _ in range(count)
        )
    )
    cursor = draw(st.none() | st.integers(0, count - 1)) if count else None
    return looking(rows, draw(st.sampled_from(("", "aapl", "acc-2", "id-1"))), cursor)


@given(sights(), st.sampled_from(Scope))
def test_no_scope_ever_takes_what_it_must_not(sight: Sight, scope: Scope) -> None:
    found = select(scope, sight)
    everything = {row.key for row in sight.rows if not is_finished(row.order)}
    taken = {row.key for row in found.rows}
    assert taken <= everything
    assert len(taken) == len(found.rows)
    assert bool(found.rows) != bool(found.refusal)
    if scope is Scope.ALL:
        assert taken == everything
    else:
        assert all(sight.passes(row) for row in found.rows)
    if not found.refusal:
        only = scope is Scope.ALL and sight.filter and len(taken) == 1
        counted = (f"{len(taken)} of ", f"all {len(taken)} ")
        assert found.sentence.startswith("the only order, " if only else counted)
        assert not sight.filter or f"filter {sight.filter}" in found.sentence
        assert sum(count for _, count in found.accounts) == len(taken)


@given(sights())
def test_buys_and_sells_share_nothing_and_the_filter_shows_what_both_see(sight: Sight) -> None:
    taken: dict[Scope, set[OrderKey]] = {scope: {row.key for row in select(scope, sight).rows} for scope in Scope}
    assert not taken[Scope.BUYS] & taken[Scope.SELLS]
    if sight.filter:
        assert taken[Scope.BUYS] | taken[Scope.SELLS] | taken[Scope.DAY] <= taken[Scope.FILTERED] <= taken[Scope.ALL]
