"""A practice broker in a thread of the test that can be made ill at a known moment, over real sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from blotter.paper.clock import BrokerClock
from blotter.paper.exchange import Exchange
from blotter.paper.faults.faults import Faults
from blotter.paper.faults.plan import read_faults
from blotter.paper.grants import Grants
from blotter.paper.listener import listen
from blotter.paper.order import PaperOrder
from blotter.paper.server import application
from blotter.paper.settings import PaperSettings
from tests.paper.serving import WAIT, Serving

Got = TypeVar("Got")


class Faulty:
    """``with Faulty(settings) as broker``: then ``broker.strike("stall:35")`` and ``broker.mend()``."""

    def __init__(self, settings: PaperSettings | None = None) -> None:
        self.settings = settings or PaperSettings(rate=0)
        self.grants = Grants()
        self._exchange = Exchange(self.settings, BrokerClock())
        app = application(self._exchange, self.grants, self.settings)
        self._faults = Faults(app, self.settings, BrokerClock())
        self._listener = listen(0)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="faulty broker")

    @property
    def serving(self) -> Serving:
        """The way to it."""
        return Serving(f"http://127.0.0.1:{self._listener.getsockname()[1]}", self.grants, self.settings)

    @property
    def environment(self) -> dict[str, str]:
        """What points the blotter here."""
        return {"BLOTTER_BASE_URL": self.serving.url, "BLOTTER_ACCESS_TOKEN": self.grants.token}

    def strike(self, fault: str) -> None:
        """A fault in the words of ``--faults``, now."""
        (planned,) = read_faults(fault)
        self.do(lambda: self._faults.strike(planned.fault(self._faults.chance)))

    def mend(self) -> None:
        self.do(self._faults.mend)

    def step(self, times: int = 1) -> None:
        """Let the market move."""

        def move() -> None:
            for _ in range(times):
                self._exchange.step()

        self.do(move)

    def orders(self, account: str = "PAPER-1") -> list[PaperOrder]:
        """Those that a whole list names, newest first."""
        return self.do(lambda: self._exchange.active(account, 10**9, 0).orders)

    def report(self, order: PaperOrder, status: str, text: str = "") -> None:
        """Let the broker change an order, and say so on its stream."""
        self.do(lambda: self._exchange.floor.report(order, status, text))

    def do(self, action: Callable[[], Got]) -> Got:
        """Run it in the broker's own loop."""

        async def act() -> Got:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(WAIT)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._faults.server.should_exit = True
        self._thread.join(WAIT)
        assert not self._thread.is_alive()
        self._listener.close()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._faults.serve(self._listener, iter(())))
