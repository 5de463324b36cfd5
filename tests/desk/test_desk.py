"""The desk's thread: how it starts, how it ends, and that nothing it was asked for is lost in between."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from pathlib import Path
from types import FrameType

import pytest

from blotter.broker.auth import Token
from blotter.core.book.cancel import CancelState
from blotter.core.instant import Instant
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk, DeskError
from blotter.desk.settings import DeskSettings, Patience
from tests.broker.http_server import closed_port, reset, silence
from tests.desk.desk_broker import TOKEN, first, running_broker, taken
from tests.desk.seat import QUICK, Seat, seated
from tests.desk.values import order, request

DEADLINE = 20.0
"""Seconds that only what hangs takes."""


def test_a_request_in_flight_gets_its_answer_when_the_desk_is_left(tmp_path: Path) -> None:
    asked, go = threading.Event(), threading.Event()

    async def hold() -> None:
        asked.set()
        await asyncio.to_thread(go.wait, 5)

    with running_broker("ORD-1") as broker:
        broker.on_cancel = [first(hold, taken())]
        with seated(broker, tmp_path, timeout=10.0) as seat:
            seat.live()
            seat.yes()
            assert asked.wait(5)
            seat.desk.stop("SIGTERM", 3.0)
            assert not seat.desk.done.wait(0.1)
            go.set()
            assert seat.desk.done.wait(2)
    assert [each["verdict"] for each in seat.records("answer")] == ["accepted"]
    assert [(each["outcome"], each["final"]) for each in seat.records("outcome")] == [("pending", False)]
    (end,) = seat.records("end")
    assert end["reason"] == "SIGTERM"
    assert end["unsettled"] == [seat.records("intent")[0]["intent"]]


def test_a_request_without_an_answer_is_put_down_as_unknown(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.on_cancel = [silence]
        with seated(broker, tmp_path, timeout=10.0) as seat:
            seat.live()
            seat.yes()
            seat.until(lambda: broker.cancels)
            seat.desk.stop("SIGHUP", 0.2)
            assert seat.desk.done.wait(DEADLINE)
    # Else it would be the request's own deadline that ended it.
    assert [(each["verdict"], each["cause"]) for each in seat.records("answer")] == [("unknown", "blotter ending")]
    assert [(each["outcome"], each["final"]) for each in seat.records("outcome")] == [("unknown", False)]
    assert seat.records()[-1]["kind"] == "end"
    assert len(broker.cancels) == 1


def test_an_unknown_outcome_that_was_being_read_is_put_down(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        broker.on_cancel = [reset]
        with seated(broker, tmp_path, patience=Patience()) as seat:
            seat.live()
            seat.yes()
            seat.becomes(CancelState.UNKNOWN)
    assert [(each["outcome"], each["final"]) for each in seat.records("outcome")] == [("unknown", False)]


def test_nothing_is_sent_once_the_end_has_begun(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker:
        broker.on_cancel = [silence]
        with seated(broker, tmp_path, timeout=10.0) as seat:
            seat.live(2)
            seat.yes("ORD-1")
            seat.until(lambda: broker.cancels)
            seat.desk.stop("quit", 0.5)
            seat.yes("ORD-2")
            seat.told("Not sent: the blotter is ending")
        assert seat.yes("ORD-2") is False
        assert seat.desk.relist() is False
    assert [each["origClOrdId"] for each in broker.cancels] == ["ORD-1"]


def test_every_request_is_either_taken_or_told(tmp_path: Path) -> None:
    """Keys pressed while the desk ends: none may vanish between the loop's last turn and its closing."""
    names = [f"ORD-{number}" for number in range(200)]
    with running_broker(*names) as broker:
        with seated(broker, tmp_path) as seat:
            seat.live(200)
            refused = []
            ender = threading.Timer(0.02, seat.desk.stop, ("quit", 1.0))
            ender.start()
            for name in names:
                if not seat.yes(name):
                    refused.append(name)
                time.sleep(0.0005)
            ender.join()
        seat.look()
    intents = {each["clOrdId"] for each in seat.records("intent")}
    told = {notice.key.cl_ord_id for notice in seat.notices if notice.key and notice.text.startswith("Not sent")}
    assert intents | told | set(refused) == set(names)
    assert {each["origClOrdId"] for each in broker.cancels} <= intents


@pytest.mark.parametrize("base", ["nobody listens", "nobody answers"])
def test_leaving_waits_for_no_network(tmp_path: Path, base: str) -> None:
    with running_broker() as broker:
        broker.on_list = silence
        broker.feed.mute = True
        port = closed_port()
        url = f"http://127.0.0.1:{port}" if base == "nobody listens" else broker.server.url
        with seated(broker, tmp_path, base_url=url, stream_url=broker.feed.stream_url) as seat:
            seat.until(lambda: seat.notices or seat.links)
        assert seat.desk.done.is_set()
        # What was asked is still unanswered: nobody waited until that was told.
        assert not [notice.text for notice in seat.notices if "in time" in notice.text]


def test_a_desk_that_is_stopped_at_once_ends(tmp_path: Path) -> None:
    with running_broker() as broker, seated(broker, tmp_path) as seat:
        seat.desk.stop("quit", 3.0)
        assert seat.desk.done.wait(2)


def test_stop_may_be_called_from_a_signal_handler(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()

        def handler(number: int, _: FrameType | None) -> None:
            seat.desk.stop(signal.Signals(number).name, 1.0)

        before = signal.signal(signal.SIGUSR1, handler)
        try:
            for _ in range(50):
                os.kill(os.getpid(), signal.SIGUSR1)
                seat.desk.relist()
            assert seat.desk.done.wait(2)
        finally:
            signal.signal(signal.SIGUSR1, before)


class BreakingClock(SystemClock):
    """Raises once in the desk's thread, as a bug would, with words that must not reach a screen."""

    def __init__(self) -> None:
        self.broken = threading.Event()
        self._raised = False

    def now(self) -> Instant:
        if self.broken.is_set() and not self._raised and threading.current_thread().name == "desk":
            self._raised = True
            raise ArithmeticError(f"Authorization: Bearer {TOKEN}")
        return super().now()


def failing_desk(broker_url: str, stream_url: str, folder: Path, clock: BreakingClock) -> Desk:
    return Desk(DeskSettings(broker_url, stream_url, Token(TOKEN), folder, patience=QUICK), clock)


def test_an_error_of_ours_is_told_and_comes_out_where_the_desk_is_left(tmp_path: Path) -> None:
    clock = BreakingClock()
    with running_broker("ORD-1") as broker:
        desk = failing_desk(broker.server.url, broker.feed.stream_url, tmp_path, clock)
        seat = Seat(desk.__enter__(), tmp_path)
        seat.live()
        clock.broken.set()
        seat.until(lambda: seat.failed is not None)
        assert desk.done.wait(2)
        assert seat.yes() is False
        with pytest.raises(DeskError, match="ArithmeticError") as raised:
            desk.__exit__(None, None, None)
    assert desk.failed is not None
    assert TOKEN not in desk.failed.reason
    assert TOKEN not in str(raised.value)
    assert "ArithmeticError" in desk.failed.reason


def test_a_cancel_in_flight_outlives_an_error_of_ours(tmp_path: Path) -> None:
    clock = BreakingClock()

    async def late() -> None:
        clock.broken.set()
        await asyncio.sleep(0.5)

    with running_broker("ORD-1") as broker:
        broker.on_cancel = [first(late, taken())]
        desk = failing_desk(broker.server.url, broker.feed.stream_url, tmp_path, clock)
        seat = Seat(desk.__enter__(), tmp_path)
        seat.live()
        seat.yes()
        seat.until(lambda: broker.cancels)
        broker.tell("ORD-2", "NEW")
        assert desk.done.wait(5)
        with pytest.raises(DeskError):
            desk.__exit__(None, None, None)
    assert [each["verdict"] for each in seat.records("answer")] == ["accepted"]
    assert seat.records("end")[0]["reason"] == "desk failed"


def test_an_error_of_the_screen_is_not_hidden_by_the_desk(tmp_path: Path) -> None:
    with running_broker() as broker, pytest.raises(ZeroDivisionError), seated(broker, tmp_path):
        raise ZeroDivisionError


def test_a_desk_that_never_ran_takes_nothing(tmp_path: Path) -> None:
    settings = DeskSettings("http://127.0.0.1:1", "ws://127.0.0.1:1/ws", Token(TOKEN), tmp_path)
    desk = Desk(settings, SystemClock())
    assert desk.cancel(request(order())) is False
