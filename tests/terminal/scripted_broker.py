"""A broker on a loopback port that says to each call exactly what a test wrote down. It has no stream."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

TOKEN = "scripted-token"
ACCOUNT = "ACC-1"


@dataclass(frozen=True)
class Answer:
    """``status`` 0 is no answer: the connection stays open until the broker hangs up. ``delay`` is in seconds."""

    status: int = 200
    body: object = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0

    @property
    def content(self) -> bytes:
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


SILENCE = Answer(0)
ACCOUNTS = Answer(
    body={
        "accounts": [
            {
                "trading_account_id": ACCOUNT,
                "broker_account_id": "",
                "status": "OPEN",
                "is_sim": False,
                "account_type": "",
                "account_class": "",
            }
        ]
    }
)


def order(cl_ord_id: str = "clord-1", **fields: object) -> dict[str, object]:
    """An order as the API writes it."""
    return {
        "clOrdId": cl_ord_id,
        "ordId": f"B-{cl_ord_id}",
        "accountId": ACCOUNT,
        "symbol": "MSFT",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "DAY",
        "qty": "100",
        "price": "175.5",
        "stopPrice": "",
        "ordStatus": "NEW",
        "cumQty": "0",
        "leavesQty": "100",
        "avgPrice": "",
        "currency": "USD",
        "exDestination": "",
        "text": "",
        "securityType": "EQUITY",
        "category": "EQUITY",
        "legs": [],
        "createdAt": "2026-11-20T02:00:00Z",
        "updatedAt": "2026-11-20T02:00:00Z",
        **fields,
    }


def orders(*records: object) -> Answer:
    return Answer(body={"orders": list(records), "nextCursor": 0})


class ScriptedBroker:
    """``answers`` are by method and path, and can be changed while it runs; anything else is a 404 without a body."""

    def __init__(self, **answers: Answer) -> None:
        self.accounts = answers.get("accounts", ACCOUNTS)
        self.list = answers.get("list", orders(order()))
        self.history = answers.get("history", orders())
        self.cancel = answers.get("cancel", Answer(404))
        self.token = answers.get("token", Answer(404))
        self.cancels: list[dict[str, Any]] = []
        """The body of every cancel that arrived."""
        self.tokens: set[str | None] = set()
        """Every Authorization header that arrived."""
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="scripted-broker")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What points the blotter here."""
        return {"BLOTTER_BASE_URL": self.url, "BLOTTER_ACCESS_TOKEN": TOKEN}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hang_up(self) -> None:
        """On everybody who waits for an answer, and from now on at once where there is none."""
        self._over.set()

    def _answer(self, method: str, path: str) -> Answer:
        routes = {
            ("GET", "/v2/users/me/accounts"): self.accounts,
            ("GET", f"/v2/accounts/{ACCOUNT}/orders"): self.list,
            ("GET", f"/v2/accounts/{ACCOUNT}/orders/history"): self.history,
            ("POST", "/v1/orders/cancel"): self.cancel,
            ("POST", "/v1/oauth2/token"): self.token,
        }
        return routes.get((method, path), Answer(404))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        broker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._say(broker._answer("GET", urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/v1/orders/cancel":
                    broker.cancels.append(json.loads(body))
                self._say(broker._answer("POST", self.path))

            def _say(self, answer: Answer) -> None:
                broker.tokens.add(self.headers.get("Authorization"))
                if not answer.status:
                    broker._over.wait()
                    self.close_connection = True
                    return
                broker._over.wait(answer.delay)
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(answer.content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
                """Tests read what the blotter says, not what the broker does."""

        return Handler
