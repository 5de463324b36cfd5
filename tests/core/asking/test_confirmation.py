from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.asking.confirmation import Confirmation
from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Row
from blotter.core.order import Leg, OrderFields
from tests.core.moments import at
from tests.core.samples import condor, sample, single_option, stop_limit, with_order


def ask(row: Row) -> Confirmation:
    return Confirmation.open(row, "LIVE", at(0))


def test_a_fill_is_news_and_neither_closes_nor_blocks() -> None:
    row = sample()
    asked = ask(row).follow(
        with_order(row, leaves_qty=Decimal(200), cum_qty=Decimal(100), ord_status="PARTIALLY_FILLED"), at(1)
    )
    assert asked.news == "left 300 -> 200 since you pressed c"
    assert not asked.blocked
    assert asked.row.order.leaves_qty == 200


def unknown(cancel: CancelState = CancelState.UNKNOWN) -> Row:
    ask = Ask("run-1", cancel, at(-9), at(-4))
    return replace(sample(), cancel=cancel, cancel_at=ask.at, asks=(ask,))


def test_where_a_reason_stands_against_it_the_tag_is_asked_for() -> None:
    asked = ask(unknown())
    assert asked.override == "the cancel of 13:29:51Z has no answer, its outcome is unknown"
    assert not asked.blocked
    assert asked.follow(unknown(CancelState.UNCONFIRMED), at(1)).override.endswith("reads show the order working")


def test_a_question_for_the_tag_never_turns_into_one_for_y_nor_back() -> None:
    settled = ask(unknown()).follow(sample(), at(1))
    assert (settled.blocked, settled.again) == ("what stood against this cancel is settled", True)
    doubted = ask(sample()).follow(sample(ord_status="MOONING"), at(1))
    assert (doubted.blocked, doubted.again) == ("status MOONING is not known to this version", True)
    fresh = ask(unknown()).follow(unknown(CancelState.PENDING), at(1))
    assert (fresh.blocked, fresh.again) == ("already pending cancel since 5 s", False)


def test_no_journal_is_a_reason_of_its_own() -> None:
    asked = Confirmation.open(sample(), "LIVE", at(0), "the journal cannot be written")
    assert asked.override == "the journal cannot be written"
    assert not asked.follow(sample(leaves_qty=Decimal(5)), at(1)).blocked
    both = Confirmation.open(unknown(), "LIVE", at(0), "the journal cannot be written")
    assert both.override.endswith("has no answer, its outcome is unknown; the journal cannot be written")


def test_news_is_counted_from_the_key_and_not_from_the_last_report() -> None:
    row = sample()
    asked = ask(row)
    for left in (200, 150, 100):
        asked = asked.follow(with_order(row, leaves_qty=Decimal(left), cum_qty=Decimal(300 - left)), at(1))
    assert asked.news == "left 300 -> 100 since you pressed c"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"price": Decimal("176.00")}, "price 175.50 -> 176.00 since you pressed c"),
        ({"price": None}, "price 175.50 -> none since you pressed c"),
        ({"stop_price": Decimal(170)}, "stop none -> 170.00 since you pressed c"),
        ({"qty": Decimal(400)}, "ordered quantity 300 -> 400 since you pressed c"),
        ({"side": "SELL"}, "side BUY -> SELL since you pressed c"),
        ({"side": "SELL_SHORT"}, "side BUY -> SELL SHORT since you pressed c"),
        ({"symbol": "MSFT"}, "symbol AAPL -> MSFT since you pressed c"),
        ({"ord_id": "B-7"}, "broker id B-90211 -> B-7 since you pressed c"),
        ({"legs": (Leg(symbol="AAPL"),)}, "the legs changed since you pressed c"),
        ({"ord_status": "FILLED"}, "order is FILLED"),
        ({"ord_status": "CANCELED"}, "order is CANCELED"),
        ({"ord_status": "EXPIRED"}, "order is EXPIRED"),
    ],
)
def test_another_order_than_the_one_that_was_read_blocks(fields: OrderFields, reason: str) -> None:
    row = sample()
    assert ask(row).follow(with_order(row, **fields), at(1)).blocked == reason


@pytest.mark.parametrize(
    "fields",
    [
        {"price": Decimal("175.5")},
        {"price": Decimal("175.5000")},
        {"leaves_qty": Decimal(1), "cum_qty": Decimal(299)},
        {"avg_price": Decimal("175.49")},
        {"text": "routed"},
        {"ord_status": "PENDING_REPLACE"},
        {"time_in_force": "GTC"},
        {"type": "MARKET"},
    ],
)
def test_the_same_order_does_not_block(fields: OrderFields) -> None:
    row = sample()
    assert not ask(row).follow(with_order(row, **fields), at(1)).blocked


def test_the_price_of_a_leg_is_no_change_of_the_contract() -> None:
    row = condor()
    legs = tuple(replace(leg, avg_price=Decimal(1)) for leg in row.order.legs)
    assert not ask(row).follow(with_order(row, legs=legs), at(1)).blocked


def test_a_broker_id_that_arrives_is_news_and_does_not_block() -> None:
    row = sample(ord_id="")
    asked = ask(row).follow(with_order(row, ord_id="B-1"), at(1))
    assert not asked.blocked
    assert asked.news == "broker id is now B-1 since you pressed c"


def test_a_report_without_the_broker_id_takes_nothing_back() -> None:
    row = sample()
    asked = ask(row).follow(with_order(row, ord_id=""), at(1))
    assert not asked.blocked
    assert not asked.news


def test_a_replacement_blocks_and_keeps_the_order_that_was_asked_about() -> None:
    row = sample()
    heir = replace(with_order(row, price=Decimal(176)), former=row.key)
    heir = replace(heir, order=replace(heir.order, cl_ord_id="clord-2026-000002"))
    asked = ask(row).follow(heir, at(1))
    assert asked.blocked == "the order was replaced, it is now clord-2026-000002"
    assert asked.row is row


def test_rows_of_other_orders_change_nothing() -> None:
    asked = ask(sample())
    other = sample()
    other = replace(other, order=replace(other.order, cl_ord_id="another", price=Decimal(1)))
    assert asked.follow(other, at(1)) is asked
    same_id_elsewhere = replace(other, order=replace(sample().order, account="ACC-2", price=Decimal(1)))
    assert asked.follow(same_id_elsewhere, at(1)) is asked


def test_a_block_stays_when_the_change_is_taken_back() -> None:
    row = stop_limit()
    asked = ask(row).follow(with_order(row, stop_price=Decimal(173)), at(1)).follow(row, at(2))
    assert asked.blocked == "stop 174.00 -> 173.00 since you pressed c"


def test_a_cancel_that_is_already_on_its_way_blocks() -> None:
    row = single_option()
    asked = ask(row).follow(replace(row, cancel=CancelState.PENDING, cancel_at=at(1)), at(5))
    assert asked.blocked == "already pending cancel since 4 s"


def test_an_order_that_cannot_be_canceled_is_blocked_from_the_start() -> None:
    assert ask(sample(ord_status="FILLED")).blocked == "order is FILLED"


def test_a_status_is_said_unless_the_fill_has_said_it() -> None:
    row = sample()
    suspended = ask(row).follow(with_order(row, ord_status="SUSPENDED"), at(1))
    assert suspended.news == "status NEW -> SUSPENDED since you pressed c"


fills = st.lists(st.integers(1, 299), min_size=1, max_size=8)


@given(fills)
def test_no_fill_short_of_the_last_ever_blocks(cumulative: list[int]) -> None:
    row = sample()
    asked = ask(row)
    for filled in cumulative:
        asked = asked.follow(
            with_order(row, cum_qty=Decimal(filled), leaves_qty=Decimal(300 - filled), ord_status="PARTIALLY_FILLED"),
            at(1),
        )
        assert not asked.blocked


@given(
    st.lists(
        st.sampled_from(
            [
                OrderFields(leaves_qty=Decimal(10)),
                OrderFields(price=Decimal(1)),
                OrderFields(ord_status="FILLED"),
                OrderFields(side="SELL"),
                OrderFields(text="x"),
            ]
        ),
        max_size=6,
    )
)
def test_once_blocked_always_blocked(history: list[OrderFields]) -> None:
    row = sample()
    asked = ask(row)
    for fields in history:
        was_blocked = bool(asked.blocked)
        asked = asked.follow(with_order(row, **fields), at(1))
        assert bool(asked.blocked) >= was_blocked
