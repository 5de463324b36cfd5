"""What may be concluded, and from whose word: nothing of an order or a cancel is made up, whatever comes when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blotter.core.answers import RequestRefused
from blotter.core.cancel import Ask, CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.lifecycle import Doubted, Event, Unconfirmed, born, reduce
from blotter.core.report import Report
from blotter.core.row import Row
from blotter.core.status import FINISHED, OrdStatus, code
from tests.core.events import EVENTS, reports

LIVES = st.tuples(reports(), st.lists(EVENTS, max_size=12))
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

    An answer that names its request is one, whatever it proves: it may say that a refusal was of another.
    """
    match event:
        case Unconfirmed() | Doubted() | CancelSent():
            return True
        case CancelAnswered(verdict=Verdict.UNKNOWN | Verdict.NOT_SENT, to_replace=False, request_id=""):
            return True
    return False


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
