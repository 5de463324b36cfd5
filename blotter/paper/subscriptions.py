"""What one stream session listens to."""

from __future__ import annotations

from collections.abc import Callable

from blotter.paper import topics
from blotter.paper.exchange import Exchange
from blotter.paper.messages import Message, event, part, refusal, response, subscribed
from blotter.paper.queries import read_moment

TOPICS = ("account", "pnl", "watchlist", "news")


class Subscriptions:
    """Answers subscribe and unsubscribe through ``send``. Subscribing again gives a fresh snapshot."""

    def __init__(self, exchange: Exchange, send: Callable[[Message], None]) -> None:
        self._exchange = exchange
        self._send = send
        self._accounts: set[str] = set()

    def hears(self, account: str) -> bool:
        return account in self._accounts

    def subscribe(self, ident: object, payload: Message) -> None:
        topic, params = payload.get("topic"), part(payload, "params")
        if not self._topic_is_known(ident, topic):
            return
        if topic == "account":
            account = self._account(ident, params)
            if account is not None:
                self._accounts.add(account)
                self._send(subscribed(ident, "account", topics.account_snapshot(self._exchange, account)))
        elif topic == "pnl":
            self._subscribe_pnl(ident, params)
        elif topic == "watchlist":
            self._first_of(ident, "watchlist", topics.watchlist(self._exchange))
        else:
            symbols = params.get("symbols")
            listed = [symbol for symbol in symbols if isinstance(symbol, str)] if isinstance(symbols, list) else []
            self._first_of(ident, "news", topics.news(self._exchange, listed))

    def unsubscribe(self, ident: object, payload: Message) -> None:
        topic, params = payload.get("topic"), part(payload, "params")
        if not self._topic_is_known(ident, topic):
            return
        if topic == "account":
            account = self._account(ident, params)
            if account is None:
                return
            self._accounts.discard(account)
        self._send(response(ident, 200, topic=topic))

    def _subscribe_pnl(self, ident: object, params: Message) -> None:
        account = self._account(ident, params)
        if account is None:
            return
        interval = params.get("interval", "1m")
        if interval not in topics.INTERVALS:
            self._send(refusal(ident, 400, "BAD_INTERVAL", f"interval must be one of {', '.join(topics.INTERVALS)}"))
        elif read_moment(params.get("startTime")) is None:
            self._send(refusal(ident, 400, "BAD_START_TIME", "startTime must be RFC 3339 with a zone"))
        else:
            self._first_of(ident, "pnl", topics.pnl_candle(self._exchange, account, interval))

    def _first_of(self, ident: object, topic: str, data: object) -> None:
        """These topics say one thing, once: they are here so that a client meets their shapes."""
        self._send(subscribed(ident, topic, {}))
        self._send(event({"topic": topic, "data": data}))

    def _topic_is_known(self, ident: object, topic: object) -> bool:
        if topic in TOPICS:
            return True
        self._send(refusal(ident, 400, "UNKNOWN_TOPIC", f"topic must be one of {', '.join(TOPICS)}"))
        return False

    def _account(self, ident: object, params: Message) -> str | None:
        account = params.get("accountId")
        if not isinstance(account, str) or not account:
            self._send(refusal(ident, 400, "REQUIRED", "accountId is required"))
            return None
        if account not in self._exchange.accounts:
            self._send(refusal(ident, 403, "FORBIDDEN", "not one of your accounts"))
            return None
        return account
