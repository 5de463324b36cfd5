"""The fault table of a cancel: for each fault, applied and not applied, its verdict, the number of requests that left,
where the order ends up on the screen, and what the journal holds.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from blotter.core.cancel import CancelState
from tests.broker.http_server import (
    Request,
    Script,
    answer,
    cuts,
    hang_up,
    replies,
    reset,
    silence,
)
from tests.desk.desk_broker import NESTED, DeskBroker, first, running_broker, says, taken
from tests.desk.seat import QUICK, Seat, seated

FLAT = {"error": "not like that", "codes": [{"code": "X", "description": "no", "field": "symbol"}], "metadata": {}}


async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
    """A byte now and then keeps every timeout of a read from firing; only the total deadline ends this."""
    for byte in answer({"success": True}):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


UNKNOWN: dict[str, Script] = {
    "no reply": silence,
    "reset after the request": reset,
    "closed after the request": hang_up,
    "cut in the headers": cuts(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "cut in the body": cuts(answer({"success": True, "status": "PENDING_CANCEL"})[:-4]),
    "garbage": cuts(b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n"),
    "a reply that drips": drip,
    "500 flat": replies(answer({"error": "boom", "codes": [], "metadata": {}}, 500)),
    "500 without a body": replies(answer(b"", 500)),
    "502 of a proxy": replies(answer("<html>Bad Gateway</html>", 502)),
    "503 nested": replies(answer(NESTED, 503)),
    "504 nested": replies(answer(NESTED, 504)),
    "408": replies(answer(FLAT, 408)),
    "425": replies(answer(FLAT, 425)),
    "418": replies(answer(FLAT, 418)),
    "307": replies(answer(b"", 307, {"Location": "http://127.0.0.1:1/"})),
    "303": replies(answer(b"", 303, {"Location": "/v1/orders/cancel"})),
    "404 of a proxy": replies(answer("<html>Not Found</html>", 404)),
    "409 without a body": replies(answer(b"", 409)),
    "200 HTML": replies(answer("<html>Please log in</html>")),
    "200 bad JSON": replies(answer('{"success": tru')),
    "200 empty": replies(answer(b"")),
    "200 that says nothing": replies(answer({})),
    "200 about another order": replies(says(True, "CANCELED", orig="ORD-9")),
    "200 with a key twice": replies(answer('{"success": false, "success": true, "status": "CANCELED"}')),
    "200 taken, but FILLED": replies(says(True, "FILLED")),
    "200 taken, but EXPIRED": replies(says(True, "EXPIRED")),
    "200 taken, in a status nobody knows": replies(says(True, "MOONING")),
    "200 with a success that is no boolean": replies(answer({"success": "yes", "status": "CANCELED"})),
}

REFUSED: dict[str, Script] = {
    "400": replies(answer(FLAT, 400)),
    "401": replies(answer({"error": "unauthorized", "message": "token expired"}, 401)),
    "403": replies(answer(FLAT, 403)),
    "404": replies(answer(NESTED, 404)),
    "409": replies(answer(FLAT, 409)),
    "422": replies(answer(FLAT, 422)),
    "200 refused": replies(says(False, "", "not now")),
    "200 taken and REJECTED": replies(says(True, "REJECTED", "not now")),
    "200 of a REJECTED alone": replies(says(None, "REJECTED", "not now")),
}

NOT_SENT: dict[str, Script] = {
    "429 without a time": replies(answer(FLAT, 429)),
    "429 for long": replies(answer(FLAT, 429, {"Retry-After": "30"})),
    "429 beyond the deadline": replies(answer(FLAT, 429, {"Retry-After": "4"})),
}


@dataclass
class Run:
    """One cancel, to its outcome."""

    posts: int
    verdicts: list[str]
    causes: list[str]
    outcomes: list[dict[str, Any]]
    kinds: list[str]
    row: Any
    alerts: list[str]


def play(broker: DeskBroker, folder: Path, script: Script, ending: str, **changes: Any) -> Run:
    """Cancel ORD-1, and wait until the journal says ``ending`` and nothing is left to read."""
    settings = {"timeout": 0.4, "relist_every": 60.0} | changes
    with seated(broker, folder, **settings) as seat:
        seat.live()
        broker.on_cancel = [script]
        seat.yes()
        seat.until(lambda: any(each["outcome"] == ending for each in seat.records("outcome")))
        seat.until(lambda: not seat.row().needs_read)
    return run_of(broker, seat)


def run_of(broker: DeskBroker, seat: Seat) -> Run:
    seat.look()
    return Run(
        posts=len(broker.cancels),
        verdicts=[each["verdict"] for each in seat.records("answer")],
        causes=[each["cause"] for each in seat.records("answer")],
        outcomes=seat.records("outcome"),
        kinds=seat.kinds(),
        row=seat.row(),
        alerts=seat.alerts,
    )


@pytest.mark.parametrize("fault", UNKNOWN)
def test_unknown_and_applied_is_settled_by_reading_as_canceled(tmp_path: Path, fault: str) -> None:
    with running_broker("ORD-1") as broker:
        applied = first(lambda: broker.feed.set("ORD-1", "CANCELED", cum=10, avgPrice="10.40"), UNKNOWN[fault])
        run = play(broker, tmp_path, applied, "canceled")
    assert (run.posts, run.verdicts) == (1, ["unknown"])
    assert (run.row.order.ord_status, run.row.cancel) == ("CANCELED", CancelState.CONFIRMED)
    assert [(each["outcome"], each["final"]) for each in run.outcomes] == [("canceled", True)]
    assert run.kinds == ["start", "intent", "attempt", "answer", "report", "outcome", "end"]
    assert run.alerts[0].startswith("Outcome unknown, asking the broker: ")


@pytest.mark.parametrize("fault", UNKNOWN)
def test_unknown_and_not_applied_becomes_unconfirmed(tmp_path: Path, fault: str) -> None:
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, UNKNOWN[fault], "unconfirmed")
    assert (run.posts, run.verdicts) == (1, ["unknown"])
    assert (run.row.order.ord_status, run.row.cancel) == ("NEW", CancelState.UNCONFIRMED)
    assert [(each["outcome"], each["final"]) for each in run.outcomes] == [("unconfirmed", False)]
    assert run.kinds == ["start", "intent", "attempt", "answer", "outcome", "end"]
    assert [text.split(":")[0] for text in run.alerts] == ["Outcome unknown, asking the broker", "Cancel unconfirmed"]


@pytest.mark.parametrize("fault", REFUSED)
def test_refused_puts_the_order_back(tmp_path: Path, fault: str) -> None:
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, REFUSED[fault], "refused")
    assert (run.posts, run.verdicts) == (1, ["refused"])
    assert (run.row.order.ord_status, run.row.cancel) == ("NEW", CancelState.REJECTED)
    assert [(each["outcome"], each["final"]) for each in run.outcomes] == [("refused", True)]
    assert run.kinds == ["start", "intent", "attempt", "answer", "outcome", "end"]
    assert len(run.alerts) == 1


@pytest.mark.parametrize("fault", NOT_SENT)
def test_a_429_that_is_not_waited_out_is_not_sent(tmp_path: Path, fault: str) -> None:
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, NOT_SENT[fault], "not sent", timeout=2.0)
    assert (run.posts, run.verdicts) == (1, ["not sent"])
    assert (run.row.order.ord_status, run.row.cancel) == ("NEW", CancelState.NOT_SENT)
    assert [(each["outcome"], each["final"]) for each in run.outcomes] == [("not sent", True)]
    assert run.alerts[0].startswith("Not sent: ")


def test_a_429_is_waited_out_once(tmp_path: Path) -> None:
    busy = answer(FLAT, 429, {"Retry-After": "0.05"})
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.on_cancel = [replies(busy), taken()]
        seat.yes()
        seat.told("Sent again in 0.05 s")
        seat.becomes(CancelState.PENDING)
        (first_attempt, second) = seat.records("attempt")
    assert len(broker.cancels) == 2
    assert (first_attempt["attempt"], second["attempt"]) == (1, 2)
    assert first_attempt["intent"] == second["intent"]


def test_a_second_429_is_not_waited_out(tmp_path: Path) -> None:
    busy = answer(FLAT, 429, {"Retry-After": "0.02"})
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, replies(busy), "not sent", timeout=2.0)
    assert (run.posts, run.verdicts) == (2, ["not sent", "not sent"])


def test_an_order_that_ended_while_a_429_was_waited_out_is_left_alone(tmp_path: Path) -> None:
    busy = replies(answer(FLAT, 429, {"Retry-After": "0.3"}))
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.on_cancel = [first(lambda: broker.feed.tell("ORD-1", "FILLED", cum=100, avgPrice="12.03"), busy)]
        seat.yes()
        seat.told("Not canceled: it filled 100 @ 12.03")
        outcome = seat.outcome()
    assert len(broker.cancels) == 1
    assert (outcome["outcome"], outcome["final"]) == ("moot", True)


def test_a_broker_that_cannot_be_reached_was_not_asked(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.call(broker.close_http())
        seat.yes()
        told = seat.told("Not sent: ")
        assert "The order was not touched" in told.text
        seat.becomes(CancelState.NOT_SENT)
        assert seat.outcome()["cause"] == "never left"
    assert broker.cancels == []


def test_the_stream_settles_an_unknown_outcome_when_no_read_can(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        broker.on_cancel = [reset]
        broker.on_list = replies(answer(FLAT, 500))
        seat.yes()
        seat.becomes(CancelState.UNKNOWN)
        broker.tell("ORD-1", "CANCELED", cum=60, avgPrice="12.01")
        seat.told("CANCELED 40 of 100; 60 filled @ 12.01")
        assert seat.outcome()["outcome"] == "canceled"


def test_reads_that_fail_do_not_count(tmp_path: Path) -> None:
    """Five reads that could not be had are no evidence that the order works."""
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.on_cancel = [reset]
        asked: list[Request] = []

        async def broken(request: Request, writer: asyncio.StreamWriter) -> None:
            asked.append(request)
            writer.write(answer(FLAT, 500))

        broker.on_list = broken
        seat.yes()
        seat.until(lambda: len(asked) > 8)
        assert seat.row().cancel is CancelState.UNKNOWN
        broker.on_list = None
        seat.becomes(CancelState.UNCONFIRMED)


def test_a_broker_that_asks_for_time_gets_it(tmp_path: Path) -> None:
    patience = replace(QUICK, reads=(0.01, 0.01, 0.01), slow=0.01)
    busy = answer(FLAT, 429, {"Retry-After": "0.5"})
    asked: list[float] = []

    async def limited(_: Request, writer: asyncio.StreamWriter) -> None:
        asked.append(time.monotonic())
        writer.write(busy)

    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0, patience=patience) as seat:
        seat.live()
        broker.on_cancel = [reset]
        broker.on_list = limited
        seat.yes()
        seat.until(lambda: len(asked) == 3)
    assert min(later - earlier for earlier, later in pairwise(asked)) >= 0.45


def test_an_unconfirmed_cancel_can_still_turn_out_to_have_worked(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.on_cancel = [reset]
        seat.yes()
        seat.becomes(CancelState.UNCONFIRMED)
        broker.feed.set("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)
        seat.until(lambda: len(seat.records("outcome")) == 2)
    assert [each["outcome"] for each in seat.records("outcome")] == ["unconfirmed", "canceled"]


def test_an_order_gone_from_the_list_is_looked_for_in_the_history(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        filled = broker.feed.set("ORD-1", "FILLED", cum=100, avgPrice="50.10", updatedAt="2026-11-23T14:02:11Z")

        def gone() -> None:
            broker.feed.orders["ACC-1"].clear()
            broker.history["ORD-1"] = filled

        broker.on_cancel = [first(gone, reset)]
        seat.yes()
        seat.told("Not canceled: it filled 100 @ 50.10 at 14:02:11Z, before the cancel arrived")
        assert seat.outcome()["outcome"] == "moot"


def test_absence_proves_nothing(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()
        broker.on_cancel = [first(lambda: broker.feed.orders["ACC-1"].clear(), reset)]
        seat.yes()
        seat.told("in neither list nor history")
        assert seat.row().cancel is CancelState.UNKNOWN
        assert seat.row().order.ord_status == "NEW"
    assert [each["outcome"] for each in seat.records("outcome")] == ["unknown"]


def test_an_answer_that_contradicts_the_stream_is_read(tmp_path: Path) -> None:
    """The stream said FILLED, then the answer says CANCELED: the fill stands, and the order is read."""
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0) as seat:
        seat.live()

        async def fill_and_let_it_be_seen() -> None:
            await broker.feed.tell("ORD-1", "FILLED", cum=100, avgPrice="12.03")
            await asyncio.to_thread(seen.wait, 5)

        seen = threading.Event()
        broker.on_cancel = [first(fill_and_let_it_be_seen, replies(says(True, "CANCELED")))]
        seat.yes()
        seat.until(lambda: seat.row().order.ord_status == "FILLED")
        seen.set()
        seat.told("Answer says CANCELED, report said FILLED")
        outcome = seat.outcome()
        seat.until(lambda: not seat.row().needs_read)
    assert (outcome["outcome"], outcome["ordStatus"], outcome["cumQty"]) == ("moot", "FILLED", "100")


def test_many_lost_answers_share_their_reads(tmp_path: Path) -> None:
    names = [f"ORD-{number}" for number in range(1, 41)]
    patience = replace(QUICK, reads=(0.2, 0.2), slow=5.0, gather=0.1)
    with (
        running_broker(*names) as broker,
        seated(broker, tmp_path, relist_every=60.0, patience=patience) as seat,
    ):
        seat.live(40)
        broker.on_cancel = [reset]
        lists = len(broker.server.requests)
        for name in names:
            seat.yes(name)
        seat.until(lambda: all(row.cancel is CancelState.UNCONFIRMED for row in seat.rows.values()))
        reads = len([each for each in broker.server.requests[lists:] if each.method == "GET"])
    assert len(broker.cancels) == len(seat.records("intent")) == 40
    assert reads < 20, "each order read the lists for itself"
