"""What ``c`` does where it is no plain question: a reason to overrule, no journal, a wait to stop."""

from __future__ import annotations

from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Row
from blotter.core.instant import Instant
from blotter.desk.messages import JournalState, Wait
from blotter.ui.asking.attention import QUIET
from tests.ui.fake_desk import HandClock
from tests.ui.orders import a_row
from tests.ui.stage import blotter

LONG_AGO = QUIET + 0.1
FULL = "the journal in /x cannot be written: No space left on device"


def asked(state: CancelState) -> Row:
    clock = HandClock()
    ask = Ask("run-1", state, clock.ago(9), clock.ago(4))
    return a_row(0, row={"cancel": state, "cancel_at": ask.at, "asks": (ask,)})


async def test_c_on_an_unknown_outcome_asks_for_the_tag() -> None:
    async with blotter([asked(CancelState.UNKNOWN), a_row(1)]) as stage:
        await stage.press("c")
        await stage.sees("the cancel of 14:02:02Z has no answer", "type aa, then enter, to cancel all the same")
        await stage.settled()
        stage.clock.advance(LONG_AGO)
        await stage.press("a", "a", "enter")
        (request,) = stage.desk.cancels
        assert request.override == "the cancel of 14:02:02Z has no answer, its outcome is unknown"


async def test_c_while_the_journal_cannot_be_written_asks_for_the_tag_until_it_can() -> None:
    async with blotter([a_row(0)]) as stage:
        stage.desk.post(journal=JournalState(FULL))
        await stage.settled()
        await stage.press("c")
        await stage.sees("the journal cannot be written: this cancel goes out without a record")
        await stage.settled()
        stage.clock.advance(LONG_AGO)
        await stage.press("a", "a", "enter")
        assert [request.unaudited for request in stage.desk.cancels] == [FULL]
        stage.desk.post(journal=JournalState())
        await stage.settled()
        await stage.press("c")
        await stage.sees("y  cancel what is left")


async def test_the_wait_is_counted_down_and_c_stops_it() -> None:
    async with blotter([asked(CancelState.SENT), a_row(1)]) as stage:
        now = stage.clock.now()
        key = a_row(0).key
        stage.desk.post(waits=[Wait(key, Instant(now.utc, now.mono + 3))])
        await stage.sees("cancel sent again in 3 s, as the broker asked; c stops it")
        stage.clock.advance(1.5)
        await stage.sees("cancel sent again in 2 s")
        await stage.press("c")
        assert stage.desk.withheld == [key]
        assert "CANCEL aa?" not in stage.screen
        stage.desk.post(asked(CancelState.NOT_SENT), waits=[Wait(key, None)])
        await stage.no_longer_sees("cancel sent again")
