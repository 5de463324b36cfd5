from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.wire.json import NotJson, read
from blotter.broker.wire.orders import Unreadable, read_order
from blotter.broker.wire.pages import Page, read_page
from blotter.broker.wire.values import LONGEST_ID, LONGEST_OF_LEG, LONGEST_REMARK, LONGEST_WORD, MOST_LEGS
from blotter.core.order import Leg, Order, OrderFields
from tests.broker.canary import CANARY
from tests.broker.samples import ACCOUNT, LEG, record
from tests.broker.wire.strategies import anything, damaged_records


def read_one(raw: dict[str, Any]) -> tuple[str, OrderFields]:
    """The record as read from JSON text; fails when it cannot be."""
    found = read_order(read(json.dumps(raw)), ACCOUNT)
    assert not isinstance(found, Unreadable)
    return found


async def page_of(document: object) -> Page:
    return await read_page(read(json.dumps(document)), ACCOUNT)


def test_a_whole_record_becomes_a_whole_order() -> None:
    name, fields = read_one(record(origClOrdId="A7-000411", stopPrice="1.5", text="as sent \x1b"))
    order = Order(ACCOUNT, name, **fields)
    assert set(fields) == set(OrderFields.__annotations__)
    assert (order.symbol, order.qty, order.avg_price) == ("MSFT", Decimal(40), Decimal("401.2"))
    assert order.text == "as sent \x1b"
    assert order.created_at is not None
    assert order.created_at.isoformat() == "2026-05-04T13:31:00+00:00"


def test_a_word_that_many_orders_say_is_held_once_and_a_long_text_by_its_order() -> None:
    raw = record(symbol="MSFT", timeInForce="DAY", currency="x" * 33)
    (_, first), (_, second) = read_one(raw), read_one(raw)
    assert first["symbol"] is second["symbol"]
    assert first["time_in_force"] is second["time_in_force"]
    assert first["currency"] == second["currency"]
    assert first["currency"] is not second["currency"]


def test_a_patch_says_only_what_it_says() -> None:
    assert read_one({"clOrdId": "a", "ordStatus": "CANCELED", "leavesQty": "0"}) == (
        "a",
        {"ord_status": "CANCELED", "leaves_qty": Decimal(0)},
    )


def test_null_and_empty_quantities_are_not_said() -> None:
    raw = record(qty="", price=None, avgPrice=None, side=None, legs=None, updatedAt="", createdAt=None)
    _, fields = read_one(raw)
    assert not {"qty", "price", "avg_price", "side", "legs", "updated_at", "created_at"} & set(fields)


@pytest.mark.parametrize(
    ("kind", "price", "stop", "kept"),
    [
        ("MARKET", "0", "0", {}),
        ("MARKET", "", "", {}),
        ("LIMIT", "0", "0", {"price": Decimal(0)}),
        ("LIMIT", "0.00", "", {"price": Decimal("0.00")}),
        ("STOP", "0", "9", {"stop_price": Decimal(9)}),
        ("STOP_LIMIT", "8", "9", {"price": Decimal(8), "stop_price": Decimal(9)}),
        (None, "0", "0", {}),
    ],
)
def test_an_unused_price_is_no_price(kind: str | None, price: str, stop: str, kept: dict[str, Decimal]) -> None:
    _, fields = read_one(record(type=kind, price=price, stopPrice=stop))
    assert {name: value for name, value in fields.items() if name in {"price", "stop_price"}} == kept


def test_numbers_are_taken_for_what_they_say() -> None:
    found = read_order(read('{"clOrdId": 7, "qty": 0.123456789012345678, "price": 1e2, "type": "LIMIT"}'), ACCOUNT)
    assert found == ("7", {"qty": Decimal("0.123456789012345678"), "price": Decimal("1e2"), "type": "LIMIT"})


def test_unknown_words_and_unknown_fields_pass() -> None:
    _, fields = read_one(record(ordStatus="QUANTUM", side="LEND", type="ICEBERG", timeInForce="GTX", novelty={"a": 1}))
    assert (fields["ord_status"], fields["side"]) == ("QUANTUM", "LEND")


@pytest.mark.parametrize("kind", ["EQUITY", "CS", "OPTION", "OPT"])
def test_security_types_are_kept_as_sent(kind: str) -> None:
    assert read_one(record(securityType=kind))[1]["security_type"] == kind


def test_legs() -> None:
    _, fields = read_one(
        record(legs=[LEG, {"symbol": "MSFT", "securityType": "CS", "ratioQty": "", "strikePrice": ""}])
    )
    assert fields["legs"] == (
        Leg("AAPL  260619C00205000", "BUY", Decimal(1), "OPEN", "OPTION", "2026-06-19", "205", "CALL", Decimal("3.1")),
        Leg("MSFT", security_type="CS"),
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"qty": "many"}, "qty is not a decimal number"),
        ({"qty": True}, "qty is not text"),
        ({"price": "1e1000000"}, "price is not a decimal number"),
        ({"price": "1e99"}, "price is a number beyond all bounds"),
        ({"side": ["BUY"]}, "side is not text"),
        ({"symbol": "a\ud800"}, "symbol is not readable text"),
        ({"updatedAt": "noon"}, "updatedAt is not a time"),
        ({"legs": "none"}, "legs is not a list"),
        ({"legs": [LEG | {"ratioQty": "x"}]}, "legs.0.ratioQty is not a decimal number"),
        ({"legs": [[]]}, "legs.0 is no object"),
        ({"text": "a\ud800"}, "text is not readable text"),
        ({"symbol": "x" * (LONGEST_WORD + 1)}, "symbol is too long"),
        ({"ordId": "x" * (LONGEST_ID + 1)}, "ordId is too long"),
        ({"legs": [LEG | {"symbol": "x" * (LONGEST_OF_LEG + 1)}]}, "legs.0.symbol is too long"),
        ({"legs": [LEG] * (MOST_LEGS + 1)}, "legs is too long"),
        ({"accountId": "ANOTHER"}, "names another account"),
    ],
)
def test_a_record_that_cannot_be_read_is_named_with_the_reason(change: dict[str, Any], why: str) -> None:
    found = read_order(read(json.dumps(record(**change))), ACCOUNT)
    assert isinstance(found, Unreadable)
    assert found.cl_ord_id == "A7-000412"
    assert why in found.reason


@pytest.mark.parametrize(
    "raw",
    [
        *("null", "[]", '"x"', "{}", '{"clOrdId":""}', '{"clOrdId":null}', '{"clOrdId":"\\ud800"}'),
        json.dumps({"clOrdId": "x" * (LONGEST_ID + 1)}),
    ],
)
def test_a_record_without_a_legible_id_is_unreadable(raw: str) -> None:
    found = read_order(read(raw), ACCOUNT)
    assert isinstance(found, Unreadable)
    assert found.cl_ord_id == ""


def test_a_text_that_is_only_read_is_cut_and_says_so() -> None:
    _, fields = read_one(record(text="x" * LONGEST_REMARK, ordRejReason="y" * 40_000))
    assert fields["text"] == "x" * LONGEST_REMARK
    assert fields["ord_rej_reason"] == "y" * LONGEST_REMARK + "… (cut, 40,000 characters in all)"


def test_what_one_order_can_cost_is_bounded_and_its_ids_are_exact() -> None:
    """Everything as long as it may be, or endless where it is cut."""
    exact = dict.fromkeys(["clOrdId", "ordId", "origClOrdId"], "i" * LONGEST_ID)
    words = ["symbol", "side", "type", "timeInForce", "ordStatus", "currency", "securityType", "category"]
    leg = dict.fromkeys(
        ["symbol", "side", "positionEffect", "securityType", "maturity", "strikePrice", "putCall"],
        "l" * LONGEST_OF_LEG,
    )
    endless = dict.fromkeys(["clientId", "exDestination", "text", "ordRejReason"], "e" * 1_000_000)
    raw = exact | dict.fromkeys(words, "w" * LONGEST_WORD) | endless | {"legs": [leg] * MOST_LEGS}

    cl_ord_id, fields = read_one(record(**raw))

    assert (cl_ord_id, fields["ord_id"], fields["symbol"]) == ("i" * LONGEST_ID, "i" * LONGEST_ID, "w" * LONGEST_WORD)
    texts = [value for value in fields.values() if isinstance(value, str)]
    of_legs = [word for each in fields["legs"] for word in (each.symbol, each.side, each.position_effect,
               each.security_type, each.maturity, each.strike_price, each.put_call)]  # fmt: skip
    assert len(cl_ord_id) + sum(map(len, texts + of_legs)) < 7_000


def test_a_reason_quotes_no_value() -> None:
    found = read_order(record(qty=CANARY, side=[CANARY], legs=[{CANARY: CANARY}]), ACCOUNT)
    assert isinstance(found, Unreadable)
    assert CANARY not in found.reason


@pytest.mark.parametrize(
    "document", [{"orders": None, "nextCursor": 0}, {"orders": []}, {"nextCursor": 0}, {"orders": None}]
)
async def test_no_orders_in_every_way_of_saying_it(document: object) -> None:
    assert await page_of(document) == Page((), (), 0)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "x",
        {},
        {"error": "no"},
        {"orders": {}},
        {"orders": "none"},
        {"orders": [], "nextCursor": "x"},
        {"orders": [], "nextCursor": 1.5},
    ],
)
async def test_what_is_no_page_never_reads_as_no_orders(document: object) -> None:
    with pytest.raises(NotJson):
        await page_of(document)


@given(st.lists(damaged_records() | anything, max_size=6), st.integers(0, 6))
async def test_one_bad_record_costs_itself(junk: list[Any], at: int) -> None:
    good = record(clOrdId="good", text="still here")
    page = await page_of({"orders": [*junk[:at], good, *junk[at:]], "nextCursor": 0})
    assert len(page.orders) + len(page.unreadable) == len(junk) + 1
    assert "still here" in [fields.get("text") for name, fields in page.orders if name == "good"]
    for name, fields in page.orders:
        order = Order(ACCOUNT, name, **fields)
        repr(order).encode()
        name.encode()
    for bad in page.unreadable:
        bad.cl_ord_id.encode()
        assert bad.reason


@given(anything)
async def test_a_page_is_read_or_refused_and_nothing_else(document: object) -> None:
    try:
        page = await page_of(document)
    except NotJson:
        return
    assert page.orders == ()
