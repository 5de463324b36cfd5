"""The question about many orders, for the tests of what comes before, with and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blotter.core.asking.mass import Fate, MassProgress, Result, tally
from tests.ui.orders import a_row
from tests.ui.stage import Stage

EIGHT = [a_row(number) for number in range(8)]
"""Buys at even, sells at odd numbers."""


async def question(stage: Stage, scope: str, title: str) -> None:
    """Open the question about a scope, and read it."""
    await stage.press("K", *scope)
    await stage.sees(title)
    await stage.settled()
    stage.clock.advance(1)


async def answer(stage: Stage, count: str) -> None:
    await stage.press(*count, "enter")
    await stage.settled()


def progress(stage: Stage, fates: Sequence[Fate], **state: Any) -> MassProgress:
    """What the desk says when the orders of the newest, in the order they were sent, have come to this."""
    mass = stage.desk.masses[-1]
    told = {
        request.key: Result(request.tag, request.order, fate, broker_text="as it is")
        for request, fate in zip(mass.requests, fates, strict=True)
    }
    return MassProgress(mass.name, mass.sentence, len(told), tally(fates), told, **state)
