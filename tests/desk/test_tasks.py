from __future__ import annotations

import asyncio

import pytest

from blotter.desk.tasks import Tasks


async def test_leaving_ends_every_task_before_what_it_works_with() -> None:
    tasks, open_still, ends = Tasks(), True, []

    async def work(pause: float) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(pause)
            ends.append(open_still)

    for pause in (0.0, 0.01, 0.05):
        tasks.start(work(pause), "work")
    await asyncio.sleep(0)
    await tasks.leave(5)
    open_still = False
    assert ends == [True, True, True]
    assert not tasks.crashed.done()


async def test_leaving_does_not_wait_for_ever() -> None:
    tasks = Tasks()

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(60)

    task = tasks.start(stubborn(), "stubborn")
    await asyncio.sleep(0)
    await tasks.leave(0.05)
    assert not task.done()
    task.cancel()


async def test_an_error_of_a_task_is_kept() -> None:
    tasks = Tasks()

    async def fails() -> None:
        raise ValueError("no")

    tasks.start(fails(), "fails")
    with pytest.raises(ValueError, match="no"):
        await tasks.crashed
