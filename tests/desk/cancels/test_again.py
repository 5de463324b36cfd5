"""The two cases in which a request is repeated by itself, once: after a 401 and after a 429, under the same intent."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from blotter.broker.auth import NoToken, Token
from blotter.core.book.cancel import CancelState
from tests.broker.http_server import Request, Script, answer, replies, silence
from tests.desk.cancels.battery import apply, play
from tests.desk.cancels.faults import FLAT
from tests.desk.desk_broker import first, running_broker, says, taken
from tests.desk.feed.broker import TOKEN
from tests.desk.seat import seated

EXPIRED = answer({"error": "unauthorized", "message": "token expired"}, 401)


class Keys:
    """Tokens of which ``fresh`` more can be had, each after ``delay`` seconds."""

    why_not_cancel = ""

    def __init__(self, fresh: int = 1, delay: float = 0.0) -> None:
        self.refreshed = 0
        self._token = Token(TOKEN)
        self._fresh = fresh
        self._delay = delay
        self._lock = asyncio.Lock()

    async def current(self) -> Token:
        return self._token

    async def renewed(self, refused: Token) -> Token | None:
        async with self._lock:
            if self._token is not refused:
                return self._token
            await asyncio.sleep(self._delay)
            if not self._fresh:
                raise NoToken("the login has ended: log in again")
            self._fresh -= 1
            self.refreshed += 1
            self._token = Token(TOKEN)
            return self._token

    async def changed(self) -> None:
        await asyncio.Event().wait()

    async def settle(self, seconds: float) -> None:
        """Nothing of it outlives a call."""


def test_a_401_is_sent_again_once_with_a_renewed_token(tmp_path: Path) -> None:
    keys = Keys()
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, token=keys) as seat:
        seat.live()
        broker.on_cancel = [replies(EXPIRED), taken()]
        seat.yes()
        seat.becomes(CancelState.PENDING)
    one, other = seat.records("attempt")
    assert (len(broker.cancels), keys.refreshed) == (2, 1)
    assert one["intent"] == other["intent"]
    assert [each["verdict"] for each in seat.records("answer")] == ["refused", "accepted"]
    assert len(seat.records("intent")) == 1


def test_a_second_401_is_the_last_word(tmp_path: Path) -> None:
    keys = Keys(fresh=5)
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, replies(EXPIRED), "refused", token=keys, timeout=2.0)
    assert (run.posts, keys.refreshed) == (2, 1)
    assert run.outcomes[0]["cause"] == "token refused"
    assert run.alerts == ["Cancel refused: the token is not good; log in, then c again (HTTP 401)"]


def test_where_no_token_can_be_had_nothing_is_sent_again(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, replies(EXPIRED), "refused", token=Keys(fresh=0), timeout=2.0)
    assert run.posts == 1


def test_a_burst_of_401s_costs_one_refresh(tmp_path: Path) -> None:
    names = [f"ORD-{number}" for number in range(1, 9)]
    keys = Keys(delay=0.1)

    async def old_tokens(request: Request, writer: asyncio.StreamWriter) -> None:
        orig = request.json["origClOrdId"]  # type: ignore[index]  # the client always names it
        writer.write(says(True, "PENDING_CANCEL", orig=orig) if keys.refreshed else EXPIRED)

    with running_broker(*names) as broker, seated(broker, tmp_path, token=keys) as seat:
        seat.live(8)
        broker.on_cancel = [old_tokens]
        for name in names:
            seat.yes(name)
        seat.until(lambda: all(row.cancel is CancelState.PENDING for row in seat.rows.values()))
    assert keys.refreshed == 1
    assert len(broker.cancels) <= 16


def test_a_refresh_that_takes_longer_than_the_deadline_sends_nothing_more(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker:
        run = play(broker, tmp_path, replies(EXPIRED), "refused", token=Keys(delay=30.0), timeout=0.4)
    assert run.posts == 1


def test_c_stops_the_wait_that_the_broker_asked_for(tmp_path: Path) -> None:
    busy = answer(FLAT, 429, {"Retry-After": "5"})
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, timeout=9.0) as seat:
        seat.live()
        broker.on_cancel = [replies(busy), taken()]
        seat.yes()
        seat.until(lambda: seat.waits)
        (until,) = seat.waits.values()
        assert until is not None
        assert 3 < until.since(seat.now()) <= 5
        assert seat.desk.withhold(seat.row().key)
        assert seat.outcome()["outcome"] == "not sent"
        seat.told("Not sent: stopped by you before it was sent again")
        seat.becomes(CancelState.NOT_SENT)
        seat.until(lambda: list(seat.waits.values()) == [None])
    assert len(broker.cancels) == 1


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


def in_turn(*scripts: Script) -> Script:
    waiting = list(scripts)

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        await waiting.pop(0)(request, writer)

    return script


@pytest.mark.parametrize("turned_away", [EXPIRED, answer(FLAT, 429, {"Retry-After": "0.05"})], ids=["401", "429"])
@pytest.mark.parametrize(
    ("applied", "answered", "verdict", "outcome", "state"),
    [
        ("first", replies(says(False, "CANCELED", "too late")), "refused", "refused", CancelState.REJECTED),
        ("first", silence, "unknown", "canceled", CancelState.CONFIRMED),
        ("second", silence, "unknown", "canceled", CancelState.CONFIRMED),
        ("second", replies(says(True, "PENDING_CANCEL")), "accepted", "canceled", CancelState.CONFIRMED),
        ("neither", silence, "unknown", "unconfirmed", CancelState.UNCONFIRMED),
        ("neither", replies(says(False, "", "not now")), "refused", "refused", CancelState.REJECTED),
    ],
)
def test_whichever_copy_took_effect_there_are_two_and_one_outcome(
    tmp_path: Path, turned_away: bytes, applied: str, answered: Script, verdict: str, outcome: str, state: CancelState
) -> None:
    with running_broker("ORD-1") as broker:
        copies = {"first": replies(turned_away), "second": answered}
        if applied in copies:
            copies[applied] = first(lambda: apply(broker), copies[applied])
        run = play(broker, tmp_path, in_turn(*copies.values()), outcome, token=Keys(), timeout=1.2)
    status, cum = ("NEW", Decimal(0)) if applied == "neither" else ("CANCELED", Decimal(10))
    assert (run.posts, run.verdicts[1]) == (2, verdict)
    assert (run.row.order.ord_status, run.row.order.cum_qty, run.row.cancel) == (status, cum, state)
    assert run.kinds[:6] == ["start", "intent", "attempt", "answer", "attempt", "answer"]
    assert run.kinds[6:] == [*(["report"] if applied != "neither" else []), "outcome", "end"]
    assert [(each["outcome"], each["ordStatus"]) for each in run.outcomes] == [(outcome, status)]
    assert len({each["intent"] for each in run.records[1:-1]}) == 1


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
