from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.paper.ledger import Ledger
from blotter.paper.order import PaperOrder
from tests.paper.desk import limit_order

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)


@given(total=st.integers(0, 60), limit=st.integers(1, 20), oldest_first=st.booleans(), skip=st.integers(1, 4))
def test_walking_the_pages_gives_every_wanted_order_once(total: int, limit: int, oldest_first: bool, skip: int) -> None:
    ledger = _ledger(total)
    seen: list[int] = []
    cursor, pages = 0, []
    while True:
        page = ledger.page("A", limit, cursor, lambda order: order.seq % skip == 0, oldest_first=oldest_first)
        seen += [order.seq for order in page.orders]
        pages.append(len(page.orders))
        cursor = page.cursor
        if cursor == 0:
            break
        assert 2**53 < cursor < 2**63
    wanted = [seq for seq in range(1, total + 1) if seq % skip == 0]
    assert seen == (wanted if oldest_first else wanted[::-1])
    assert all(size == limit for size in pages[:-1])
    assert pages[-1] < limit


def test_orders_that_arrive_while_one_pages_do_not_shift_the_pages() -> None:
    ledger = _ledger(10)
    first = ledger.page("A", 4, 0, lambda _: True)
    ledger.add(_order(11))
    second = ledger.page("A", 4, first.cursor, lambda _: True)
    assert [order.seq for order in second.orders] == [6, 5, 4, 3]


@pytest.mark.parametrize("oldest_first", [True, False])
def test_a_cursor_of_nowhere_is_an_end_or_a_beginning_but_no_error(oldest_first: bool) -> None:
    ledger = _ledger(3)
    for cursor in (1, 2**63 - 1):
        page = ledger.page("A", 10, cursor, lambda _: True, oldest_first=oldest_first)
        assert page.cursor == 0
        assert len(page.orders) in (0, 3)


def test_an_id_belongs_to_its_account() -> None:
    ledger = Ledger(["A", "B"])
    ledger.add(_order(1))
    assert ledger.find("A", "A1-000001") is not None
    assert ledger.find("B", "A1-000001") is None


def test_only_the_oldest_finished_orders_are_ever_forgotten() -> None:
    ledger = Ledger(["A"], keep_finished=10)
    for seq in range(1, 101):
        order = _order(seq)
        order.status = "NEW" if seq % 10 == 0 else "FILLED"
        ledger.add(order)
    kept = list(ledger.newest_first("A"))
    assert all(later.seq < newer.seq for newer, later in pairwise(kept))
    assert sum(not order.finished for order in kept) == 10
    assert sum(order.finished for order in kept) < 30
    assert ledger.find("A", "A1-000001") is None
    assert ledger.find("A", "A1-000010") is not None
    assert ledger.find("A", "A1-000099") is not None


def _ledger(total: int) -> Ledger:
    ledger = Ledger(["A"])
    for seq in range(1, total + 1):
        ledger.add(_order(seq))
    return ledger


def _order(seq: int) -> PaperOrder:
    return PaperOrder(limit_order("A"), seq, f"A1-{seq:06d}", NOON, NOON)
