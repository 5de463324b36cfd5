from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from blotter.paper.order import FINISHED
from blotter.paper.settings import PaperSettings
from tests.paper.samples import place
from tests.paper.serving import serving

ALWAYS = {"clOrdId", "accountId", "symbol", "qty", "price", "stopPrice", "cumQty", "leavesQty", "avgPrice"}
LEG = {"symbol", "side", "ratioQty", "positionEffect", "securityType", "maturity", "strikePrice", "putCall", "avgPrice"}


def test_today_is_the_working_orders_and_the_finished_ones(client: httpx.Client) -> None:
    orders = client.get("/v2/accounts/PAPER-1/orders", params={"limit": 500}).json()["orders"]
    finished = [order for order in orders if order["ordStatus"] in FINISHED]
    assert 0 < len(finished) < len(orders)


def test_every_order_is_written_as_the_contract_says(client: httpx.Client) -> None:
    categories = set()
    for order in _walk(client, "/v2/accounts/PAPER-1/orders", limit=500):
        assert ALWAYS | {"createdAt", "updatedAt", "ordId", "clientId"} <= set(order)
        assert all(isinstance(order[name], str) for name in ALWAYS)
        assert order["createdAt"].endswith("Z")
        assert datetime.fromisoformat(order["createdAt"]) <= datetime.fromisoformat(order["updatedAt"])
        legs = order.get("legs", [])
        assert order["securityType"] == ("OPTION" if legs else "EQUITY")
        assert order["category"] == ("EQUITY", "SINGLE_LEG", "MULTI_LEG")[min(len(legs), 2)]
        assert all(set(leg) == LEG and all(isinstance(value, str) for value in leg.values()) for leg in legs)
        categories.add(order["category"])
    assert categories == {"EQUITY", "SINGLE_LEG", "MULTI_LEG"}


@pytest.mark.parametrize("limit", [1, 7, 50, 500])
def test_paging_gives_every_order_once_newest_first(client: httpx.Client, limit: int) -> None:
    whole = [order["clOrdId"] for order in _walk(client, "/v2/accounts/PAPER-2/orders", limit=500)]
    assert [order["clOrdId"] for order in _walk(client, "/v2/accounts/PAPER-2/orders", limit=limit)] == whole
    assert len(set(whole)) == len(whole)
    created = [order["createdAt"] for order in _walk(client, "/v2/accounts/PAPER-2/orders", limit=500)]
    assert created == sorted(created, reverse=True)


def test_pages_hold_fifty_unless_asked_otherwise() -> None:
    with serving(PaperSettings(orders=60, rate=0, accounts=1)) as broker, broker.client() as client:
        page = client.get("/v2/accounts/PAPER-1/orders").json()
    assert len(page["orders"]) == 50
    assert page["nextCursor"] > 2**53


def test_a_full_last_page_is_followed_by_an_empty_list(client: httpx.Client) -> None:
    total = len(_walk(client, "/v2/accounts/PAPER-2/orders", limit=500))
    page = client.get("/v2/accounts/PAPER-2/orders", params={"limit": total}).json()
    assert len(page["orders"]) == total
    last = client.get("/v2/accounts/PAPER-2/orders", params={"limit": total, "cursor": page["nextCursor"]}).json()
    assert last == {"orders": [], "nextCursor": 0}


def test_an_account_without_orders_has_null() -> None:
    with serving(PaperSettings(orders=0, rate=0, accounts=1)) as broker, broker.client() as client:
        assert client.get("/v2/accounts/PAPER-1/orders").json() == {"orders": None, "nextCursor": 0}
        history = client.get("/v2/accounts/PAPER-1/orders/history", params={"from": _ago(days=1)})
        assert history.json() == {"orders": [], "nextCursor": 0}


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"cursor": "-1"}, "cursor"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "1.5"}, "cursor"),
        ({"cursor": str(2**63)}, "cursor"),
    ],
)
@pytest.mark.parametrize("path", ["orders", "orders/history"])
def test_bad_paging_is_refused_in_the_flat_shape(
    client: httpx.Client, path: str, params: dict[str, str], field: str
) -> None:
    answer = client.get(f"/v2/accounts/PAPER-1/{path}", params={"from": _ago(days=1)} | params)
    _is_flat(answer, 400, field)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "from"),
        ({"from": ""}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-11-01"}, "from"),
        ({"from": "2026-11-01T00:00:00"}, "from"),
        ({"from": "2026-02-30T00:00:00Z"}, "from"),
        ({"from": "2026-11-01T00:00:00Z", "to": "soon"}, "to"),
        ({"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "to"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:01Z"}, "from"),
        ({"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "order_by": "up"}, "order_by"),
        ({"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "exclude_today": "1"}, "exclude_today"),
    ],
)
def test_a_bad_window_is_refused_in_the_flat_shape(client: httpx.Client, params: dict[str, str], field: str) -> None:
    _is_flat(client.get("/v2/accounts/PAPER-1/orders/history", params=params), 400, field)


def test_ninety_days_to_the_second_are_allowed(client: httpx.Client) -> None:
    params = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert client.get("/v2/accounts/PAPER-1/orders/history", params=params).status_code == 200


def test_history_goes_back_before_today(client: httpx.Client) -> None:
    path = "/v2/accounts/PAPER-1/orders/history"
    everything = _walk(client, path, limit=20, **{"from": _ago(days=60), "to": _ago(days=-1)})
    before = _walk(client, path, limit=20, **{"from": _ago(days=60), "exclude_today": "true"})
    today = {order["clOrdId"] for order in _walk(client, "/v2/accounts/PAPER-1/orders", limit=500)}
    assert 0 < len(before) < len(everything)
    assert today <= {order["clOrdId"] for order in everything}
    assert all(order["ordStatus"] in FINISHED for order in before)
    created = [order["createdAt"] for order in everything]
    assert created == sorted(created, reverse=True)
    upward = _walk(client, path, limit=20, **{"from": _ago(days=60), "to": _ago(days=-1), "order_by": "asc"})
    assert [order["clOrdId"] for order in upward] == [order["clOrdId"] for order in everything][::-1]


def test_both_ends_of_the_window_are_included(client: httpx.Client) -> None:
    order = place(client)
    params = {"from": order["createdAt"], "to": order["createdAt"]}
    found = client.get("/v2/accounts/PAPER-1/orders/history", params=params).json()["orders"]
    assert [found_order["clOrdId"] for found_order in found] == [order["clOrdId"]]


def test_history_ends_at_the_last_full_minute_by_default(client: httpx.Client) -> None:
    order = place(client)
    assert datetime.fromisoformat(order["createdAt"]) > datetime.now(UTC) - timedelta(seconds=30)
    found = client.get("/v2/accounts/PAPER-1/orders/history", params={"from": _ago(days=1), "limit": 500}).json()
    limit = datetime.now(UTC).replace(second=0, microsecond=0)
    assert all(datetime.fromisoformat(order["createdAt"]) <= limit for order in found["orders"])


@pytest.mark.parametrize("path", ["orders", "orders/history"])
def test_a_malformed_account_is_400_and_an_unknown_one_404_both_nested(client: httpx.Client, path: str) -> None:
    malformed = client.get(f"/v2/accounts/PAPER%201/{path}", params={"from": _ago(days=1)})
    unknown = client.get(f"/v2/accounts/PAPER-99/{path}", params={"from": _ago(days=1)})
    assert (malformed.status_code, malformed.json()["error"]["type"]) == (400, "VALIDATION")
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "NOT_FOUND")
    assert set(unknown.json()["error"]) == {"type", "code", "message", "details", "request_id"}
    assert unknown.json()["meta"] == {}


def test_ten_thousand_orders_are_walked_to_the_end() -> None:
    with serving(PaperSettings(orders=10_000, rate=0)) as broker, broker.client() as client:
        orders = _walk(client, "/v2/accounts/PAPER-1/orders", limit=500)
    assert len({order["clOrdId"] for order in orders}) == len(orders) > 5000


def _walk(client: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = 0
    while True:
        page = client.get(path, params={**params, "cursor": cursor}).raise_for_status().json()
        found += page["orders"] or []
        cursor = page["nextCursor"]
        if cursor == 0:
            return found


def _ago(*, days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def _is_flat(answer: httpx.Response, status: int, field: str) -> None:
    body = answer.json()
    assert answer.status_code == status
    assert isinstance(body["error"], str)
    assert body["metadata"] == {}
    assert [code["field"] for code in body["codes"]] == [field]
