"""Which cancels are asked about before the blotter is left, and how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.account import Account, Accounts
from blotter.core.book.cancel import Ask, CancelState, Doubt
from blotter.core.book.row import Row
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.core.sheets.leaving import HEIGHT, OpenCancels, last_words, leaving, leaving_in_brief, pending, unanswered
from blotter.core.words.piece import length, plain
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
    rows = (
        asked(sample(), CancelState.SENT, 0, "ka"),
        asked(single_option(), CancelState.UNKNOWN, 1, "kb"),
        asked(condor(), CancelState.UNCONFIRMED, 2, "kc"),
    )
    accounts = Accounts((Account("ACC-1", nickname="main"),))
    assert [plain(line) for line in leaving(OpenCancels(rows, accounts=accounts), 80, waits=False)] == [
        " QUIT?  3 cancels without an answer",
        " ka  LIVE main  BUY 300 AAPL   not answered, sent 13:30:00Z",
        " kb  LIVE main  SELL 10 AAPL 19JUN26 205C   outcome unknown, sent 13:30:01Z",
        " kc  LIVE main  SELL 5 4-leg SPX   still working, sent 13:30:02Z",
        " Leaving cancels no order; the next start asks the broker about these.",
        " [ w  wait for the answer ]   l  leave now   esc  back",
    ]
    last = plain(leaving(OpenCancels(rows[:1]), 80, waits=True)[-1])
    assert last == " [ waiting: closes when all are answered ]   l  leave now   esc  back"


@pytest.mark.parametrize("state", OPEN)
def test_80_columns_say_whose_money_it_is_and_how_the_cancel_of_an_option_stands(state: CancelState) -> None:
    row = asked(single_option(), state)
    accounts = Accounts((replace(Account(row.order.account, is_sim=True), nickname="retirement"),))
    line = plain(leaving(OpenCancels((row,), accounts=accounts), 80, waits=False)[1])
    assert line.startswith(" ka  PRACTICE retirem…  SELL 10 AAPL 19JUN26 205C   ")
    assert any(f"   {words}, sent 13:3" in line for words in ("not answered", "outcome unknown", "still working"))


def test_an_order_that_only_a_journal_knows_has_no_tag_here() -> None:
    row = asked(sample(), CancelState.UNKNOWN, tag="")
    assert plain(leaving(OpenCancels((row,)), 80, waits=False)[1]) == (
        " --  LIVE ACC-1  BUY 300 AAPL   asked in an earlier run, in no list here"
    )
    (line,) = last_words(OpenCancels((row,)), (), ())
    assert line.endswith(f"asks the broker: {row.order.cl_ord_id} BUY 300 AAPL")


def test_an_answer_that_proved_nothing_is_one_all_the_same() -> None:
    row = asked(sample(), CancelState.UNKNOWN)
    row = replace(row, asks=(replace(row.asks[0], doubt=Doubt.CONTRADICTION),))
    assert plain(leaving(OpenCancels((row,)), 80, waits=False)[0]) == " QUIT?  1 cancel of unknown outcome"
    (line,) = last_words(OpenCancels((row,)), (), ())
    assert line.startswith("1 cancel had an unknown outcome at the end; the next start asks the broker: ka ")


def test_one_that_did_not_leave_got_no_answer() -> None:
    (line,) = last_words(OpenCancels(), [asked(sample(), CancelState.NOT_SENT)], ())
    assert line == f"1 cancel did not leave before the blotter ended: ka {sample().order.cl_ord_id} BUY 300 AAPL"


def test_more_than_find_room_are_counted() -> None:
    rows = tuple(asked(sample(), CancelState.SENT, number, f"k{number}") for number in range(7))
    lines = [plain(line) for line in leaving(OpenCancels(rows), 80, waits=False)]
    assert lines[0] == " QUIT?  7 cancels without an answer"
    assert [line[:4] for line in lines[1:4]] == [" k0 ", " k1 ", " and"]
    assert lines[3] == " and 5 more"


@pytest.mark.parametrize("width", [20, 60, 80, 160])
@pytest.mark.parametrize("text", HOSTILE)
def test_always_six_lines_and_never_wider_than_the_screen(text: str, width: int) -> None:
    lines = leaving(OpenCancels((asked(sample(symbol=text, side=text), CancelState.SENT),)), width, waits=True)
    assert len(lines) == HEIGHT
    assert max(map(length, lines)) <= width
    assert all(piece.text.isprintable() for line in lines for piece in line)


def test_cancels_that_wait_for_their_turn_are_open_too() -> None:
    sent = (asked(sample(), CancelState.SENT),)
    titles = [plain(leaving(OpenCancels(rows, 52), 80, waits=False)[0]) for rows in ((), sent)]
    assert titles == [
        " QUIT?  52 cancels not sent yet: leaving drops these",
        " QUIT?  1 cancel without an answer, 52 not sent yet: leaving drops these",
    ]


def test_in_brief() -> None:
    two = OpenCancels(tuple(asked(sample(), CancelState.SENT, number) for number in range(2)))
    assert [plain(line) for line in leaving_in_brief(two, 20, waits=False)] == [
        "2 cancels unanswered",
        "w waits, l leaves",
    ]
    many = OpenCancels(two.unanswered, 52)
    assert [plain(line) for line in leaving_in_brief(many, 20, waits=True)] == [
        "2 cancels",
        "unanswered, 52",
        "cancels not sent",
        "waiting, l leaves",
    ]


def test_the_last_words_name_what_the_next_start_will_ask_about() -> None:
    rows = tuple(asked(sample(), CancelState.UNKNOWN, number, f"k{number}") for number in range(7))
    (line,) = last_words(OpenCancels(rows[:2]), (), ())
    id_ = sample().order.cl_ord_id
    assert line == (
        "2 cancels had no answer at the end; the next start asks the broker: "
        f"k0 {id_} BUY 300 AAPL, k1 {id_} BUY 300 AAPL"
    )
    (line,) = last_words(OpenCancels(rows), (), ())
    assert line.startswith("7 cancels had no answer")
    assert line.endswith("k4 " + f"{id_} BUY 300 AAPL, and 2 more")


def test_the_last_words_say_what_came_too_late_for_the_screen() -> None:
    done = with_order(asked(sample(), CancelState.CONFIRMED), ord_status="CANCELED")
    other = OrderKey("ACC-1", "ORD-2")
    said = [
        Notice(at(0).utc, Severity.ALERT, "told by its row", key=done.key, tag="ka"),
        Notice(at(0).utc, Severity.INFO, "mere information", key=other, tag="kb"),
        Notice(at(0).utc, Severity.WARN, "Not sent: the blotter is ending", key=other, tag="kb"),
    ]
    canceled = "CANCELED: canceled while our request was open"
    assert last_words(OpenCancels((), 52), (done,), said) == (
        "52 cancels had not been sent when you left, and will not be",
        f"1 cancel got an answer after you left: ka {done.order.cl_ord_id} BUY 300 AAPL: {canceled}",
        "too late for the screen: kb Not sent: the blotter is ending",
    )


def test_the_last_words_name_cancels_that_the_broker_has_not_carried_out() -> None:
    row = with_order(asked(sample(), CancelState.PENDING), ord_status="PENDING_CANCEL")
    assert pending((row, asked(sample(), CancelState.SENT), with_order(row, ord_status="CANCELED"))) == (row,)
    which = f"ka {row.order.cl_ord_id} BUY 300 AAPL"
    assert last_words(OpenCancels(), (), (), pending=(row,)) == (
        f"1 cancel was pending at the end, the order can still fill; the next start asks the broker: {which}",
    )
    (line,) = last_words(OpenCancels(), (row,), (), pending=(row,))
    assert line.startswith("1 cancel got an answer after you left: ka ")


def test_nothing_open_is_nothing_to_say() -> None:
    assert last_words(OpenCancels(), (), ()) == ()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_the_broker_acts_on_the_shells_terminal(text: str) -> None:
    row = asked(sample(symbol=text, side=text), CancelState.SENT)
    row = replace(row, order=replace(row.order, cl_ord_id=text))
    said = [Notice(at(0).utc, Severity.ALERT, text)]
    for line in last_words(OpenCancels((row,)), (with_order(row, ord_status=text),), said):
        assert line.isprintable()
