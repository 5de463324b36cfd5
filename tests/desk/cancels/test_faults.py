"""The fault table of a cancel: for each fault, applied and not applied, its verdict, the number of requests that left,
where the order ends up on the screen, and what the journal holds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
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
from tests.desk.desk_broker import NESTED, DeskBroker, first, running_broker, says
from tests.desk.seat import Seat, seated

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
