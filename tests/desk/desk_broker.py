"""A broker for the whole desk, on a thread of its own: REST by script, so that every answer to a cancel can be a fault,
and the stream of ``feed_broker`` over the same orders.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.broker.http_server import Request, Script, Server, answer, serve
from tests.desk.feed.broker import TOKEN, FeedBroker, Json, record, running

__all__ = ["TOKEN", "DeskBroker", "record", "running_broker"]

NESTED = {"error": {"type": "INTERNAL", "code": "X1", "message": "the venue is away", "request_id": "r-81f"}}


class DeskBroker:
    """``on_cancel`` answers the POSTs, one script after the other, the last one for ever."""

    def __init__(self) -> None:
        self.feed = FeedBroker()
        self.accounts: bytes = answer({"accounts": [account("ACC-1")]})
        self.account_calls = 0
        self.history_calls = 0
        self.cancels: list[Json] = []
        self.on_cancel: list[Script] = [taken()]
        self.history: dict[str, Json] = {}
        self.on_list: Script | None = None
        """Answer the active list with this instead."""
        self.refused_lists: dict[str, int] = {}
        """Per account: answer its list with this status."""
        self.server: Server = Server()
        self._http = AsyncExitStack()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def call(self, work: Coroutine[Any, Any, Any], seconds: float = 5.0) -> Any:
        """Run something in the broker's loop, from the test's thread."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def tell(self, cl_ord_id: str, status: str, **fields: Any) -> None:
        """Change an order and let the stream say so."""
        self.call(self.feed.tell(cl_ord_id, status, **fields))

    @contextmanager
    def empty_house(self) -> Iterator[None]:
        """Nobody listens on the REST port, once it was closed: connections are refused."""
        yield

    @contextmanager
    def full_house(self) -> Iterator[None]:
        """Somebody listens on the REST port, once it was closed, and accepts nobody: no connection comes about."""
        with ExitStack() as stack:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", self.server.port), backlog=0))
            for _ in range(4):
                guest = stack.enter_context(socket.socket())
                guest.setblocking(False)
                guest.connect_ex(listener.getsockname())
            yield

    async def close_http(self) -> None:
        """Nothing listens on the REST port any more, and what was connected is not."""
        await self._http.aclose()

    def run(self, ready: threading.Event) -> None:
        asyncio.run(self._main(ready))

    def end(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _main(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._http)
            self.server = await self._http.enter_async_context(serve(self._script))
            await stack.enter_async_context(running(self.feed))
            ready.set()
            await self._stop.wait()

    async def _script(self, request: Request, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(request.target)
        if request.method == "POST":
            self.cancels.append(request.json)  # type: ignore[arg-type]  # a test asserts what it holds
            script = self.on_cancel.pop(0) if len(self.on_cancel) > 1 else self.on_cancel[0]
            await script(request, writer)
        elif parts.path.endswith("/users/me/accounts"):
            self.account_calls += 1
            writer.write(self.accounts)
        elif parts.path.endswith("/history"):
            self.history_calls += 1
            writer.write(answer({"orders": list(self.history.values()), "nextCursor": 0}))
        elif status := self.refused_lists.get(parts.path.split("/")[3]):
            writer.write(answer(NESTED, status))
        elif self.on_list is not None:
            await self.on_list(request, writer)
        else:
            name = parts.path.split("/")[3]
            cursor = int(parse_qs(parts.query)["cursor"][0])
            writer.write(answer(self.feed._page(name, cursor, 500)))


def account(name: str, *, sim: bool = True, status: str = "OPEN") -> Json:
    return {
        "trading_account_id": name,
        "broker_account_id": "",
        "status": status,
        "is_sim": sim,
        "account_type": "",
        "account_class": "",
    }


def says(success: bool | None, status: str, text: str = "", orig: str = "ORD-1") -> bytes:
    """A cancel's answer."""
    body: Json = {"clOrdId": f"C-{orig}", "origClOrdId": orig, "status": status, "text": text}
    return answer(body if success is None else body | {"success": success})


def taken(text: str = "Cancel request processed") -> Script:
    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        orig = request.json["origClOrdId"]  # type: ignore[index]  # the client always names it
        writer.write(says(True, "PENDING_CANCEL", text, orig))

    return script


def first(work: Callable[[], object], then: Script) -> Script:
    """Do something when the request was read, then answer. Work that can be awaited is."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        waiting = work()
        if isinstance(waiting, Awaitable):
            await waiting
        await then(request, writer)

    return script


@contextmanager
def running_broker(*cl_ord_ids: str) -> Iterator[DeskBroker]:
    """A broker that holds these orders, all working."""
    broker, ready = DeskBroker(), threading.Event()
    for name in cl_ord_ids:
        broker.feed.set(name)
    thread = threading.Thread(target=broker.run, args=(ready,), name="broker")
    thread.start()
    try:
        assert ready.wait(5)
        yield broker
    finally:
        broker.end()
        thread.join(10)
        assert not thread.is_alive()
