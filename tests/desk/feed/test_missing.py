"""An order that a whole list lacks is looked for, and nothing is concluded where it is not found."""

from __future__ import annotations

from pathlib import Path

from tests.desk.desk_broker import DeskBroker, record, running_broker
from tests.desk.seat import Seat, seated


def vanish(broker: DeskBroker, seat: Seat, name: str) -> None:
    """The list lacks the order from now on, and is read."""
    lists = broker.history_calls

    async def gone() -> None:
        del broker.feed.orders["ACC-1"][name]

    broker.call(gone())
    seat.desk.relist()
    seat.until(lambda: broker.history_calls > lists)


def test_the_history_tells_what_became_of_it(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker, seated(broker, tmp_path) as seat:
        seat.live(2)
        broker.history["ORD-1"] = record("ORD-1", "EXPIRED", cum=40)

        vanish(broker, seat, "ORD-1")

        seat.until(lambda: seat.row("ORD-1").order.ord_status == "EXPIRED")
        assert not seat.row("ORD-1").needs_read
        assert seat.row("ORD-2").order.ord_status == "NEW"
        assert seat.told("Order EXPIRED; 40 of 100 filled").tag == seat.row("ORD-1").tag


def test_what_is_nowhere_stays_as_it_was_known_and_that_is_said_once(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker, seated(broker, tmp_path) as seat:
        seat.live(2)

        vanish(broker, seat, "ORD-1")

        said = seat.told("In neither the list nor the history: shown as last known (NEW)")
        assert said.tag == seat.row("ORD-1").tag
        row = seat.row("ORD-1")
        assert (row.order.ord_status, row.needs_read) == ("NEW", True)
        assert broker.cancels == []


def test_a_list_that_names_it_again_ends_the_doubt(tmp_path: Path) -> None:
    with running_broker("ORD-1", "ORD-2") as broker, seated(broker, tmp_path) as seat:
        seat.live(2)
        vanish(broker, seat, "ORD-1")
        seat.until(lambda: seat.row("ORD-1").needs_read)

        async def back() -> None:
            broker.feed.set("ORD-1")

        broker.call(back())
        seat.desk.relist()

        seat.until(lambda: not seat.row("ORD-1").needs_read)
        assert seat.row("ORD-1").order.ord_status == "NEW"
