"""Several accounts on one stream: what one of them runs into stays with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from blotter.core.order import OrderKey
from blotter.desk.messages import LinkPhase
from tests.desk.feed.broker import FeedBroker, Refusal, running, until
from tests.desk.feed.live import FAST, live


@pytest.fixture
async def broker() -> AsyncIterator[FeedBroker]:
    async with running(FeedBroker()) as made:
        yield made


async def test_no_account_is_in_the_way_of_the_others(broker: FeedBroker) -> None:
    for account in ("ACC-1", "ACC-2", "ACC-3"):
        broker.set("a", account=account)
    broker.refusals["ACC-2"] = Refusal(403, '{"error":"forbidden","message":"not your account"}')
    broker.refusals["ACC-3"] = Refusal(500)
    async with live(broker, ("ACC-1", "ACC-2", "ACC-3"), relist_every=0.1) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.STALE, "ACC-2")
        await seen.reaches(LinkPhase.STALE, "ACC-3")
        await until(lambda: sum(account == "ACC-2" for account, _ in broker.lists) >= 4)

        said = seen.told.said("ACC-2", "does not permit the list of orders", "not your account")
        assert len(said) == 1
        assert len(seen.told.said("ACC-3", "HTTP 500")) == 1
        assert seen.told.phases("ACC-1") == [LinkPhase.CONNECTING, LinkPhase.OK]

        del broker.refusals["ACC-2"]

        await seen.reaches(LinkPhase.OK, "ACC-2")
        assert seen.told.status("a", "ACC-2") == "NEW"
        assert len(seen.told.said("ACC-2", "read again")) == 1


async def test_an_account_that_the_stream_refuses_is_polled(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {"status": 403, "code": "FORBIDDEN", "message": "no stream for ACC-2"}
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")

        await seen.says("ACC-2", "subscription", "no stream for ACC-2")
        broker.set("a", account="ACC-2")
        await seen.shows("a", "NEW", "ACC-2")
        assert seen.told.phase("ACC-1") is LinkPhase.OK


async def test_an_account_that_the_next_stream_refuses_is_not_being_reconnected(broker: FeedBroker) -> None:
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.OK, "ACC-2")
        broker.subscribe_refusals["ACC-2"] = {"status": 403, "code": "FORBIDDEN", "message": "no stream for ACC-2"}
        broker.drop()
        await until(lambda: seen.told.state("ACC-2").trouble == "no stream")
        await seen.reaches(LinkPhase.OK, "ACC-1")

        assert seen.told.state("ACC-2").attempt == 0, "the stream stands, for the others"


async def test_what_the_stream_says_of_others_vouches_for_no_account_that_it_does_not_carry(broker: FeedBroker) -> None:
    broker.set("b", account="ACC-2")
    broker.subscribe_refusals["ACC-2"] = {"status": 403, "code": "FORBIDDEN", "message": "no stream for ACC-2"}
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        broker.refusals["ACC-2"] = Refusal(500)
        await until(lambda: seen.told.state("ACC-2").trouble == "500 broker trouble")
        pings = broker.pings
        await until(lambda: broker.pings >= pings + 3)

        assert seen.told.state("ACC-2").heard is None
        row = seen.told.shown[OrderKey("ACC-2", "b")]
        assert row.stale_since == seen.told.state("ACC-2").listed


async def test_a_refused_subscription_is_asked_for_again_while_the_stream_stands(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {"status": 403, "code": "FORBIDDEN", "message": "not yet"}
    timings = replace(FAST, first_ask_again=0.05, last_ask_again=0.2)
    async with live(broker, ("ACC-1", "ACC-2"), timings=timings) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        assert seen.told.state("ACC-2").trouble == "no stream"
        await until(lambda: broker.subscriptions.count("ACC-2") >= 3)
        assert broker.subscriptions.count("ACC-1") == 1
        assert len(seen.told.said("ACC-2", "not yet")) == 1

        broker.subscribe_refusals.clear()

        await seen.reaches(LinkPhase.OK, "ACC-2")
        assert seen.told.state("ACC-2").trouble == ""
        assert broker.handshakes == 1


async def test_by_hand_a_refused_subscription_is_asked_for_at_once(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {"status": 403}
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        broker.subscribe_refusals.clear()

        seen.feed.relist()

        await seen.reaches(LinkPhase.OK, "ACC-2")


async def test_a_subscription_that_nobody_answers_is_polled_until_its_events_come(broker: FeedBroker) -> None:
    broker.subscribe_refusals["ACC-2"] = {}
    broker.silent_refusals = True
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.POLLING, "ACC-2")
        await seen.says("ACC-2", "no answer within")

        await broker.event("ACC-2", broker.set("a", account="ACC-2"), unasked=True)

        await seen.shows("a", "NEW", "ACC-2")
        await seen.reaches(LinkPhase.OK, "ACC-2")
        assert broker.handshakes == 1


async def test_an_account_that_fails_does_not_hold_up_the_news_of_the_gap(broker: FeedBroker) -> None:
    broker.set("a", account="ACC-2")
    async with live(broker, ("ACC-1", "ACC-2")) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.OK, "ACC-2")
        broker.refusals["ACC-2"] = Refusal(500)
        broker.set("a", "CANCELED", account="ACC-2")
        broker.drop()

        await seen.says("no stream for", "ACC-2 not read yet", "nothing changed")

        assert seen.stale("ACC-1") == set()
        assert seen.stale("ACC-2") == {"a"}
        broker.refusals.clear()
        await seen.says("ACC-2", "in step again after", "1 order changed", "CANCELED")
        await seen.reaches(LinkPhase.OK, "ACC-2")


async def test_an_account_that_the_next_stream_refuses_is_not_waited_for(broker: FeedBroker) -> None:
    async with live(broker, ("ACC-1", "ACC-2"), timings=replace(FAST, gap=60.0)) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.OK, "ACC-2")
        broker.subscribe_refusals["ACC-2"] = {"status": 403}

        broker.drop()

        await seen.says("no stream for", "nothing changed")


async def test_an_account_that_is_slow_holds_up_the_news_of_the_gap_for_a_moment_only(broker: FeedBroker) -> None:
    broker.set("a")
    broker.set("b", account="ACC-2")
    gate = asyncio.Event()

    async def hold(account: str) -> None:
        if account == "ACC-2":
            await gate.wait()

    async with live(broker, ("ACC-1", "ACC-2"), timings=replace(FAST, gap=0.2, list=60.0)) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")
        await seen.reaches(LinkPhase.OK, "ACC-2")
        broker.before_list = hold
        broker.set("a", "CANCELED")
        broker.set("b", "EXPIRED", account="ACC-2")
        broker.drop()

        said = await seen.says("no stream for", "ACC-2 not read yet", "1 order changed", "CANCELED")
        assert "EXPIRED" not in said.text

        gate.set()
        await seen.says("ACC-2", "in step again after", "1 order changed", "EXPIRED")
        assert len(seen.told.notices) == 2


async def test_what_one_account_is_told_waits_for_no_answer_about_another(broker: FeedBroker) -> None:
    broker.set("a")
    broker.subscribe_refusals["ACC-2"] = {}
    broker.silent_refusals = True
    async with live(broker, ("ACC-1", "ACC-2"), answer_timeout=60.0) as seen:
        await seen.reaches(LinkPhase.OK, "ACC-1")

        await broker.tell("a", "FILLED", cum=100)

        await seen.shows("a", "FILLED")
        assert seen.told.phase("ACC-1") is LinkPhase.OK
        assert broker.subscriptions.count("ACC-2") == 1, "its answer is still waited for"
