"""What may be concluded, and from whose word: nothing of an order or a cancel is made up, whatever comes when."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from blotter.core.book.answers import RequestRefused
from blotter.core.book.cancel import Ask, CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.lifecycle import Doubted, Event, Unconfirmed, born, reduce
from blotter.core.book.report import Report
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, OrdStatus, code
from tests.core.events import EVENTS, INTENTS, LIVES, MOMENTS, reports
from tests.core.orders import KEY

LAST_WORDS = (CancelState.CONFIRMED, CancelState.MOOT, CancelState.REJECTED)


def says(event: Event, status: str) -> bool:
    """Whether the broker said in ``event`` that the order is in ``status``."""
    match event:
        case Report():
            return event.fields.get("ord_status") == status
        case CancelAnswered(verdict=Verdict.ACCEPTED):
            return status in (event.status, event.ord_status)
        case CancelAnswered():
            return event.ord_status == status
    return False


def is_silence(event: Event) -> bool:
    """Whether nothing in ``event`` is a word of the broker.

    An answer that names its request is one, whatever it proves: it may say that a refusal was of another. One that
    names the order instead names nothing.
    """
    match event:
        case Unconfirmed() | Doubted() | CancelSent():
            return True
        case CancelAnswered(verdict=Verdict.UNKNOWN | Verdict.NOT_SENT, to_replace=False, request_id="" | "X"):
            return True
    return False


def only_names(event: Event) -> bool:
    """Whether all that ``event`` says is how the broker calls a request."""
    match event:
        case CancelAnswered(verdict=Verdict.UNKNOWN | Verdict.NOT_SENT, to_replace=False):
            return not is_silence(event)
    return False


@st.composite
def mistaken(draw: st.DrawFn) -> tuple[Report, list[Event]]:
    """A life in which a refusal is likely to be counted for a request of ours that turns out to go by another name."""
    names = st.sampled_from(["C-1", "C-2"])
    verdicts = st.sampled_from([Verdict.UNKNOWN, Verdict.NOT_SENT])
    events: list[Event] = [CancelSent(KEY, "one", draw(MOMENTS))]
    records = st.builds(RequestRefused, names, MOMENTS, text=st.sampled_from(["", "late"]))
    answers = st.builds(CancelAnswered, st.just(KEY), INTENTS, verdicts, MOMENTS, request_id=names)
    events += draw(st.lists(records, min_size=1, max_size=3))
    events += draw(st.lists(EVENTS, max_size=2))
    events += draw(st.lists(answers, min_size=1, max_size=3))
    return draw(reports()), draw(st.lists(EVENTS, max_size=2)) + events + draw(st.lists(EVENTS, max_size=2))


def refusals(row: Row) -> list[tuple[str, str]]:
    """What the broker refused, and in which words: the name, the text."""
    return sorted((ask.request_id, ask.text) for ask in row.asks if ask.state == CancelState.REJECTED)


def ours(row: Row) -> dict[str, Ask]:
    return {ask.intent: ask for ask in row.asks if ask.intent}


@given(LIVES)
def test_canceled_is_never_on_the_screen_without_the_brokers_word(life: tuple[Report, list[Event]]) -> None:
    first, events = life
    row = born(first, "aa")
    said = says(first, OrdStatus.CANCELED)
    for event in events:
        row = reduce(row, event)
        said = said or says(event, OrdStatus.CANCELED)
        claimed = row.order.ord_status == OrdStatus.CANCELED or code(row) == "CXLD"
        confirmed = any(ask.state == CancelState.CONFIRMED for ask in row.asks)
        assert said or not (claimed or confirmed)


@given(LIVES)
def test_no_end_is_made_up(life: tuple[Report, list[Event]]) -> None:
    first, events = life
    heard: list[Event] = [first]
    row = born(first, "aa")
    for event in events:
        row = reduce(row, event)
        heard.append(event)
        status = row.order.ord_status
        assert status not in FINISHED or any(says(each, status) for each in heard)


@given(LIVES)
def test_silence_changes_nothing_of_an_order(life: tuple[Report, list[Event]]) -> None:
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = row, reduce(row, event)
        if is_silence(event):
            assert row.order == before.order


@given(LIVES)
def test_a_last_word_on_a_cancel_stands_until_the_broker_says_more(life: tuple[Report, list[Event]]) -> None:
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = ours(row), reduce(row, event)
        if is_silence(event):
            for name, ask in before.items():
                assert ask.state not in LAST_WORDS or ours(row)[name] == ask


@given(LIVES)
def test_refused_is_never_said_of_a_cancel_without_a_refusal(life: tuple[Report, list[Event]]) -> None:
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = ours(row), reduce(row, event)
        refused = {name for name, ask in ours(row).items() if ask.state == CancelState.REJECTED}
        was = {name for name, ask in before.items() if ask.state == CancelState.REJECTED}
        if refused - was:
            is_refusal = isinstance(event, CancelAnswered) and (
                event.verdict is Verdict.REFUSED or event.status == OrdStatus.REJECTED
            )
            assert is_refusal or isinstance(event, RequestRefused)


@given(LIVES)
def test_what_is_said_of_one_cancel_moves_no_other(life: tuple[Report, list[Event]]) -> None:
    """But for the order's end, which settles all of them."""
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = row, reduce(row, event)
        if not isinstance(event, CancelAnswered | Unconfirmed | CancelSent):
            continue
        if row.order.ord_status in FINISHED:
            continue
        for name, ask in ours(before).items():
            if name != event.intent:
                assert ours(row)[name].state == ask.state


@given(mistaken())
def test_a_name_alone_takes_nothing_back_but_a_refusal_of_another(life: tuple[Report, list[Event]]) -> None:
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = row, reduce(row, event)
        if not (isinstance(event, CancelAnswered) and only_names(event)):
            continue
        assert row.order == before.order
        assert refusals(row) == refusals(before)
        for name, ask in ours(before).items():
            now = ours(row)[name]
            if ask.state not in LAST_WORDS or now == ask:
                continue
            assert (name, ask.state) == (event.intent, CancelState.REJECTED)
            assert ask.request_id not in ("", event.request_id)
            assert replace(ask, intent="", by="") in row.asks
            known = any(not one.intent and one.request_id == event.request_id for one in before.asks)
            assert now.state is (CancelState.REJECTED if known else CancelState.UNKNOWN)
            assert (now.request_id, now.asked, now.by) == (event.request_id, ask.asked, ask.by)


@given(mistaken())
def test_no_refusal_is_lost(life: tuple[Report, list[Event]]) -> None:
    row = born(life[0], "aa")
    for event in life[1]:
        before, row = refusals(row), reduce(row, event)
        assert len(before) <= len(refusals(row)) <= len(before) + 1
        assert {name for name, _ in before if name} <= {name for name, _ in refusals(row)}


@given(mistaken())
def test_there_are_never_more_ends_of_our_cancels_than_we_asked(life: tuple[Report, list[Event]]) -> None:
    row = born(life[0], "aa")
    asked: set[str] = set()
    for event in life[1]:
        row = reduce(row, event)
        if isinstance(event, CancelSent | CancelAnswered):
            asked.add(event.intent)
        named = [ask.intent for ask in row.asks if ask.intent]
        assert len(named) == len(set(named))
        assert set(named) <= asked
