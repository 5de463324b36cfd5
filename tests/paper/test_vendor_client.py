"""The judge: the vendor's own client against a real process of the practice broker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from finance_dev import FinanceDev, errors, models
from finance_dev.utils import BackoffStrategy, RetryConfig
from finance_dev.websocket import WebSocketConfig
from finance_dev.websocket.errors import WebSocketAuthenticationError

# The vendor's client imports this when it connects, and its finalizers import, too: when the garbage collector runs one
# inside the other, the import fails in Python 3.11 (a KeyError in importlib). Imported before, nothing can cross.
from websockets.sync import client as _imported_early  # noqa: F401

from blotter.paper.child import Child
from blotter.paper.logins import CLIENT_SECRET

NO_RETRY = RetryConfig("none", BackoffStrategy(1, 1, 1.0, 1), False)
FINISHED = {"FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED", "SUPERSEDED"}
WAIT = 10.0


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child("--orders", "90", "--rate", "2", "--seed", "8") as child:
        yield child


@pytest.fixture
def sdk(child: Child) -> Iterator[Any]:
    with _sdk(child.url, child.token) as sdk:
        yield sdk


def test_it_lists_the_accounts(sdk: Any) -> None:
    accounts = sdk.accounts.get_user_accounts().get_accounts_response.accounts
    assert [account.trading_account_id for account in accounts] == ["PAPER-1", "PAPER-2", "PAPER-3"]
    assert all(account.is_sim for account in accounts)


@pytest.mark.parametrize("limit", [7, 50, 500])
def test_it_walks_all_orders_by_the_cursor(sdk: Any, limit: int) -> None:
    orders = list(_walk(sdk, "PAPER-1", limit))
    assert len({order.cl_ord_id for order in orders}) == len(orders) > 30
    assert {min(len(order.legs or []), 2) for order in orders} == {0, 1, 2}
    assert {order.ord_status for order in orders} & FINISHED


def test_its_own_paging_comes_to_an_end(sdk: Any) -> None:
    for limit in (7, len(list(_walk(sdk, "PAPER-2", 500))), 500):
        page = sdk.orders.list_active_orders(id="PAPER-2", limit=limit)
        seen: list[str] = []
        for _ in range(100):
            seen += [order.cl_ord_id for order in page.get_orders_v2_response.orders]
            following = page.next()
            if following is None:
                break
            page = following
        else:
            pytest.fail("it went on for ever")
        assert len(set(seen)) == len(seen) > 10


def test_it_places_and_cancels_an_order(sdk: Any) -> None:
    placed = sdk.orders.place_order(
        request=models.PlaceOrdRequest2(
            trading_account_id="PAPER-1",
            symbol="MSFT",
            side=models.OrderSideEnum.BUY,
            type=models.OrderTypeEnum.LIMIT,
            qty="7",
            price="401.10",
            time_in_force=models.OrderRequestTimeInForceEnum.DAY,
        )
    ).ord_response
    assert placed.success
    order = _order(sdk, "PAPER-1", placed.cl_ord_id)
    assert (order.symbol, order.qty, order.leaves_qty) == ("MSFT", "7", "7")
    canceled = sdk.orders.cancel_order(request=_cancel(order)).cancel_ord_response
    assert (canceled.success, canceled.status, canceled.orig_cl_ord_id) == (True, "PENDING_CANCEL", order.cl_ord_id)
    _wait_for(lambda: _order(sdk, "PAPER-1", placed.cl_ord_id).ord_status == "CANCELED")
    assert _order(sdk, "PAPER-1", placed.cl_ord_id).text == "Cancel request processed"


@pytest.mark.parametrize("model", [models.CancelOrdRequest1, models.CancelOrdRequest2])
def test_it_cancels_options_and_strategies_under_either_account_key(sdk: Any, model: Any) -> None:
    legs = [_leg("BUY", "205"), _leg("SELL", "210")]
    key = "account_id" if model is models.CancelOrdRequest1 else "trading_account_id"
    for sent in (legs[:1], legs):
        placed = sdk.orders.place_order(
            request={
                "trading_account_id": "PAPER-2",
                "symbol": "AAPL",
                "side": "BUY",
                "type": "LIMIT",
                "qty": "2",
                "price": "1.25",
                "time_in_force": "GTC",
                "legs": sent,
            }
        ).ord_response
        contract = {"put_call": "CALL", "strike_price": "205.00", "maturity": "2031-06-20"} if len(sent) == 1 else {}
        request = model(
            orig_cl_ord_id=placed.cl_ord_id,
            symbol="AAPL",
            side="BUY",
            security_type="OPT",
            **{key: "PAPER-2"},
            **contract,
        )
        assert sdk.orders.cancel_order(request=request).cancel_ord_response.status == "PENDING_CANCEL"


def test_it_reads_the_history(sdk: Any) -> None:
    now = datetime.now(UTC)
    answer = sdk.orders.list_order_history(id="PAPER-1", from_=now - timedelta(days=30), to=now, limit=500)
    orders = answer.get_orders_v2_response.orders
    assert len(orders) > len(list(_walk(sdk, "PAPER-1", 500)))
    without_today = sdk.orders.list_order_history(id="PAPER-1", from_=now - timedelta(days=30), exclude_today=True)
    assert 0 < len(without_today.get_orders_v2_response.orders) < len(orders)


def test_it_understands_every_refusal(child: Child, sdk: Any) -> None:
    with pytest.raises(errors.OrderHistoryBadRequest):
        sdk.orders.list_order_history(id="PAPER-1", from_=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(errors.NotFound):
        sdk.orders.list_active_orders(id="ACC-1")
    with pytest.raises(errors.BadRequest):
        sdk.orders.list_active_orders(id="PAPER-1", limit=501)
    request = {"orig_cl_ord_id": "none", "account_id": "PAPER-1", "symbol": "KO", "side": "BUY"}
    with pytest.raises(errors.NotFound):
        sdk.orders.cancel_order(request=request)
    with pytest.raises(errors.BadRequest):
        sdk.orders.cancel_order(request=request | {"security_type": "EQUITY"})
    with _sdk(child.url, "wrong") as stranger, pytest.raises(errors.Unauthorized):
        stranger.accounts.get_user_accounts()


async def test_its_async_stream_receives_the_life_of_an_order(child: Child, sdk: Any) -> None:
    async with _connect(child) as stream:
        subscribed = await stream.subscribe_account("PAPER-1")
        snapshot = subscribed["payload"]["data"]["ordersV2"]
        assert {order["clOrdId"] for order in snapshot} >= {order.cl_ord_id for order in _walk(sdk, "PAPER-1", 20)}
        placed = await asyncio.to_thread(sdk.orders.place_order, request=_placement())
        cl_ord_id = placed.ord_response.cl_ord_id
        assert await _statuses(stream, cl_ord_id, "NEW") == ["PENDING_NEW", "NEW"]
        request = {"orig_cl_ord_id": cl_ord_id, "account_id": "PAPER-1", "symbol": "KO", "side": "BUY"}
        await asyncio.to_thread(sdk.orders.cancel_order, request=request | {"security_type": "CS"})
        assert await _statuses(stream, cl_ord_id, "CANCELED") == ["PENDING_CANCEL", "CANCELED"]
        await stream.unsubscribe_account("PAPER-1")


async def test_its_async_stream_hears_the_market_live(child: Child) -> None:
    async with _connect(child) as stream:
        for account in ("PAPER-1", "PAPER-2", "PAPER-3"):
            await stream.subscribe_account(account)
        event = await asyncio.wait_for(stream.get_event(), WAIT)
        assert event.payload["name"] == "account.order"
        assert event.payload["data"]["accountId"] == event.payload["target"]


async def test_its_async_stream_is_refused_with_a_wrong_token(child: Child) -> None:
    with pytest.raises(WebSocketAuthenticationError, match="rejected"):
        async with _connect(child, "wrong"):
            pytest.fail("it was let in")


async def test_its_other_topics_and_pings_are_answered(child: Child) -> None:
    async with _connect(child, ping_interval=0.1, pong_timeout=2) as stream:
        await stream.subscribe_pnl("PAPER-1", datetime.now(UTC), interval="1m")
        await stream.subscribe_watchlist()
        await stream.subscribe_news(symbols=["MSFT"])
        topics = {(await asyncio.wait_for(stream.get_event(), WAIT)).payload["topic"] for _ in range(3)}
        assert topics == {"pnl", "watchlist", "news"}
        await asyncio.sleep(0.5)
        assert stream.state == "READY"


def test_its_sync_stream_works_too(child: Child, sdk: Any) -> None:
    url = child.url.replace("http", "ws") + "/v1/accounts/ws"
    with FinanceDev().websocket.account.connect(access_token=child.token, url=url) as stream:
        stream.subscribe_account("PAPER-3")
        request = _placement() | {"trading_account_id": "PAPER-3"}
        cl_ord_id = sdk.orders.place_order(request=request).ord_response.cl_ord_id
        for event in stream:
            data = event["payload"].get("data", {})
            if data.get("clOrdId") == cl_ord_id and data["ordStatus"] == "NEW":
                break


@contextmanager
def _sdk(url: str, token: str) -> Iterator[Any]:
    """The client as a program would make it. It is untyped here: every one of its results may be ``None``."""
    headers = {"Authorization": f"Bearer {token}"}
    with (
        httpx.Client(headers=headers, timeout=WAIT, trust_env=False, verify=False) as http,
        FinanceDev(server_url=url, client=http, retry_config=NO_RETRY, timeout_ms=5000) as sdk,
    ):
        yield sdk


def _connect(child: Child, token: str | None = None, **config: Any) -> Any:
    url = child.url.replace("http", "ws") + "/v1/accounts/ws"
    settings = WebSocketConfig(**config)
    return FinanceDev().websocket.account.connect_async(access_token=token or child.token, url=url, config=settings)


def _walk(sdk: Any, account: str, limit: int) -> Iterator[Any]:
    cursor = 0
    while True:
        page = sdk.orders.list_active_orders(id=account, limit=limit, cursor=cursor).get_orders_v2_response
        yield from page.orders or []
        cursor = page.next_cursor
        if cursor == 0:
            return


def _order(sdk: Any, account: str, cl_ord_id: str) -> Any:
    return next(order for order in _walk(sdk, account, 500) if order.cl_ord_id == cl_ord_id)


def _cancel(order: Any) -> dict[str, Any]:
    return {
        "orig_cl_ord_id": order.cl_ord_id,
        "trading_account_id": order.account_id,
        "symbol": order.symbol,
        "side": order.side,
        "security_type": "CS",
    }


def _leg(side: str, strike: str) -> dict[str, Any]:
    return {
        "security_type": "OPT",
        "side": side,
        "ratio_qty": "1",
        "position_effect": "OPEN",
        "put_call": "CALL",
        "strike_price": strike,
        "maturity": "2031-06-20",
    }


def _placement() -> dict[str, Any]:
    return {
        "trading_account_id": "PAPER-1",
        "symbol": "KO",
        "side": "BUY",
        "type": "LIMIT",
        "qty": "100",
        "price": "60.00",
        "time_in_force": "DAY",
    }


async def _statuses(stream: Any, cl_ord_id: str, last: str) -> list[str]:
    """What the stream says of one order, up to a status."""
    seen: list[str] = []
    while last not in seen:
        event = await asyncio.wait_for(stream.get_event(), WAIT)
        data = event.payload.get("data", {})
        if data.get("clOrdId") == cl_ord_id:
            seen.append(data["ordStatus"])
    return seen


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_gets_its_tokens_from_the_token_endpoint(child: Child) -> None:
    # Its cache of tokens is one for the whole process and knows no broker: the id is this test's own.
    security = models.Security(client_id="vendor-7f", client_secret=CLIENT_SECRET, token_url="/v1/oauth2/token")
    with FinanceDev(server_url=child.url, security=security, retry_config=NO_RETRY, timeout_ms=5000) as sdk:
        assert len(sdk.accounts.get_user_accounts().get_accounts_response.accounts) == 3
        order = next(o for o in _walk(sdk, "PAPER-3", 500) if o.ord_status == "NEW")
        assert sdk.orders.cancel_order(request=_cancel(order)).cancel_ord_response.success


def test_a_wrong_secret_gets_it_nothing(child: Child) -> None:
    security = models.Security(client_id="vendor-7g", client_secret="wrong", token_url="/v1/oauth2/token")
    refused = pytest.raises(Exception, match="401")
    with FinanceDev(server_url=child.url, security=security, retry_config=NO_RETRY, timeout_ms=5000) as sdk, refused:
        sdk.accounts.get_user_accounts()
