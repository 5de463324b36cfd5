"""Which cancels are asked about before the blotter is left, and how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.cancel import Ask, CancelState
from blotter.core.leaving import HEIGHT, leaving, unanswered
from blotter.core.piece import length, plain
from blotter.core.row import Row
from tests.core.moments import at
from tests.core.samples import HOSTILE, condor, sample, single_option, with_order

OPEN = (CancelState.SENT, CancelState.UNKNOWN, CancelState.UNCONFIRMED)


def asked(row: Row, state: CancelState, seconds: float = 0.0, tag: str = "ka") -> Row:
    ask = Ask("run-1", state, at(seconds), at(seconds + 1))
    return replace(row, tag=tag, cancel=state, cancel_at=ask.at, asks=(ask,))


@pytest.mark.parametrize("state", CancelState)
def test_unanswered_are_those_that_the_broker_said_nothing_about(state: CancelState) -> None:
    assert bool(unanswered([asked(sample(), state)])) is (state in OPEN)


def test_a_finished_order_waits_for_no_answer() -> None:
    assert unanswered([with_order(asked(sample(), CancelState.UNKNOWN), ord_status="FILLED")]) == ()


def test_the_oldest_comes_first() -> None:
    rows = [asked(sample(), state, -index, tag) for index, (state, tag) in enumerate(zip(OPEN, "abc", strict=True))]
    assert [row.tag for row in unanswered(rows)] == ["c", "b", "a"]


def test_looks() -> None:
    rows = [
        asked(sample(), CancelState.SENT, 0, "ka"),
        asked(single_option(), CancelState.UNKNOWN, 1, "kb"),
        asked(condor(), CancelState.UNCONFIRMED, 2, "kc"),
    ]
    assert [plain(line) for line in leaving(rows, 80, waits=False)] == [
        " QUIT?  3 cancels without an answer",
        " ka  BUY 300 AAPL   sent at 13:30:00Z, not answered",
        " kb  SELL 10 AAPL 19 JUN 2026 205 CALL   sent at 13:30:01Z, outcome unknown",
        " kc  SELL 5 4-leg SPX   sent at 13:30:02Z, unconfirmed, still working",
        " Leaving cancels no order; the next start asks the broker about these.",
        " [ w  wait for the answer ]   l  leave now   esc  back",
    ]
    last = plain(leaving(rows[:1], 80, waits=True)[-1])
    assert last == " [ waiting: closes when all are answered ]   l  leave now   esc  back"


def test_more_than_find_room_are_counted() -> None:
    rows = [asked(sample(), CancelState.SENT, number, f"k{number}") for number in range(7)]
    lines = [plain(line) for line in leaving(rows, 80, waits=False)]
    assert lines[0] == " QUIT?  7 cancels without an answer"
    assert [line[:4] for line in lines[1:4]] == [" k0 ", " k1 ", " and"]
    assert lines[3] == " and 5 more"


@pytest.mark.parametrize("width", [20, 60, 80, 160])
@pytest.mark.parametrize("text", HOSTILE)
def test_always_six_lines_and_never_wider_than_the_screen(text: str, width: int) -> None:
    lines = leaving([asked(sample(symbol=text, side=text), CancelState.SENT)], width, waits=True)
    assert len(lines) == HEIGHT
    assert max(map(length, lines)) <= width
    assert all(piece.text.isprintable() for line in lines for piece in line)
