from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine

import pytest

from blotter.broker.wire.json import read
from blotter.broker.wire.messages import OrderEvent, Snapshot, StreamEvent, UnreadableEvent, read_envelope, read_events
from tests.broker.samples import ACCOUNT, record


def events(**payload: object) -> Coroutine[object, object, list[StreamEvent]]:
    envelope = read_envelope(read(json.dumps({"type": "event", "payload": payload})))
    assert envelope is not None
    return read_events(envelope, "", ACCOUNT)


async def turns(work: Coroutine[object, object, list[StreamEvent]]) -> tuple[list[StreamEvent], int]:
    """What comes of ``work``, and how often others got their turn meanwhile."""
    counted = 0

    async def count() -> None:
        nonlocal counted
        while True:
            counted += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    try:
        return await work, counted
    finally:
        counting.cancel()


@pytest.mark.parametrize("place", ["data", "ordersV2"])
async def test_a_message_of_thousands_of_orders_holds_nobody_up(place: str) -> None:
    orders = [record(clOrdId=f"o-{number}") for number in range(5_000)]
    found, counted = await turns(events(name="account.order", **{place: orders}))
    if place == "data":
        assert len(found) == 5_000
    else:
        [snapshot] = found
        assert isinstance(snapshot, Snapshot)
        assert len(snapshot.orders) == 5_000
    assert counted >= 5_000 // 50


async def test_an_order_too_long_to_be_named_is_unreadable_without_a_name() -> None:
    [found] = await events(name="account.order", data={"clOrdId": "x" * 4_001})
    assert found == UnreadableEvent("clOrdId is too long", ACCOUNT)
    [found] = await events(name="account.order", data=record(accountId="x" * 4_001))
    assert found == UnreadableEvent("accountId is too long", ACCOUNT, "A7-000412")


async def test_an_event_of_several_orders_brings_each() -> None:
    found = await events(name="account.order", data=[record(clOrdId="a"), 7, record(clOrdId="b", qty="x"), record()])
    assert [type(each) for each in found] == [OrderEvent, UnreadableEvent, OrderEvent]
