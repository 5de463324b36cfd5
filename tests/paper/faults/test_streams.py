"""What a broker that is not well says on its stream, heard by a plain WebSocket client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from blotter.paper.order import PaperOrder
from tests.paper.faulty import Faulty
from tests.paper.serving import Listener, open_stream


@pytest.fixture(scope="module")
def broker() -> Iterator[Faulty]:
    with Faulty() as running:
        yield running


@asynccontextmanager
async def listening(broker: Faulty) -> AsyncIterator[Listener]:
    broker.mend()
    async with open_stream(broker.serving) as socket:
        listener = Listener(socket)
        await listener.auth(broker.grants.token)
        await listener.subscribe("PAPER-1")
        yield listener


def say(broker: Faulty, count: int) -> list[str]:
    """So many news of one order; gives the texts that tell them apart."""
    order: PaperOrder = next(order for order in broker.orders() if not order.finished)
    texts = [f"news {number}" for number in range(count)]
    for text in texts:
        broker.report(order, order.status, text)
    return texts


async def heard(listener: Listener, count: int) -> list[str]:
    return [(await listener.next())["payload"]["data"]["text"] for _ in range(count)]


async def test_a_healthy_stream_says_everything_once_and_in_order(broker: Faulty) -> None:
    async with listening(broker) as listener:
        texts = say(broker, 3)
        assert await heard(listener, 3) == texts


async def test_a_stall_says_nothing_and_then_everything(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("stall:0.4")
        start = asyncio.get_running_loop().time()
        texts = say(broker, 3)
        await listener.send({"type": "ping", "id": "p"})
        assert await heard(listener, 3) == texts
        assert asyncio.get_running_loop().time() - start >= 0.35
        assert (await listener.next())["type"] == "pong"


async def test_duplicates_come_twice_and_only_so_many(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("duplicate:2")
        one, two, three = say(broker, 3)
        assert await heard(listener, 5) == [one, one, two, two, three]


async def test_what_is_lost_never_comes(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("lose:2")
        texts = say(broker, 3)
        assert await heard(listener, 1) == texts[2:]


async def test_disorder_keeps_every_message(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("reorder:8")
        texts = say(broker, 9)
        got = await heard(listener, 9)
        assert sorted(got[:8]) == texts[:8] != got[:8]
        assert got[8] == texts[8]


async def test_disorder_does_not_wait_for_messages_that_never_come(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("reorder:30")
        texts = say(broker, 3)
        assert sorted(await heard(listener, 3)) == texts


async def test_garbage_comes_between_messages_and_ends_nothing(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("garbage:5")
        for _ in range(5):
            frame = await listener.raw()
            assert not readable(frame), frame
        texts = say(broker, 1)
        assert await heard(listener, 1) == texts


def readable(frame: str) -> bool:
    try:
        message: Any = json.loads(frame)
        return isinstance(message["payload"]["data"]["clOrdId"], str) and "qty" not in message["payload"]["data"]
    except (ValueError, TypeError, KeyError):
        return False


async def test_a_session_expires_in_so_many_words(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("expire")
        assert (await listener.next())["payload"]["action"] == "authExpired"
        assert await listener.closed() == 1008


async def test_a_refusal_ends_streams_and_lets_none_in_for_a_while(broker: Faulty) -> None:
    async with listening(broker) as listener:
        broker.strike("refuse:0.3")
        assert await listener.closed() == 1012
    with pytest.raises(InvalidStatus, match="403"):
        async with open_stream(broker.serving):
            pass
    await asyncio.sleep(0.3)
    async with open_stream(broker.serving) as socket:
        assert (await Listener(socket).auth(broker.grants.token))["payload"]["action"] == "authSuccess"
