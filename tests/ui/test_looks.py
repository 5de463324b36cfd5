"""Golden screens. They are written anew by ``BLOTTER_LOOKS=write``, and read in the review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.account import Account
from blotter.desk.messages import DeskFailed, LinkPhase, LinkState
from tests.ui.fake_desk import HandClock, ok
from tests.ui.looks import looks_like
from tests.ui.scenes import every_state, messages
from tests.ui.stage import blotter

SIZES = [(80, 24), (100, 30), (160, 48)]
THREE = ("ACC-1", "ACC-2", "ACC-3")


@pytest.mark.parametrize("size", SIZES)
async def test_one_account(size: tuple[int, int]) -> None:
    clock = HandClock()
    async with blotter(every_state(clock), size=size, clock=clock) as stage:
        stage.desk.post(notices=messages(clock))
        await stage.press("j", "j")
        await stage.sees("> ac ", "TOO_LATE")
        looks_like(stage.app, f"one-account-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_three_accounts_one_in_trouble_and_a_filter(size: tuple[int, int]) -> None:
    clock = HandClock()
    async with blotter(every_state(clock, THREE), size=size, clock=clock, accounts=THREE) as stage:
        stage.desk.post(
            links=[LinkState(Account("ACC-2"), LinkPhase.RECONNECTING, clock.ago(7), attempt=3, listed=clock.ago(30))],
            notices=messages(clock),
        )
        await stage.press("/", "c", "l", "o", "r", "d", "enter")
        await stage.sees("RECONNECTING (3)", " /cl")
        looks_like(stage.app, f"three-accounts-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_the_question(size: tuple[int, int]) -> None:
    clock = HandClock()
    async with blotter(every_state(clock), size=size, clock=clock) as stage:
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        await stage.settled()
        looks_like(stage.app, f"question-{size[0]}x{size[1]}")


async def test_the_desk_has_failed() -> None:
    clock = HandClock()
    async with blotter(every_state(clock), clock=clock) as stage:
        stage.desk.post(failed=DeskFailed("no memory left", clock.ago(3)))
        await stage.sees("OFFLINE")
        looks_like(stage.app, "offline-80x24")


async def test_nothing_works() -> None:
    async with blotter() as stage:
        await stage.sees("no working orders in ACC-1")
        looks_like(stage.app, "empty-80x24")


@pytest.mark.parametrize("size", SIZES)
async def test_live_and_practice_side_by_side(size: tuple[int, int]) -> None:
    clock = HandClock()
    accounts = ("A7-000412", "A7-000413", "SIM-3")
    async with blotter(every_state(clock, accounts), size=size, clock=clock, accounts=accounts) as stage:
        stage.desk.post(links=mixed(clock), notices=messages(clock))
        await stage.sees("PRACTICE", "hedge STALE", " money ")
        looks_like(stage.app, f"mixed-accounts-{size[0]}x{size[1]}")


async def test_the_accounts_one_by_one() -> None:
    clock = HandClock()
    accounts = ("A7-000412", "A7-000413", "SIM-3")
    async with blotter(every_state(clock, accounts), clock=clock, accounts=accounts) as stage:
        stage.desk.post(links=mixed(clock))
        await stage.press("a")
        await stage.sees("ACCOUNTS", "403 not permitted")
        looks_like(stage.app, "accounts-80x24")


async def test_a_question_about_an_account_with_a_nickname() -> None:
    clock = HandClock()
    accounts = ("A7-000412", "A7-000413", "SIM-3")
    async with blotter(every_state(clock, accounts), clock=clock, accounts=accounts) as stage:
        stage.desk.post(links=mixed(clock))
        await stage.press("c")
        await stage.sees("CANCEL aa?")
        await stage.settled()
        looks_like(stage.app, "question-nickname-80x24")


def mixed(clock: HandClock) -> list[LinkState]:
    """Live money under two nicknames, one of which is not permitted, and simulated money that is only looked at."""
    main = ok(Account("A7-000412", nickname="main"), clock.now())
    hedge = replace(
        ok(Account("A7-000413", nickname="hedge"), clock.now()),
        phase=LinkPhase.STALE,
        heard=clock.ago(37),
        trouble="403 not permitted",
    )
    return [main, hedge, ok(Account("SIM-3", is_sim=True, view_only=True), clock.now())]
