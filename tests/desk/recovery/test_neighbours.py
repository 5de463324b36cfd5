"""What earlier runs and other blotters have in hand, seen from a desk that is running."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from blotter.core.asking.override import why_tag
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Change, Row
from blotter.core.book.status import code, may_override
from blotter.core.notice import Notice
from blotter.desk.cancels.docket import Docket
from blotter.desk.cancels.look import Looker
from blotter.desk.cancels.outcome import Ending
from blotter.desk.clock import SystemClock
from blotter.desk.journal.archive import Archive
from blotter.desk.journal.journal import Journal
from blotter.desk.journal.record import Kind, Record
from blotter.desk.journal.scribe import Scribe
from blotter.desk.messages import Wait
from blotter.desk.recovery.recovery import Recovery
from blotter.desk.tasks import Tasks
from tests.broker.http_server import silence
from tests.desk.desk_broker import running_broker
from tests.desk.feed.broker import until
from tests.desk.journal.journals import write
from tests.desk.journal.left_behind import CLOCK, Past, settled
from tests.desk.seat import QUICK, seated
from tests.desk.values import WHO


class Told:
    """A screen that remembers the sentences."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def notice(self, notice: Notice) -> None:
        self.texts.append(notice.text)

    def rows(self, changes: tuple[Change, ...]) -> None: ...
    def journal(self, trouble: str) -> None: ...
    def wait(self, wait: Wait) -> None: ...
    def unlisted(self, rows: tuple[Row, ...]) -> None: ...


def alone(archive: Archive, told: Told) -> Recovery:
    """A recovery without a desk around it."""
    tasks, clock, book = Tasks(), SystemClock(), Book()

    def glasses(_: str) -> Looker:
        raise AssertionError("nothing is read")

    scribe = Scribe(Journal(archive._folder, clock, WHO, {}), told.texts.append)
    docket = Docket(book=book, scribe=scribe, clock=clock, patience=QUICK, screen=told, glasses=glasses, tasks=tasks)
    return Recovery(
        archive,
        book=book,
        docket=docket,
        scribe=scribe,
        clock=clock,
        patience=QUICK,
        screen=told,
        glasses=glasses,
        tasks=tasks,
        settle=True,
        unlisted=told.unlisted,
    )


@pytest.mark.parametrize("accounts_first", [True, False])
async def test_it_does_not_matter_what_is_known_first(tmp_path: Path, accounts_first: bool) -> None:
    told = Told()
    then = Past(tmp_path, "url")
    then.asks("ORD-1")
    then.dies()
    recovery = alone(Archive(tmp_path, "url", "own"), told)
    if accounts_first:
        recovery.opened(["ACC-2"])
    running = asyncio.create_task(recovery.run())
    await recovery.looked(5)
    if not accounts_first:
        recovery.opened(["ACC-2"])
    await until(lambda: any("its account ACC-1 is not open here" in text for text in told.texts))
    running.cancel()
    recovery.close()


def test_another_blotter_s_cancel_stands_on_the_row_and_is_that_one_s_to_settle(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker, seated(broker, tmp_path, timeout=20.0) as one:
        broker.on_cancel = [silence]
        one.live(2)
        with seated(broker, tmp_path) as other:
            other.live(2)
            one.yes("ORD-1")
            row = other.becomes(CancelState.SENT)
            assert code(row) == "CXL>"
            other.yes("ORD-1")
            told = other.told("Not sent: cancel sent ")
            assert "not answered yet; another blotter of yours (" in told.text
            with seated(broker, tmp_path) as third:
                third.told("aa ORD-1 BUY 100 MSFT: a cancel is asked from another blotter of yours (")
                third.live(2)
                third.becomes(CancelState.SENT)
            broker.tell("ORD-1", "CANCELED")
            other.becomes(CancelState.CONFIRMED)
            assert other.row("ORD-2").cancel is CancelState.NONE
        assert len(broker.cancels) == 1
        one.desk.stop("quit", 0.0)


def test_what_is_pending_there_is_so_since_it_was_taken_there(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        then = Past(tmp_path, broker.server.url, ago=90)
        then.hears(then.asks(), "accepted")
        row = seat.becomes(CancelState.PENDING)
        assert row.cancel_at is not None
        assert seat.now().since(row.cancel_at) >= 90
        assert str(why_tag(row, seat.now())).endswith("is still pending")
        then.dies()


def test_a_refusal_there_frees_the_row_here(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        then = Past(tmp_path, broker.server.url)
        intent = then.asks()
        seat.becomes(CancelState.SENT)
        then.hears(intent, "refused")
        then.ends(intent, Ending.REFUSED)
        seat.becomes(CancelState.REJECTED)
        then.dies()


def test_what_another_version_calls_an_answer_there_is_an_outcome_not_known_here(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        then = Past(tmp_path, broker.server.url)
        intent = then.asks()
        then.hears(intent, "queued")
        assert code(seat.becomes(CancelState.UNKNOWN)) == "CXL??"
        then.hears(intent, "refused")
        then.ends(intent, Ending.REFUSED)
        seat.becomes(CancelState.REJECTED)
        then.dies()


def test_what_another_version_calls_an_end_there_does_not_keep_the_order_from_being_canceled_here(
    tmp_path: Path,
) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        then = Past(tmp_path, broker.server.url)
        intent = then.asks()
        assert not may_override(seat.becomes(CancelState.SENT), seat.now())
        write(then.journal, Record(Kind.OUTCOME, CLOCK.now(), {"intent": intent, "outcome": "expunged", "final": True}))
        row = seat.becomes(CancelState.UNKNOWN)
        assert may_override(row, seat.now())
        then.dies()
        broker.tell("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)


def test_a_cancel_whose_blotter_dies_is_taken_over(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        then = Past(tmp_path, broker.server.url)
        intent = then.asks()
        seat.becomes(CancelState.SENT)
        then.dies()
        seat.told("1 cancel has no answer from another blotter of yours, which ended: aa ORD-1 BUY 100 MSFT")
        broker.tell("ORD-1", "CANCELED")
        settled(seat, intent)
        assert seat.row().asks[0].by == ""
    assert broker.cancels == []
