"""Tasks whose unforeseen error ends the desk instead of vanishing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Tasks:
    """Made in the loop. ``crashed`` gets the first error that a task did not handle itself."""

    def __init__(self) -> None:
        self.crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def leave(self, seconds: float) -> None:
        """Cancel whatever still runs, and wait for it: what it works with is taken down next."""
        running = set(self._running)
        for task in running:
            task.cancel()
        await ended(running, seconds)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self.crashed.done():
            self.crashed.set_exception(error)


async def ended(tasks: set[asyncio.Task[T]], seconds: float) -> set[asyncio.Task[T]]:
    """Wait for tasks to end by themselves; returns those that did not."""
    if not tasks:
        return set()
    return (await asyncio.wait(tasks, timeout=seconds))[1]
