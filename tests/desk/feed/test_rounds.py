from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from blotter.broker.errors import Ask, RateLimited
from blotter.desk.feed.rounds import LONGEST_WAIT, Rounds
from tests.desk.feed.broker import until

LONG = 60.0


class Calls:
    """Counts the reads; ``answer`` is what each comes to."""

    def __init__(self, answer: Callable[[], Awaitable[float]]) -> None:
        self.begun = 0
        self.ended = 0
        self.waits: list[float] = []
        self._answer = answer

    async def read(self) -> float:
        self.begun += 1
        wait = await self._answer()
        self.ended += 1
        return wait

    def limited(self, error: RateLimited, wait: float) -> None:
        self.waits.append(wait)


@asynccontextmanager
async def running(calls: Calls, head_start: float = 0.0, hasty: float = 0.05) -> AsyncIterator[Rounds]:
    rounds = Rounds(calls.read, calls.limited, hasty)
    task = asyncio.create_task(rounds.run(head_start))
    try:
        yield rounds
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def after(wait: float) -> Callable[[], Awaitable[float]]:
    async def answer() -> float:
        return wait

    return answer


def refused(retry_after: float | None) -> Callable[[], Awaitable[float]]:
    async def answer() -> float:
        error = RateLimited(Ask.ORDERS, status=429)
        error.retry_after = retry_after
        raise error

    return answer


async def test_the_wait_between_two_reads_is_what_the_read_says() -> None:
    calls = Calls(after(0.01))
    async with running(calls):
        await until(lambda: calls.ended >= 4)


async def test_whoever_asks_during_the_wait_has_the_list_read_now() -> None:
    calls = Calls(after(LONG))
    async with running(calls, head_start=LONG) as rounds:
        rounds.now()
        await until(lambda: calls.ended == 1)
        rounds.now()
        await until(lambda: calls.ended == 2)


async def test_a_read_that_is_under_way_will_do() -> None:
    gate = asyncio.Event()

    async def held() -> float:
        await gate.wait()
        return LONG

    calls = Calls(held)
    async with running(calls) as rounds:
        await until(lambda: calls.begun == 1)
        rounds.now()
        gate.set()
        await until(lambda: calls.ended == 1)
        await asyncio.sleep(0.05)

        assert calls.begun == 1


async def test_a_read_that_came_too_early_is_given_up_for_another() -> None:
    gate = asyncio.Event()

    async def held() -> float:
        await gate.wait()
        return LONG

    calls = Calls(held)
    async with running(calls) as rounds:
        await until(lambda: calls.begun == 1)
        rounds.anew()
        await until(lambda: calls.begun == 2)
        gate.set()
        await until(lambda: calls.ended == 1)


async def test_a_flood_of_wishes_costs_one_read() -> None:
    calls = Calls(after(LONG))
    async with running(calls) as rounds:
        await until(lambda: calls.ended == 1)
        for _ in range(100):
            rounds.soon()
        await until(lambda: calls.ended == 2)
        await asyncio.sleep(0.1)

        assert calls.begun == 2


async def test_a_broker_that_asks_for_time_gets_it_whoever_wants_the_list() -> None:
    calls = Calls(refused(0.3))
    async with running(calls, hasty=0.01) as rounds:
        await until(lambda: calls.waits == [0.3])
        rounds.now()
        rounds.anew()
        rounds.soon()
        await asyncio.sleep(0.1)
        assert calls.begun == 1

        await until(lambda: calls.begun == 2)


async def test_without_a_time_each_refusal_doubles_the_wait() -> None:
    calls = Calls(refused(None))
    async with running(calls, hasty=0.01):
        await until(lambda: len(calls.waits) >= 5)

    assert calls.waits[:5] == pytest.approx([0.02, 0.04, 0.08, 0.16, 0.16])


async def test_a_broker_that_asks_for_the_rest_of_the_day_does_not_get_it() -> None:
    calls = Calls(refused(86_400.0))
    async with running(calls):
        await until(lambda: calls.waits == [LONGEST_WAIT])
