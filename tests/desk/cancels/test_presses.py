"""Never more cancels than key presses, one at a time for each order, whatever the broker and the line do."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.broker.http_server import Request, Script, answer, hang_up, replies, reset
from tests.desk.desk_broker import NESTED, DeskBroker, running_broker, says, taken
from tests.desk.feed.broker import Json
from tests.desk.seat import Seat, seated

NAMES = ("ORD-1", "ORD-2", "ORD-3")
PRESSES = 30

TURNED_AWAY = replies(answer(NESTED, 429, {"Retry-After": "0"}))
REFUSED = replies(answer(NESTED, 409))
TROUBLE = replies(answer(NESTED, 503))


async def rejected(request: Request, writer: asyncio.StreamWriter) -> None:
    body: Json = request.json  # type: ignore[assignment]  # a cancel is an object
    writer.write(says(False, "REJECTED", "too late", body["origClOrdId"]))


class Venue:
    """Answers each cancel by lot, and keeps what reached it: what was turned away was provably not applied."""

    def __init__(self, chance: random.Random) -> None:
        self.applied: Counter[str] = Counter()
        self.most_at_once = 0
        self._chance = chance
        self._open: Counter[str] = Counter()

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        body: Json = request.json  # type: ignore[assignment]  # a cancel is an object
        name = body["origClOrdId"]
        script = self._chance.choice([taken(), TURNED_AWAY, REFUSED, TROUBLE, rejected, hang_up, reset])
        self.applied[name] += script is not TURNED_AWAY
        self._open[name] += 1
        self.most_at_once = max(self.most_at_once, *self._open.values())
        await asyncio.sleep(self._chance.uniform(0, 0.03))
        self._open[name] -= 1
        await script(request, writer)


def press(seat: Seat, broker: DeskBroker, chance: random.Random) -> Counter[str]:
    """Press yes on orders as they are displayed, while the stream breaks and lists are read; gives the presses."""
    presses: Counter[str] = Counter()
    for _ in range(PRESSES):
        name = chance.choice(NAMES)
        presses[name] += seat.yes(name)
        if chance.random() < 0.2:
            broker.call(dropped(broker))
        if chance.random() < 0.2:
            seat.desk.relist()
        threading.Event().wait(chance.uniform(0, 0.03))
    return presses


async def dropped(broker: DeskBroker) -> None:
    broker.feed.drop()


@pytest.mark.parametrize("seed", range(4))
def test_never_more_cancels_than_key_presses(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    venue = Venue(random.Random(-seed))
    script: Script = venue
    with running_broker(*NAMES) as broker:
        broker.on_cancel = [script]
        with seated(broker, tmp_path) as seat:
            seat.live(len(NAMES))
            presses = press(seat, broker, chance)
        intents = Counter(record["clOrdId"] for record in seat.records("intent"))
        declined = Counter(record["clOrdId"] for record in seat.records("declined"))
    assert sum(presses.values()) == PRESSES
    assert venue.most_at_once == 1
    for name in NAMES:
        assert venue.applied[name] <= intents[name] <= presses[name]
        assert intents[name] + declined[name] >= presses[name], "every press is on record"
    assert sum(venue.applied.values()) > 3
