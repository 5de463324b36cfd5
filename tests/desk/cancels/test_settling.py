"""An unknown outcome is settled by reading, patiently, and by whatever the stream says."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from blotter.core.book.cancel import CancelState
from tests.broker.http_server import Request, answer, replies, reset
from tests.desk.cancels.faults import FLAT
from tests.desk.desk_broker import first, running_broker, says
from tests.desk.seat import QUICK, seated


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
        filled = broker.feed.set("ORD-1", "FILLED", cum=100, avgPrice="50.10", updatedAt="2026-11-20T14:02:11Z")

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


def test_reads_keep_their_distances_and_none_comes_at_the_very_same_time(tmp_path: Path) -> None:
    """Each wait has some jitter, so that many desks do not read in step after an outage, and never halves."""
    waits = (0.1, 0.2, 0.4)
    patience = replace(QUICK, reads=waits, slow=30.0)
    asked: list[float] = []

    with running_broker("ORD-1") as broker, seated(broker, tmp_path, relist_every=60.0, patience=patience) as seat:
        seat.live()
        page = broker.feed._page

        async def timed(_: Request, writer: asyncio.StreamWriter) -> None:
            asked.append(time.monotonic())
            writer.write(answer(page("ACC-1", 0, 500)))

        broker.on_cancel = [reset]
        broker.on_list = timed
        seat.yes()
        seat.becomes(CancelState.UNKNOWN)
        begun = time.monotonic()
        seat.becomes(CancelState.UNCONFIRMED)
    gaps = [later - earlier for earlier, later in pairwise([begun, *asked])]
    assert len(gaps) == 3
    assert all(gap >= 0.75 * wait - 0.02 for gap, wait in zip(gaps, waits, strict=True)), gaps
