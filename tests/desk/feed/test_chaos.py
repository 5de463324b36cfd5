"""Whatever a line does, in whatever order: when it holds again, the book is the broker's."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from blotter.core.order import OrderKey
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Json, Refusal, running, until
from tests.desk.feed.live import FAST, Live, live

ACCOUNTS = ("ACC-1", "ACC-2")
ENDS = ("FILLED", "CANCELED", "EXPIRED")


class Market:
    """Moves orders along, tells the stream, or does not, or twice, or late; and breaks things."""

    def __init__(self, broker: FeedBroker, chance: random.Random) -> None:
        self._broker = broker
        self._chance = chance
        self._late: list[tuple[str, Json]] = []
        self._count = 0

    async def step(self) -> None:
        chance = self._chance
        match chance.choices(("move", "place", "late", "fault"), (10, 3, 3, 2))[0]:
            case "place":
                self._count += 1
                account = chance.choice(ACCOUNTS)
                await self._tell(account, self._broker.set(f"o-{self._count}", account=account))
            case "move":
                account = chance.choice(ACCOUNTS)
                working = [o for o in self._broker.orders.get(account, {}).values() if o["ordStatus"] not in ENDS]
                if working:
                    await self._tell(account, self._moved(account, chance.choice(working)))
            case "late" if self._late:
                await self._broker.event(*self._late.pop(chance.randrange(len(self._late))))
            case "fault":
                await self._fault()
        await asyncio.sleep(chance.uniform(0, 0.02))

    def heal(self) -> None:
        broker = self._broker
        broker.handshake, broker.mute = None, False
        broker.refusals.clear()
        broker.subscribe_refusals.clear()

    def _moved(self, account: str, order: Json) -> Json:
        name, cum = order["clOrdId"], int(order["cumQty"])
        status = self._chance.choice(("PARTIALLY_FILLED", "PARTIALLY_FILLED", "PENDING_CANCEL", *ENDS))
        if status == "PARTIALLY_FILLED":
            cum = min(cum + self._chance.randint(1, 30), 99)
        if status == "FILLED":
            cum = 100
        return self._broker.set(name, status, account=account, cum=cum)

    async def _tell(self, account: str, order: Json) -> None:
        match self._chance.choices(("tell", "twice", "late", "never"), (10, 2, 3, 2))[0]:
            case "tell":
                await self._broker.event(account, order)
            case "twice":
                await self._broker.event(account, order)
                self._late.append((account, order))
            case "late":
                self._late.append((account, order))

    async def _fault(self) -> None:
        broker, chance = self._broker, self._chance
        match chance.choice(("drop", "handshake", "mute", "list", "subscribe", "garbage", "expire", "heal", "heal")):
            case "drop":
                broker.drop()
            case "handshake":
                broker.handshake = chance.choice((403, 502))
            case "mute":
                broker.mute = True
            case "list":
                broker.refusals[chance.choice(ACCOUNTS)] = Refusal(chance.choice((200, 404, 500)), "<html>")
            case "subscribe":
                broker.subscribe_refusals[chance.choice(ACCOUNTS)] = {"status": 403, "message": "not now"}
                broker.drop()
            case "garbage":
                await broker.send('{"type":"event","payload":{"name":"account.order","data":{"clOrdId":[7]}}}')
            case "expire":
                await broker.action("authExpired")
            case "heal":
                self.heal()


def differences(seen: Live, broker: FeedBroker) -> list[tuple[OrderKey, str, str]]:
    """Where the screen and the broker are not of one mind."""
    found = []
    for account, orders in broker.orders.items():
        for name, order in orders.items():
            row = seen.told.shown.get(OrderKey(account, name))
            shown = f"{row.order.ord_status} {row.order.cum_qty} {row.stale_since}" if row else "nothing"
            if shown != f"{order['ordStatus']} {order['cumQty']} None":
                found.append((OrderKey(account, name), order["ordStatus"], shown))
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_when_the_line_holds_again_the_book_is_the_brokers(seed: int) -> None:
    chance = random.Random(seed)
    broker = FeedBroker()
    broker.page_size = 7
    timings = replace(FAST, stale=0.15, drop=0.3, ping=0.05, settled=0.05)
    async with running(broker), live(broker, ACCOUNTS, timings=timings, relist_every=0.5) as seen:
        market = Market(broker, chance)
        for _ in range(100):
            await market.step()
        market.heal()
        broker.drop()
        await until(
            lambda: not differences(seen, broker) and {seen.told.phase(name) for name in ACCOUNTS} == {LinkPhase.OK},
            what=lambda: (differences(seen, broker), [seen.told.phases(name)[-5:] for name in ACCOUNTS]),
        )

        assert len(seen.told.shown) == sum(map(len, broker.orders.values())) > 10
