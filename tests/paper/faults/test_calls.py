"""What a broker that is not well answers to calls."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.paper.faulty import Faulty
from tests.paper.samples import cancel_of, find, place


@pytest.fixture(scope="module")
def broker() -> Iterator[Faulty]:
    with Faulty() as running:
        yield running


@pytest.fixture
def client(broker: Faulty) -> Iterator[httpx.Client]:
    broker.mend()
    with broker.serving.client() as client:
        yield client


def list_orders(client: httpx.Client) -> httpx.Response:
    return client.get("/v2/accounts/PAPER-1/orders")


def test_too_many_requests_say_when_to_come_again(broker: Faulty, client: httpx.Client) -> None:
    order = place(client)
    broker.strike("busy:60")
    for answer in (list_orders(client), client.post("/v1/orders/cancel", json=cancel_of(order))):
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert client.get("/v2/users/me/accounts").status_code == 200
    broker.mend()
    assert find(client, order["clOrdId"])["ordStatus"] in ("PENDING_NEW", "NEW")


def test_of_the_cancels_that_fail_some_take_effect(broker: Faulty, client: httpx.Client) -> None:
    orders = [place(client) for _ in range(12)]
    broker.strike("fail:60")
    assert list_orders(client).status_code == 500
    for order in orders:
        assert client.post("/v1/orders/cancel", json=cancel_of(order)).status_code == 500
    broker.mend()
    statuses = {find(client, order["clOrdId"])["ordStatus"] for order in orders}
    assert statuses & {"PENDING_CANCEL", "CANCELED"}
    assert statuses & {"PENDING_NEW", "NEW"}


def test_a_web_page_in_place_of_a_list(broker: Faulty, client: httpx.Client) -> None:
    broker.strike("html:60")
    answer = list_orders(client)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    broker.mend()
    assert list_orders(client).json()["orders"]


def test_a_mute_cancel_takes_effect_and_is_not_answered(broker: Faulty, client: httpx.Client) -> None:
    order, other = place(client), place(client)
    broker.strike("mute:1")
    with pytest.raises(httpx.ReadTimeout):
        client.post("/v1/orders/cancel", json=cancel_of(order), timeout=0.6)
    assert find(client, order["clOrdId"])["ordStatus"] == "PENDING_CANCEL"
    assert client.post("/v1/orders/cancel", json=cancel_of(other)).json()["success"]
