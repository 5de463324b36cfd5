"""Between the two copies of a request nothing is on the wire: whatever ends the wait there, the cancel was not sent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from blotter.broker.auth import Token
from blotter.core.asking.mass import Fate
from blotter.core.book.cancel import CancelState
from tests.broker.http_server import Request, answer, replies, silence
from tests.desk.cancels.faults import FLAT
from tests.desk.cancels.many import NAMES, Gate, a_desk, confirm, until
from tests.desk.cancels.test_again import EXPIRED, Keys, in_turn
from tests.desk.desk_broker import NESTED, running_broker, taken
from tests.desk.seat import Seat, seated

BUSY = answer(FLAT, 429, {"Retry-After": "5"})
BUSY_FOR_LONG = answer(NESTED, 429, {"Retry-After": "30"})


class NoneInTime(Keys):
    """From ``ends`` on there is no token without a refresh, and that does not come back."""

    ends = False

    async def current(self) -> Token:
        if self.ends:
            await asyncio.Event().wait()
        return await super().current()


def left(seat: Seat, grace: float = 0.3) -> dict[str, Any]:
    """Leave the desk; gives the one outcome that is on record then."""
    seat.desk.stop("SIGTERM", grace)
    assert seat.desk.done.wait(10)
    (outcome,) = seat.records("outcome")
    return outcome


@pytest.mark.parametrize("turned_away", [EXPIRED, BUSY], ids=["401", "429"])
def test_the_end_comes_before_the_second_copy(tmp_path: Path, turned_away: bytes) -> None:
    keys = Keys(delay=30.0)
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, token=keys, timeout=9.0) as seat:
        seat.live()
        broker.on_cancel = [replies(turned_away), taken()]
        seat.yes()
        seat.until(lambda: seat.records("answer"))
        outcome = left(seat)
        assert (outcome["outcome"], outcome["cause"]) == ("not sent", "blotter ending")
        seat.told("Not sent: the blotter is ending; the order was not touched")
        assert seat.row().cancel is CancelState.NOT_SENT
    assert len(broker.cancels) == len(seat.records("attempt")) == 1


@pytest.mark.parametrize("turned_away", [EXPIRED, answer(FLAT, 429, {"Retry-After": "0"})], ids=["401", "429"])
def test_the_end_comes_after_the_second_copy_has_left(tmp_path: Path, turned_away: bytes) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, timeout=9.0, token=Keys()) as seat:
        seat.live()
        broker.on_cancel = [replies(turned_away), silence]
        seat.yes()
        seat.until(lambda: len(broker.cancels) == 2)
        outcome = left(seat)
        assert (outcome["outcome"], outcome["cause"]) == ("unknown", "blotter ending")
    assert [each["verdict"] for each in seat.records("answer")][1:] == ["unknown"]


def test_the_end_comes_before_there_was_a_token_to_send_it_with(tmp_path: Path) -> None:
    keys = NoneInTime()
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, token=keys, timeout=9.0) as seat:
        seat.live()
        keys.ends = True
        seat.yes()
        seat.until(lambda: seat.records("attempt"))
        outcome = left(seat)
        assert (outcome["outcome"], outcome["cause"]) == ("not sent", "blotter ending")
        assert seat.row().cancel is CancelState.NOT_SENT
    assert broker.cancels == []


def test_the_end_comes_before_there_was_a_connection_to_send_it_on(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, timeout=9.0) as seat:
        seat.live()
        broker.call(broker.close_http())
        with broker.full_house():
            seat.yes()
            seat.until(lambda: seat.records("attempt"))
            outcome = left(seat)
        assert (outcome["outcome"], outcome["cause"]) == ("not sent", "blotter ending")
    assert broker.cancels == []


def test_the_stop_key_stops_what_waits_to_be_sent_again_though_the_rest_was_stopped_before(tmp_path: Path) -> None:
    script = in_turn(replies(BUSY), replies(BUSY_FOR_LONG))
    with a_desk(tmp_path, script, cancel_concurrency=2, timeout=9.0) as (broker, seat):
        confirm(seat)
        until(seat, lambda at: at.stopped and at.again == 1 and at.counts == {Fate.SENT: 1, Fate.NOT_SENT: 6})
        assert seat.mass["m-1"].stoppable == 1
        seat.desk.stop_many("m-1")
        over = until(seat, lambda at: at.over)
        assert (over.counts, over.stoppable) == ({Fate.NOT_SENT: 7}, 0)
    assert len(broker.cancels) == 2
    assert [each["cause"] for each in seat.records("outcome")].count("stopped by the trader") == 1


@pytest.mark.parametrize("turned_away", [EXPIRED, BUSY], ids=["401", "429"])
def test_what_is_on_its_way_at_the_stop_key_is_not_sent_a_second_time(tmp_path: Path, turned_away: bytes) -> None:
    gate = Gate()

    async def held(asked: Request, writer: asyncio.StreamWriter) -> None:
        await gate.opened()
        writer.write(turned_away)

    with a_desk(tmp_path, held, cancel_concurrency=1, timeout=9.0, token=Keys()) as (broker, seat):
        confirm(seat)
        seat.until(lambda: len(broker.cancels) == 1)
        seat.desk.stop_many("m-1")
        until(seat, lambda at: at.counts == {Fate.SENT: 1, Fate.NOT_SENT: len(NAMES) - 1})
        broker.call(gate.open())
        until(seat, lambda at: at.over and at.counts == {Fate.NOT_SENT: len(NAMES)})
    assert len(broker.cancels) == 1
    assert not [text for text in seat.texts if text.startswith("Sent again")]


def test_the_stop_key_stops_one_that_waits_for_another_token(tmp_path: Path) -> None:
    keys = Keys(delay=30.0)
    script = in_turn(replies(EXPIRED))
    with a_desk(tmp_path, script, cancel_concurrency=1, timeout=9.0, token=keys) as (broker, seat):
        confirm(seat)
        seat.until(lambda: seat.records("answer"))
        seat.desk.stop_many("m-1")
        until(seat, lambda at: at.over and at.counts == {Fate.NOT_SENT: len(NAMES)})
    assert len(broker.cancels) == 1
