from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.asking.many import Many, Place
from blotter.core.asking.risk import by_risk, notional
from blotter.core.asking.scope import Selection
from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.order import OrderFields
from tests.core.crowds import named, one_of
from tests.core.moments import at
from tests.core.samples import condor, single_option, stop_limit, with_order

D = Decimal


def ask(*rows: Row) -> Many:
    return Many.open(Selection("all", rows), at(0))


def tags(many: Many) -> str:
    return " ".join(entry.asked.tag for entry in many.entries)


def test_stops_stand_first_then_legs_then_money() -> None:
    stop = named("stop", stop_limit())
    legs = named("legs", condor())
    market = named("mkt", type="MARKET", price=None)
    option = named("opt", single_option(price=D("600")))
    small = named("small", price=D(1))
    pending = named("pend", ord_status="PENDING_CANCEL", price=D(9999))
    many = ask(pending, small, option, market, legs, stop)
    assert tags(many) == "stop legs mkt opt small pend"
    assert (many.count, many.protective, many.multi_leg) == (5, 1, 1)
    assert many.kept == "1 kept: CXL?"
    sent = replace(named("sent"), cancel=CancelState.SENT, cancel_at=at(0))
    assert ask(small, pending, named("p", ord_status="PENDING_CANCEL"), sent).kept == "3 kept: 2 CXL?, 1 CXL>"
    assert notional(option.order) == 600_000


def test_an_account_that_is_barred_is_left_out_with_the_reason() -> None:
    rows = (one_of(0), one_of(1, account="ACC-2"))
    many = Many.open(
        Selection("all", rows), at(0), lambda r: "ACC-2 is view-only" if r.order.account == "ACC-2" else None
    )
    assert many.count == 1
    assert many.kept == "1 kept: ACC-2 is view-only"
    assert Many.open(Selection("all", rows), at(0), lambda r: "no link").blocked == "none can be canceled now: no link"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"ord_status": "FILLED", "leaves_qty": D(0)}, Place.LEFT),
        ({"ord_status": "PENDING_CANCEL"}, Place.LEFT),
        ({"price": D(1)}, Place.CHANGED),
        ({"stop_price": D(1)}, Place.CHANGED),
        ({"qty": D(1)}, Place.CHANGED),
        ({"side": "SELL"}, Place.CHANGED),
        ({"ord_id": "B-0"}, Place.CHANGED),
        ({"ord_status": "PARTIALLY_FILLED", "leaves_qty": D(1), "cum_qty": D(299)}, Place.IN),
    ],
)
def test_what_takes_an_order_out_and_what_does_not(fields: OrderFields, place: Place) -> None:
    rows = (one_of(0), one_of(1))
    many = ask(*rows).follow([with_order(rows[1], **fields)], at(1))
    assert many.entries[1].place is place
    assert many.count == (2 if place is Place.IN else 1)
    assert bool(many.news) == (place is not Place.IN)
    assert many.follow([rows[1]], at(2)).entries[1].place is place, "nothing comes back"


def test_what_left_is_named() -> None:
    rows = (one_of(0), one_of(1), one_of(2))
    many = ask(*rows)
    many = many.follow([with_order(rows[0], ord_status="FILLED")], at(1))
    many = many.follow([with_order(rows[1], price=D(5))], at(1))
    assert many.news == ("kb blocked: price 175.50 -> 5.00", "ka FILLED")
    many = many.follow([replace(one_of(3), former=rows[2].key)], at(2))
    assert many.news[0] == "kc blocked: replaced, now id-3"
    assert (many.count, many.blocked) == (0, "no order is left in the set")


def test_a_cancel_from_elsewhere_takes_an_order_out() -> None:
    rows = (one_of(0), one_of(1))
    many = ask(*rows).follow([replace(rows[0], cancel=CancelState.SENT, cancel_at=at(1))], at(2))
    assert many.news == ("ka cancel sent 1 s ago, not answered yet",)


def test_the_count_and_nothing_else_answers() -> None:
    many = ask(*map(one_of, range(12)))
    assert not many.wrong("12", 12)
    for typed in ("", "1", "011", "012", "121", "y", "-12"):
        assert many.wrong(typed, 12)
    assert many.wrong("", 12).startswith("nothing typed")
    fewer = many.follow([with_order(one_of(0), ord_status="FILLED")], at(1))
    assert not fewer.wrong("11", 12)
    assert not fewer.wrong("12", 12), "typed while an order finished"
    assert fewer.wrong("12", 11) == "12 is not the count, nothing sent"


EVENTS: list[OrderFields] = [
    {"ord_status": "FILLED", "leaves_qty": D(0)},
    {"ord_status": "CANCELED"},
    {"price": D(3)},
    {"leaves_qty": D(7), "cum_qty": D(293)},
    {"ord_status": "PENDING_CANCEL"},
    {"ord_status": "NEW"},
]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(EVENTS)), max_size=40),
    st.integers(1, 8),
)
def test_the_set_only_shrinks_and_no_row_of_it_moves(events: list[tuple[int, OrderFields]], size: int) -> None:
    rows = [one_of(number) for number in range(10)]
    many = ask(*rows[:size])
    frozen = [entry.asked.key for entry in many.entries]
    inside = {entry.asked.key for entry in many.inside}
    for number, fields in events:
        rows[number] = with_order(rows[number], **fields)
        many = many.follow([rows[number]], at(1))
        assert [entry.asked.key for entry in many.entries] == frozen
        now = {entry.asked.key for entry in many.inside}
        assert now <= inside
        assert many.count == len(now)
        assert len(many.news) == size - len(now)
        assert bool(many.blocked) == (not now)
        inside = now


@given(
    st.permutations(
        [one_of(0), named("s", stop_limit()), named("l", condor()), one_of(4, price=None), one_of(5, price=D(9))]
    )
)
def test_the_order_of_reading_does_not_depend_on_the_order_of_arrival(rows: list[Row]) -> None:
    assert [each.key for each in sorted(rows, key=by_risk)][:2] == [("ACC-1", "id-s"), ("ACC-1", "id-l")]
    turned = list(reversed(rows))
    assert [entry.row.key for entry in ask(*rows).entries] == [each.key for each in sorted(turned, key=by_risk)]
