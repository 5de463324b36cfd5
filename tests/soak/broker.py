"""The practice broker of the soak, in a process of its own: thousands of orders, many updates, and a bad line.

It prints its address and token as one JSON line, then answers the lines that come in: ``full`` ends the arrival of
orders, ``calm`` the faults and the market's movements until ``storm``. ``compare`` is followed by one JSON line for
each order of another book and an empty one, and answered by where the two differ; ``book`` asks for everything that
the broker knows. Run as ``python -m tests.soak.broker``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from blotter.paper.cancels import Ticket
from blotter.paper.clock import BrokerClock
from blotter.paper.exchange import Exchange
from blotter.paper.execution import trade
from blotter.paper.faults.fault import Fault, Kind
from blotter.paper.faults.faults import Faults
from blotter.paper.faults.plan import play, read_faults
from blotter.paper.grants import Grants
from blotter.paper.listener import listen
from blotter.paper.market import trades_in_parts
from blotter.paper.order import PaperOrder
from blotter.paper.server import application
from blotter.paper.settings import PaperSettings

Figures = tuple[object, ...]
"""An order's status, quantity filled and left, average price, and whether it is known to be so now."""

BEAT = 0.01
MARKET_SHARE = 0.06
"""So much of the movement is the practice market itself, with its arrivals and ends; the rest moves what is there."""


class BusyExchange(Exchange):
    """Counts what it does, and can move its orders faster than it makes new ones."""

    def __init__(self, settings: PaperSettings) -> None:
        super().__init__(settings, BrokerClock())
        self.updates = 0
        self.full = False
        """Whether no order comes any more; those that are there go on moving."""
        self.cancels: Counter[str] = Counter()
        self._chance = Random(f"{settings.seed}/tide")
        self._orders: list[PaperOrder] = []
        self.floor.listen(self._count)

    def begin_cancel(self, order: PaperOrder) -> Ticket:
        self.cancels[f"{order.account} {order.cl_ord_id}"] += 1
        return super().begin_cancel(order)

    def move(self) -> None:
        """One update of any order that works."""
        if self._chance.random() < MARKET_SHARE and not self.full:
            self.step()
            return
        if not self._orders or self._chance.random() < 0.001:
            self._orders = [order for order in self.all() if not order.finished]
        order = self._chance.choice(self._orders)
        if order.finished or order.held or order.status == "PENDING_NEW":
            return
        if trades_in_parts(order) and self._chance.random() < 0.5:
            trade(order, type(order.leaves)(1), self.quotes)
            self.floor.report(order, "PARTIALLY_FILLED")
        elif self._chance.random() < 0.1:
            self.floor.report(order, "SUSPENDED" if order.status != "SUSPENDED" else order.resting_status)
        else:
            self.floor.report(order, order.status)

    def all(self) -> list[PaperOrder]:
        return [order for account in self.accounts for order in self.ledger.newest_first(account)]

    def published(self) -> Iterator[PaperOrder]:
        """What its lists show."""
        for account in self.accounts:
            yield from self.active(account, 10**9, 0).orders

    def _count(self, _account: str, _record: object) -> None:
        self.updates += 1


class Weather(Faults):
    """Faults that strike in bad weather only."""

    calm = False

    def strike(self, fault: Fault) -> None:
        if not self.calm:
            super().strike(fault)


class Host:
    """Owns the broker for as long as its parent lives."""

    def __init__(self, flags: argparse.Namespace) -> None:
        settings = PaperSettings(flags.orders, 0, flags.seed, flags.accounts)
        grants = Grants()
        self._exchange = BusyExchange(settings)
        self._faults = Weather(application(self._exchange, grants, settings), settings, BrokerClock())
        self._plan = play(read_faults(flags.faults), flags.fault_every, flags.seed)
        self._rate: float = flags.rate
        self._theirs: dict[tuple[str, str], Figures] | None = None
        self._listener = listen(0)
        port = self._listener.getsockname()[1]
        _say({"url": f"http://127.0.0.1:{port}", "token": grants.token})

    async def run(self) -> None:
        loop = asyncio.get_running_loop()

        def hear() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(self._hear, line.strip())
            os._exit(0)

        threading.Thread(target=hear, daemon=True).start()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._faults.serve(self._listener, self._plan))
            group.create_task(self._move())

    async def _move(self) -> None:
        loop = asyncio.get_running_loop()
        done, start = 0, loop.time()
        while True:
            due = int((loop.time() - start) * self._rate)
            for _ in range(0 if self._faults.calm else min(due - done, 1000)):
                self._exchange.move()
            done = due
            await asyncio.sleep(BEAT)

    def _hear(self, line: str) -> None:
        if self._theirs is not None:
            self._compare(self._theirs, line)
        elif line == "calm":
            self._faults.mend()
            # After a gap the desk tells of every order anew: nobody holds an older copy any more.
            self._faults.strike(Fault(Kind.DROP))
            self._faults.calm = True
        elif line == "storm":
            self._faults.calm = False
        elif line == "full":
            self._exchange.full = True
        elif line == "compare":
            self._theirs = {}
        elif line == "book":
            _say(self._book())

    def _compare(self, theirs: dict[tuple[str, str], Figures], line: str) -> None:
        if line:
            account, name, status, *figures, fresh = json.loads(line)
            theirs[account, name] = (status, *map(Decimal, figures), fresh)
            return
        ours: dict[tuple[str, str], Figures] = {
            (order.account, order.cl_ord_id): (order.status, order.cum, order.leaves, order.average, True)
            for order in self._exchange.published()
        }
        differ = [key for key in ours | theirs if ours.get(key) != theirs.get(key)]
        _say([f"{' '.join(key)}: {theirs.get(key)} there, {ours.get(key)} here" for key in differ])
        self._theirs = None

    def _book(self) -> object:
        exchange = self._exchange
        return {
            "orders": [[order.account, order.cl_ord_id, order.status] for order in exchange.published()],
            "cancels": exchange.cancels,
            "updates": exchange.updates,
            "faults": self._faults.struck,
        }


def _say(told: object) -> None:
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--accounts", type=int, default=3)
    parser.add_argument("--faults", default="all")
    parser.add_argument("--fault-every", type=float, required=True)
    asyncio.run(Host(parser.parse_args()).run())


if __name__ == "__main__":
    main()
