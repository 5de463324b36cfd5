"""A cancel was taken, refused later, and the refusal's own record never came: lists are all that is left to say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from blotter.core.book.cancel import CancelState
from blotter.core.notice import Severity
from tests.desk.desk_broker import first, running_broker, taken
from tests.desk.seat import QUICK, seated

IMPATIENT = replace(QUICK, pending=(0.2, 0.2))


def test_a_cancel_that_is_not_pending_any_more_does_not_stay_pending_on_the_screen(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, patience=IMPATIENT) as seat:
        broker.on_cancel = [first(lambda: broker.feed.set("ORD-1", "PENDING_CANCEL"), taken())]
        seat.live()
        seat.yes()
        seat.told("can still fill; asking the broker")
        assert seat.row().cancel is CancelState.PENDING

        broker.feed.set("ORD-1", "NEW")
        seat.becomes(CancelState.UNCONFIRMED)
        assert seat.told("it was taken and is not pending any more").severity is Severity.ALERT
        seat.until(lambda: (seat.outcome()["outcome"], seat.outcome()["final"]) == ("unconfirmed", False))

        broker.tell("ORD-1", "CANCELED")
        seat.becomes(CancelState.CONFIRMED)
        seat.until(lambda: seat.outcome()["outcome"] == "canceled")


def test_a_cancel_that_is_pending_in_every_read_stays_pending(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path, patience=IMPATIENT) as seat:
        broker.on_cancel = [first(lambda: broker.feed.set("ORD-1", "PENDING_CANCEL"), taken())]
        seat.live()
        seat.yes()
        seat.becomes(CancelState.PENDING)
        # An order that works is looked for in the history, too.
        reads = broker.history_calls
        seat.until(lambda: broker.history_calls > reads + 5)
        assert seat.row().cancel is CancelState.PENDING
        assert not [text for text in seat.texts if "unconfirmed" in text]
