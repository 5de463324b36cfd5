"""Whether a cancel may try: while anything of the broker answers it may, whatever has become of the list."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from blotter.broker.auth import NoToken, Token
from blotter.broker.http import Timeouts
from blotter.desk.clock import SystemClock
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import TOKEN, FeedBroker, Refusal, running, until
from tests.desk.feed.live import Live, live

HASTY = Timeouts(read=0.1)


Hang = Callable[[str], Awaitable[None]]


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        made.set("a")
        yield made


@pytest.fixture
async def never(broker: FeedBroker) -> AsyncIterator[Hang]:
    """Until the test is over."""
    over = asyncio.Event()

    async def hang(account: str) -> None:
        await over.wait()

    yield hang
    over.set()


def barred(seen: Live, account: str = "ACC-1") -> str:
    return seen.told.state(account).why_not_cancel(SystemClock().now()) or ""


async def test_a_list_that_hangs_bars_nothing_while_the_stream_speaks(broker: FeedBroker, never: Hang) -> None:
    async with live(broker, relist_every=0.1, timeouts=HASTY) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.before_list = never
        await until(lambda: seen.told.state().trouble == "no answer")
        failed, pings = len(seen.told.links), broker.pings

        await until(lambda: broker.pings >= pings + 8)

        assert not any(state.unreachable for state in seen.told.links[failed:])
        assert barred(seen) == ""


async def test_a_broker_that_is_mute_in_every_way_cannot_be_reached_until_its_next_word(
    broker: FeedBroker, never: Hang
) -> None:
    async with live(broker, relist_every=0.1, timeouts=HASTY) as seen:
        await seen.reaches(LinkPhase.OK)
        broker.before_list = never
        broker.mute = True

        await until(lambda: barred(seen).startswith("no link since "))

        broker.mute = False
        await until(lambda: barred(seen) == "")
        assert seen.told.state().trouble == "no answer", "the stream alone is back"


async def test_what_answers_to_one_account_can_be_reached_for_all(broker: FeedBroker, never: Hang) -> None:
    broker.handshake = 503

    async def never_for_the_second(account: str) -> None:
        if account == "ACC-2":
            await never(account)

    async with live(broker, ("ACC-1", "ACC-2"), timeouts=HASTY) as seen:
        await seen.reaches(LinkPhase.POLLING, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        broker.before_list = never_for_the_second
        await seen.reaches(LinkPhase.OFFLINE, "ACC-2")
        lists = broker.lists.count(("ACC-2", 0))

        await until(lambda: broker.lists.count(("ACC-2", 0)) >= lists + 5)

        assert barred(seen, "ACC-2") == ""


async def test_after_an_outage_too_many_requests_is_an_answer() -> None:
    broker = FeedBroker()
    broker.set("a")
    async with running(broker):
        port = broker.port
    async with live(broker) as seen:
        await seen.reaches(LinkPhase.OFFLINE)
        assert barred(seen).startswith("no link since ")
        broker.refusals["ACC-1"] = Refusal(429, headers={"Retry-After": "60"})

        async with running(broker, port):
            await until(lambda: barred(seen) == "")
            assert seen.told.state().trouble == "429 too many requests"


class Lapsing(Token):
    """A token that can be over, with no other to be had."""

    over = False

    async def current(self) -> Token:
        if self.over:
            raise NoToken("the login was not renewed in time")
        return self


async def test_without_a_login_it_is_not_the_link_that_bars_a_cancel(broker: FeedBroker) -> None:
    token = Lapsing(TOKEN)
    async with live(broker, token=token, relist_every=0.1) as seen:
        await seen.reaches(LinkPhase.OK)
        token.over = True

        await until(lambda: barred(seen).startswith("no login since "))

        token.over = False
        await until(lambda: barred(seen) == "")
        await seen.says("The lists are read again")
        assert not seen.told.said("the broker answers"), "it always did"
