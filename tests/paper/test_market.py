from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from blotter.paper.contract import parse_osi
from blotter.paper.order import FINISHED
from blotter.paper.settings import PaperSettings
from tests.paper.clock import START, ManualClock
from tests.paper.desk import PaperDesk

STEPS = 5000
CLOCKED = ("createdAt", "updatedAt")


@pytest.fixture(scope="module")
def played() -> PaperDesk:
    desk = PaperDesk(PaperSettings(orders=40, seed=3))
    for _ in range(STEPS):
        desk.clock.advance(0.5)
        desk.exchange.step()
    return desk


def test_same_seed_same_market_whatever_the_time_of_day() -> None:
    first = _story(PaperSettings(seed=11), ManualClock(), pause=0.1)
    later = _story(PaperSettings(seed=11), ManualClock(START + timedelta(hours=3)), pause=2.0)
    assert first == later


def test_another_seed_is_another_market() -> None:
    assert _story(PaperSettings(seed=11), ManualClock(), 0.1) != _story(PaperSettings(seed=12), ManualClock(), 0.1)


def test_the_number_of_working_orders_stays_about_the_same_for_hours() -> None:
    desk = PaperDesk(PaperSettings(orders=24))
    counts = set()
    for _ in range(10_000):
        desk.exchange.step()
        counts.add(desk.exchange.market.working)
    assert min(counts) >= 14
    assert max(counts) <= 34


def test_a_step_is_one_update(played: PaperDesk) -> None:
    assert STEPS * 0.98 <= len(played.heard) <= STEPS


def test_everything_that_can_happen_to_an_order_happens(played: PaperDesk) -> None:
    seen = Counter(record["ordStatus"] for record in played.heard)
    for status in ("PENDING_NEW", "NEW", "PARTIALLY_FILLED", "FILLED", "EXPIRED", "CANCELED", "REJECTED", "SUSPENDED"):
        assert seen[status] > 0, status


def test_quantities_always_add_up_and_never_shrink(played: PaperDesk) -> None:
    filled: dict[str, Decimal] = {}
    for record in played.heard:
        qty, cum, leaves = (Decimal(record[name]) for name in ("qty", "cumQty", "leavesQty"))
        assert cum >= filled.get(record["clOrdId"], Decimal(0))
        filled[record["clOrdId"]] = cum
        if record["ordStatus"] in FINISHED:
            assert leaves == 0
            assert (cum == qty) == (record["ordStatus"] == "FILLED")
        else:
            assert cum + leaves == qty
        assert (record["ordStatus"] == "PARTIALLY_FILLED") <= (0 < cum < qty)


def test_a_finished_order_never_changes_again(played: PaperDesk) -> None:
    done: set[str] = set()
    for record in played.heard:
        assert record["clOrdId"] not in done
        if record["ordStatus"] in FINISHED:
            done.add(record["clOrdId"])


def test_two_copies_of_an_order_are_told_apart_by_their_time() -> None:
    desk = PaperDesk(PaperSettings(orders=5))
    for _ in range(500):
        desk.exchange.step()
    stamps = Counter((record["clOrdId"], record["updatedAt"]) for record in desk.heard)
    assert set(stamps.values()) == {1}


def test_the_broker_id_comes_with_acceptance(played: PaperDesk) -> None:
    for record in played.heard:
        assert bool(record["ordId"]) == (record["ordStatus"] not in ("PENDING_NEW", "REJECTED"))


def test_the_newest_orders_show_every_side_type_and_time_in_force() -> None:
    for seed in range(5):
        orders = PaperDesk(PaperSettings(seed=seed)).orders()
        assert {order.draft.side for order in orders} == {"BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER"}
        assert {order.draft.type for order in orders} == {"MARKET", "LIMIT", "STOP", "STOP_LIMIT"}
        assert {order.draft.tif for order in orders} == {
            "DAY",
            "GTC",
            "IOC",
            "FOK",
            "EXTENDED_HOURS",
            "AT_THE_OPENING",
            "AT_THE_CLOSE",
        }
        assert {min(len(order.draft.legs), 2) for order in orders} == {0, 1, 2}
        assert {"PENDING_NEW", "NEW", "PARTIALLY_FILLED", "SUSPENDED"} <= {order.status for order in orders}


def test_strategies_have_two_to_four_legs_of_listed_contracts(played: PaperDesk) -> None:
    legs_seen = set()
    for record in played.heard:
        legs = record.get("legs", [])
        legs_seen.add(len(legs))
        for leg in legs:
            contract = parse_osi(leg["symbol"])
            assert contract is not None
            assert contract.osi == leg["symbol"]
            assert contract.maturity > START.date()
            assert contract.maturity.isoformat() == leg["maturity"]
            assert Decimal(leg["strikePrice"]) == contract.strike
            assert leg["putCall"] == contract.put_call
    assert legs_seen == {0, 1, 2, 3, 4}


def test_options_are_placed_by_their_own_symbol_or_by_the_underlying(played: PaperDesk) -> None:
    single = [record for record in played.heard if record["category"] == "SINGLE_LEG"]
    own = [record for record in single if record["symbol"] == record["legs"][0]["symbol"]]
    assert 0 < len(own) < len(single)
    assert all(record["timeInForce"] in ("DAY", "GTC") for record in single)


def test_prices_are_where_the_type_of_order_has_them(played: PaperDesk) -> None:
    for record in played.heard:
        limit = Decimal(record["price"] or 0)
        stop = Decimal(record["stopPrice"] or 0)
        assert (limit > 0) == (record["type"] in ("LIMIT", "STOP_LIMIT"))
        assert (stop > 0) == (record["type"] in ("STOP", "STOP_LIMIT"))


def test_legs_of_a_filled_strategy_add_up_to_its_net_price(played: PaperDesk) -> None:
    checked = 0
    for record in played.heard:
        if record["category"] != "MULTI_LEG" or record["ordStatus"] != "FILLED" or record["type"] != "LIMIT":
            continue
        assert record["avgPrice"] == "0"
        net = sum(_signed(leg) * Decimal(leg["avgPrice"]) for leg in record["legs"])
        wanted = Decimal(record["price"]) * (1 if record["side"] == "BUY" else -1)
        assert abs(net - wanted) < Decimal("0.02"), record
        checked += 1
    assert checked > 10


def test_a_market_without_orders_is_silent() -> None:
    desk = PaperDesk(PaperSettings(orders=0))
    for _ in range(100):
        desk.exchange.step()
    assert desk.orders() == []
    assert desk.heard == []


@pytest.mark.parametrize("orders", [1, 2, 3, 5, 13])
def test_small_markets_have_as_many_working_orders_as_asked(orders: int) -> None:
    assert len(PaperDesk(PaperSettings(orders=orders)).working()) == orders


def test_the_first_order_on_the_screen_is_a_plain_one() -> None:
    for seed in range(20):
        newest = PaperDesk(PaperSettings(seed=seed)).exchange.active("PAPER-1", 1, 0).orders[0]
        assert (newest.draft.type, newest.draft.side, newest.status) == ("LIMIT", "BUY", "NEW")
        assert not newest.draft.legs


def test_right_after_midnight_the_market_is_open_too() -> None:
    midnight = START.replace(hour=5, minute=0)
    desk = PaperDesk(PaperSettings(), ManualClock(midnight + timedelta(seconds=1)))
    assert len(desk.working()) == 24
    assert all(midnight <= order.created for order in desk.orders())


def _story(settings: PaperSettings, clock: ManualClock, pause: float) -> list[dict[str, Any]]:
    desk = PaperDesk(settings, clock)
    for _ in range(300):
        clock.advance(pause)
        desk.exchange.step()
    opening = [order.record() for order in desk.orders()]
    return [{name: value for name, value in record.items() if name not in CLOCKED} for record in opening + desk.heard]


def _signed(leg: dict[str, str]) -> Decimal:
    ratio = Decimal(leg["ratioQty"])
    return ratio if leg["side"] == "BUY" else -ratio
