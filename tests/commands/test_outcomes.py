"""What became of each order: its exit code, its line for people, its object for programs, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.broker.http_server import Script
from tests.commands.canceling import answers, cancel, ends, never, refuses
from tests.commands.running import on, records, run
from tests.desk.desk_broker import DeskBroker, record, says, taken
from tests.terminal.pty_session import PtySession

SECONDS = "2"
"""For a cancel, its record on the disk included: a slow machine needs half a second for that alone."""

STANDS = "last read NEW, left 100 of 100"
AGAIN = "no last word: run it again, an open cancel is waited for, not repeated"
MAY_WORK = "refused: the order may work on; blotter orders shows what does"
TOO_MANY = "too many requests (HTTP 429): wait a little, then run it again"
A_TOKEN = "bring a token that may cancel (order:execution), or: blotter login"


def filled(broker: DeskBroker) -> Script:
    return ends(broker, "FILLED", cum=100, avgPrice="12.03", updatedAt="2026-11-20T14:02:11Z", text="")


def partly(broker: DeskBroker) -> Script:
    return ends(broker, cum=40, avgPrice="12.01", text="")


def refused_later(broker: DeskBroker) -> Script:
    """Taken, and then refused in a record of its own. Nothing has read the order since."""

    async def script(request: Any, writer: Any) -> None:
        writer.write(says(True, "PENDING_CANCEL"))
        await writer.drain()
        refusal = record("C-ORD-1", "REJECTED", origClOrdId="ORD-1", ordId="", text="paused")
        await broker.feed.event("ACC-1", refusal)

    return script


def affirms_another_end(broker: DeskBroker) -> Script:
    async def script(request: Any, writer: Any) -> None:
        writer.write(says(True, "FILLED"))

    return script


How = Callable[[DeskBroker], Script]
ENDS: dict[str, tuple[How, int, str, str, str]] = {
    "canceled": (ends, 0, "canceled", 'CANCELED 100 of 100; nothing filled "done"', ""),
    "partly filled": (partly, 0, "canceled", "CANCELED 60 of 100; 40 filled @ 12.01", ""),
    "filled": (filled, 1, "moot", "Not canceled: it filled 100 @ 12.03 at 14:02:11Z, before the cancel arrived", ""),
    "refused": (lambda _: refuses(""), 1, "refused", f"REFUSED: the broker said no; {STANDS}", MAY_WORK),
    "refused later": (refused_later, 1, "refused", f'REFUSED: taken at first; {STANDS} "paused"', MAY_WORK),
    "404": (lambda _: answers(404), 1, "refused", f'REFUSED: no such order (HTTP 404); {STANDS} "no"', MAY_WORK),
    "401": (lambda _: answers(401), 4, "refused", f'REFUSED: token not good (HTTP 401); {STANDS} "no"', A_TOKEN),
    "403": (lambda _: answers(403), 4, "refused", f'REFUSED: token may not cancel (HTTP 403); {STANDS} "no"', A_TOKEN),
    "429": (lambda _: answers(429), 5, "not sent", f'NOT SENT: {TOO_MANY} "no"', ""),
    "500": (lambda _: answers(500), 3, "unknown", f'UNKNOWN: answer proves nothing (HTTP 500); {STANDS} "no"', AGAIN),
    "no answer": (lambda _: never, 3, "unknown", f"UNKNOWN: no whole answer came; {STANDS}", AGAIN),
    "another end": (affirms_another_end, 3, "unknown", f"UNKNOWN: the answer reports another end; {STANDS}", AGAIN),
    "pending": (lambda _: taken(""), 3, "pending", "PENDING: can still fill; left 100 of 100", AGAIN),
}


@pytest.mark.parametrize("name", ENDS)
def test_every_end_has_its_code_its_line_and_its_next_step(tmp_path: Path, broker: DeskBroker, name: str) -> None:
    how, code, outcome, said, advice = ENDS[name]
    broker.on_cancel = [how(broker)]
    ran = run(tmp_path, "cancel", "ORD-1", "--yes", "--wait", "0.3", to=on(broker) | {"BLOTTER_TIMEOUT": SECONDS})
    assert (ran.code, ran.out) == (code, f"ORD-1 (BUY 100 MSFT) {said}\n")
    assert ran.err == (f"blotter: {advice}\n" if advice else "")
    assert records(tmp_path, "outcome")[0]["outcome"] == outcome
    assert len(broker.cancels) == 1
    assert len(ran.err) <= 80


@pytest.mark.parametrize(
    ("script", "code", "outcome", "status", "text"),
    [
        (taken(), 3, "pending", "PENDING_CANCEL", "Cancel request processed"),
        (never, 3, "unknown", "NEW", f"no whole answer came; {STANDS}"),
        (refuses(), 1, "refused", "NEW", "too late to cancel"),
        (answers(429), 5, "not sent", "NEW", "no"),
    ],
    ids=["pending", "no answer", "refused", "429"],
)
def test_programs_get_an_object_with_the_brokers_words_or_ours(
    tmp_path: Path, broker: DeskBroker, script: Script, code: int, outcome: str, status: str, text: str
) -> None:
    broker.on_cancel = [script]
    ran = cancel(tmp_path, broker, "ORD-1", "--wait", "0.3", BLOTTER_TIMEOUT=SECONDS)
    assert ran.code == code
    assert ran.json == [
        {
            "origClOrdId": "ORD-1",
            "outcome": outcome,
            "ordStatus": status,
            "text": text,
            "intent": records(tmp_path, "intent")[0]["intent"],
        }
    ]
    assert ran.err == ""


def test_several_orders_are_counted_under_their_lines(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [ends(broker), refuses()]
    ran = run(tmp_path, "cancel", "ORD-1", "ORD-2", "nowhere", "--yes", to=broker)
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 3
    assert ran.err.splitlines() == ["blotter: 3 orders: 1 canceled, 1 refused, 1 not sent", f"blotter: {MAY_WORK}"]


def test_orders_that_filled_first_are_counted_as_such(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [filled(broker), ends(broker, "EXPIRED")]
    ran = run(tmp_path, "cancel", "ORD-1", "ORD-2", "--yes", to=broker)
    assert ran.code == 1
    assert ran.err == "blotter: 2 orders: 1 filled first, 1 ended otherwise\n"


def test_on_a_terminal_a_long_line_is_folded_between_words(tmp_path: Path, broker: DeskBroker) -> None:
    broker.on_cancel = [refuses("the symbol is in a trading pause until the auction has ended")]
    with PtySession(tmp_path, ["cancel", "ORD-1", "--yes"], environment=on(broker)) as terminal:
        assert terminal.exit_code() == 1
        first, second = terminal.display[:2]
    assert first == "ORD-1 (BUY 100 MSFT) REFUSED: the broker said no; last read NEW, left 100 of"
    assert second == '  100 "the symbol is in a trading pause until the auction has ended"'
