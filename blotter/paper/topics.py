"""What the stream's topics carry besides order events: snapshots, and small change for pnl, watchlist and news."""

from __future__ import annotations

from itertools import islice
from typing import Any

from blotter.paper.exchange import Exchange
from blotter.paper.order import timestamp

# A snapshot is cut here: at some 650 bytes per order it stays well under the 1 MiB that the vendor's client takes.
SNAPSHOT_ORDERS = 500
INTERVALS = ("15s", "1m", "5m", "15m", "1h", "1d", "1mo")


def account_snapshot(exchange: Exchange, account: str) -> dict[str, Any]:
    """The newest orders of the account. It can be cut short, so absence from it says nothing."""
    page = exchange.active(account, SNAPSHOT_ORDERS, 0)
    return {
        "account": {"accountId": account, "status": "OPEN", "isSim": True, "currency": "USD"},
        "positions": [],
        "ordersV2": [order.record() for order in page.orders],
    }


def pnl_candle(exchange: Exchange, account: str, interval: str) -> dict[str, Any]:
    """Realized profit and loss so far, as the one candle that this broker draws."""
    traded = sum(order.cum * order.average for order in islice(exchange.ledger.newest_first(account), 200))
    return {
        "accountId": account,
        "interval": interval,
        "time": timestamp(exchange.floor.now()),
        "pnl": f"{traded / 10_000:.2f}",
    }


def watchlist(exchange: Exchange) -> list[dict[str, Any]]:
    symbols = ("AAPL", "MSFT", "NVDA", "SPY")
    return [{"symbol": symbol, "price": str(exchange.quotes.stock(symbol))} for symbol in symbols]


def news(exchange: Exchange, symbols: list[str]) -> list[dict[str, Any]]:
    headline = "Practice market: nothing here is real, orders included"
    return [{"headline": headline, "symbols": symbols, "time": timestamp(exchange.floor.now())}]
