"""The faults that strike before the broker has read the request. It was not applied then, which nobody can tell from
here: only what is proven never to have left is *not sent*, and only what the broker itself answered is refused.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from blotter.core.cancel import CancelState
from tests.broker.http_server import Script, answer, cuts, hang_up, replies, reset, silence
from tests.desk.cancels.test_faults import FLAT, Run, run_of
from tests.desk.desk_broker import DeskBroker, running_broker, says
from tests.desk.seat import seated

UNKNOWN: dict[str, Script] = {
    "no reply": silence,
    "reset": reset,
    "closed": hang_up,
    "cut in the headers": cuts(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "garbage": cuts(b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n"),
    "500": replies(answer(FLAT, 500)),
    "503 without a body": replies(answer(b"", 503)),
    "408": replies(answer(FLAT, 408)),
    "425": replies(answer(FLAT, 425)),
    "307": replies(answer(b"", 307, {"Location": "http://127.0.0.1:1/"})),
    "200 HTML": replies(answer("<html>Please log in</html>")),
}

ANSWERED: dict[str, tuple[Script, str, CancelState]] = {
    "400": (replies(answer(FLAT, 400)), "refused", CancelState.REJECTED),
    "401": (replies(answer(FLAT, 401)), "refused", CancelState.REJECTED),
    "403": (replies(answer(FLAT, 403)), "refused", CancelState.REJECTED),
    "200 refused": (replies(says(False, "", "not now")), "refused", CancelState.REJECTED),
    "429": (replies(answer(FLAT, 429)), "not sent", CancelState.NOT_SENT),
}


def play(broker: DeskBroker, folder: Path, fault: Script, ending: str) -> Run:
    with seated(broker, folder, timeout=0.4, relist_every=60.0) as seat:
        seat.live()
        broker.server.early = fault
        seat.yes()
        seat.until(lambda: any(each["outcome"] == ending for each in seat.records("outcome")))
        seat.until(lambda: not seat.row().needs_read)
    return run_of(broker, seat)


@pytest.mark.parametrize("fault", UNKNOWN)
def test_unknown_becomes_unconfirmed(tmp_path: Path, fault: str) -> None:
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, UNKNOWN[fault], "unconfirmed")
    assert (broker.server.early_posts, run.verdicts) == (1, ["unknown"])
    assert (run.row.order.ord_status, run.row.cancel) == ("NEW", CancelState.UNCONFIRMED)
    assert run.kinds == ["start", "intent", "attempt", "answer", "outcome", "end"]


@pytest.mark.parametrize("fault", ANSWERED)
def test_an_answer_is_an_answer_however_early_it_comes(tmp_path: Path, fault: str) -> None:
    script, ending, state = ANSWERED[fault]
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, script, ending)
    assert (broker.server.early_posts, run.verdicts) == (1, [ending])
    assert (run.row.order.ord_status, run.row.cancel) == ("NEW", state)
    assert [each["final"] for each in run.outcomes] == [True]


def test_a_reset_of_a_connection_just_opened_is_not_sent_only_where_no_byte_had_left(tmp_path: Path) -> None:
    """Whether one had is a race between the reset and the first write; both verdicts are true of the order."""
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, timeout=0.4, relist_every=60.0) as seat:
        seat.live()
        broker.call(deaf(broker, True))
        seat.yes()
        seat.until(lambda: seat.row().cancel in (CancelState.UNKNOWN, CancelState.NOT_SENT))
        broker.call(deaf(broker, False))
        seat.until(lambda: seat.row().cancel in (CancelState.UNCONFIRMED, CancelState.NOT_SENT))
        last = {CancelState.UNCONFIRMED: "unknown", CancelState.NOT_SENT: "not sent"}[seat.row().cancel]
    assert broker.cancels == []
    assert [each["verdict"] for each in seat.records("answer")] == [last]


async def deaf(broker: DeskBroker, so: bool) -> None:
    broker.server.deaf = so
    if so:
        await broker.server.drop()
        await asyncio.sleep(0)
