from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from blotter.paper.settings import PaperSettings
from tests.paper.desk import PaperDesk, limit_order


@pytest.fixture
def desk() -> PaperDesk:
    return PaperDesk(PaperSettings(orders=0))


@pytest.mark.parametrize(("type_", "tif"), [("LIMIT", "DAY"), ("STOP", "GTC"), ("MARKET", "AT_THE_CLOSE")])
def test_a_placed_order_rests_until_it_is_canceled(desk: PaperDesk, type_: str, tif: str) -> None:
    order = desk.exchange.place(replace(limit_order(), type=type_, tif=tif))
    assert (order.status, order.ord_id) == ("PENDING_NEW", "")
    desk.wait(60)
    for _ in range(200):
        desk.exchange.step()
    assert desk.statuses(order.cl_ord_id) == ["PENDING_NEW", "NEW"]
    assert order.ord_id


@pytest.mark.parametrize(
    ("type_", "tif", "side", "price", "ending"),
    [
        ("MARKET", "DAY", "BUY", None, "FILLED"),
        ("LIMIT", "IOC", "BUY", "500", "FILLED"),
        ("LIMIT", "IOC", "BUY", "300", "CANCELED"),
        ("LIMIT", "FOK", "SELL", "300", "FILLED"),
        ("LIMIT", "FOK", "SELL", "500", "CANCELED"),
    ],
)
def test_an_order_that_cannot_rest_is_soon_done(
    desk: PaperDesk, type_: str, tif: str, side: str, price: str | None, ending: str
) -> None:
    limit = None if price is None else Decimal(price)
    order = desk.exchange.place(replace(limit_order(), type=type_, tif=tif, side=side, price=limit))
    desk.wait(3)
    assert desk.statuses(order.cl_ord_id) == ["PENDING_NEW", "NEW", ending]
    assert order.leaves == 0


def test_placing_does_not_change_the_ids_of_the_market() -> None:
    quiet, busy = PaperDesk(), PaperDesk()
    for _ in range(3):
        busy.exchange.place(limit_order())
    for desk in (quiet, busy):
        for _ in range(100):
            desk.exchange.step()
    assert [r["clOrdId"] for r in quiet.heard] == [r["clOrdId"] for r in busy.heard[3:]]
