"""Plays a scenario of the conformance file to a whole desk: its own keys, a broker's answers over HTTP, its stream.

Where the scenario wants the order to be read later, lists are held up until then. What the desk turns down never
leaves, so nobody answers it: those messages of a scenario are left out, and the row must show no request for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from blotter.core.asking.override import why_tag
from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.book.status import FINISHED, OrdStatus, why_not_cancel
from blotter.core.order import OrderKey
from tests.core.matrix import picture, status_of, wanted
from tests.core.matrix_file import Expected, Scenario, Step
from tests.desk.cancels.matrix_broker import BUSY, BYSTANDER, RESET, MatrixBroker
from tests.desk.desk_broker import DeskBroker, running_broker, says
from tests.desk.seat import QUICK, Seat, seated

PATIENCE = replace(QUICK, reads=(0.05,) * 8, pending=(30.0,), long_pending=30.0)
BUSTS = ("EXEC_TRADE_CANCEL", "EXEC_TRADE_CORRECT")
"""This API has no word for them: quantities that fall are believed only when they are read."""


class Player:
    """``row`` is what the screen would show."""

    def __init__(self, scenario: Scenario, broker: DeskBroker, folder: Path, stack: ExitStack) -> None:
        self._scenario = scenario
        self._folder = folder
        self._stack = stack
        self._turned_down: set[str] = set()
        self.broker = MatrixBroker(scenario, broker)
        if scenario.given is not None:
            self.broker.truth(_before_the_request(scenario.given))
        self.seat: Seat = self._sit()
        if scenario.given is not None:
            self._bring_to(str(scenario.given.get("cancelState") or "none"))
            self.broker.truth(scenario.given)

    @property
    def row(self) -> Row | None:
        """Of the order, under its newest name."""
        self.seat.look()
        return next(_named(self.broker.name, self.seat.rows), None)

    def play(self, step: Step, expected: Expected | None) -> None:
        """One step. ``expected`` is what must be so after it, ``None`` where the steps are out of order."""
        event: str = step["event"]
        if event == "CANCEL_REJECT" and step["clOrdId"] in self._turned_down:
            return
        if expected is not None and expected["ordStatus"] is not None and event != "SNAPSHOT_OPEN_LIST_WITHOUT_ORDER":
            self.broker.truth(expected)
        # Where a reject has news of its order, only a read can tell it here.
        told_by_reading = event == "CANCEL_REJECT" and not self._shows(expected)
        self.broker.hold(closed=bool(expected and expected["needsReconcile"]) and not told_by_reading)
        if event.startswith("EXEC_"):
            self._execution(step, expected)
        elif event == "CANCEL_REQUEST":
            self._press(step["clOrdId"])
        elif event == "CANCEL_REJECT":
            self.broker.reject(step, expected)
            self._hears(expected)
        elif event.startswith("HTTP_"):
            self.broker.reply(step)
        elif event.startswith("SNAPSHOT_"):
            self.broker.listed(step)
            self.seat.desk.relist()
        elif event == "STREAM_LOST":
            self.broker.lose_the_stream()
        elif event == "CRASH_RESTART":
            self._restart()
            self.broker.hold(closed=bool(expected and expected["needsReconcile"]))

    def _shows(self, expected: Expected | None) -> bool:
        row = self.row
        return bool(row and expected and row.order.ord_status == status_of(expected["ordStatus"]))

    def agrees(self, expected: Expected) -> bool:
        """Whether the row is as expected, in all that the scenario says of it."""
        row = self.row
        if row is None or expected["ordStatus"] is None:
            return expected["ordStatus"] is None
        seen = picture(row, self.seat.now())
        want = wanted(expected, seen)
        if self._turned_down and not self.broker.posts:
            want["cancelState"] = "none"
        return all(seen[name] == want[name] for name in want if name != "avgPx" or want["avgPx"])

    def settles(self, expected: Expected) -> None:
        """Wait until the row is as expected."""
        try:
            self.seat.until(lambda: self.agrees(expected), 3.0)
        except AssertionError as late:
            row = self.row
            seen = picture(row, self.seat.now()) if row else None
            raise AssertionError(f"wanted {expected}, is {seen}; {late}") from None

    def finish(self) -> None:
        """Everything is let go, and the broker tells the end as it is."""
        last = self._scenario.expected[-1]
        if last["ordStatus"] is None:
            return
        self.broker.truth(last)
        self.broker.hold(closed=False)
        self.broker.answer_all()
        self.seat.until(lambda: self.row and self.row.cancel is not CancelState.SENT)
        self.seat.desk.relist()
        self.seat.until(self._is_at_its_end)

    def _is_at_its_end(self) -> bool:
        last, row = self._scenario.expected[-1], self.row
        if row is None:
            return False
        seen = picture(row, self.seat.now())
        want = wanted(last, seen)
        return all(seen[name] == want[name] for name in ("ordStatus", "cumQty", "leavesQty"))

    def holds(self) -> None:
        """What is true of a row at any time."""
        row = self.row
        if row is None:
            return
        finished = row.order.ord_status in FINISHED
        assert not finished or row.order.leaves_qty == 0
        assert finished or row.cancel.value != "confirmed"
        assert row.order.cum_qty <= row.order.qty or row.needs_read
        assert not (finished and why_not_cancel(row, self.seat.now()) is None)

    def _sit(self) -> Seat:
        broker = self.broker.desk_broker
        seat = self._stack.enter_context(
            seated(broker, self._folder, relist_every=60.0, patience=PATIENCE, timeout=30.0)
        )
        seat.until(lambda: seat.links and all(link.phase.value == "OK" for link in seat.links.values()))
        if broker.feed.orders.get("ACC-1"):
            seat.live()
        return seat

    def _bring_to(self, state: str) -> None:
        """A scenario that begins with a request of ours begins where that request came to."""
        if state == "none":
            return
        self._press("given")
        self.broker.hold(closed=state == "unknown")
        if state in ("unknown", "unconfirmed"):
            self.broker.answer(RESET)
        elif state == "not_sent":
            self.broker.answer(BUSY)
        elif state != "sent":
            status = "PENDING_CANCEL" if state == "pending" else ""
            self.broker.answer(says(state != "rejected", status, orig=self.broker.name))
        self.seat.until(lambda: self.row is not None and self.row.cancel.value.replace(" ", "_") == state)

    def _execution(self, step: Step, expected: Expected | None) -> None:
        self.broker.execution(step, expected)
        self._hears(expected)
        if step["event"] in BUSTS and expected is not None:
            self.seat.until(lambda: self.row and self.row.needs_read)
            self.seat.desk.relist()

    def _hears(self, expected: Expected | None) -> None:
        """Wait until everything that was said on the stream was heard. Out of order, nothing waits for anything."""
        if expected is not None and self.broker.said:
            self.seat.until(lambda: self._heard(self.broker.said))

    def _heard(self, count: int) -> bool:
        return any(row.order.cum_qty == count for row in _named(BYSTANDER, self.seat.rows))

    def _press(self, request: str) -> None:
        if self.row is None:
            self.broker.place()
            self.seat.until(lambda: self.row is not None)
        if not self.broker.open_posts:
            # Every request was answered: a press must not be judged by a row that has not heard of it yet.
            self.seat.until(lambda: self.row is not None and self.row.cancel is not CancelState.SENT)
        row = self.seat.row(self.broker.name)
        before, now = self.broker.posts, self.seat.now()
        plain, reason = why_not_cancel(row, now) is None, why_tag(row, now)
        if plain:
            self.seat.yes(self.broker.name)
        else:
            self.seat.yes_by_tag(reason or "whatever", self.broker.name)
        if not plain and reason is None:
            # No key sends a cancel of a finished order, nor a second one beside one that is on the wire or just taken.
            self._turned_down.add(request)
            self.seat.told("Not sent: ")
            assert self.broker.posts == before
            return
        self.seat.until(lambda: self.broker.posts > before)
        self.broker.open_posts += 1

    def _restart(self) -> None:
        """No end of the process, but the nearest to it that leaves the test alive: no grace at all."""
        self.seat.desk.stop("crash", 0.0)
        assert self.seat.desk.done.wait(5)
        self.broker.open_posts = 0
        self.broker.hold(closed=False)
        self.seat = self._sit()


def _before_the_request(given: Expected) -> Expected:
    """An order that is pending because of our request was not before it."""
    if given.get("cancelState") != "pending" or status_of(given["ordStatus"]) != OrdStatus.PENDING_CANCEL:
        return given
    return {**given, "ordStatus": "PartiallyFilled" if float(given["cumQty"] or 0) else "New"}


def _named(name: str, rows: Mapping[OrderKey, Row]) -> Iterator[Row]:
    return (row for row in tuple(rows.values()) if row.key.cl_ord_id == name)


@contextmanager
def player(scenario: Scenario, folder: Path) -> Iterator[Player]:
    with running_broker() as broker, ExitStack() as stack:
        made = Player(scenario, broker, folder, stack)
        yield made
        made.broker.answer_all()


def through(played: Player, steps: Sequence[Step]) -> None:
    """Steps in any order: nothing breaks, and what must always hold does."""
    for step in steps:
        played.play(step, None)
        played.seat.look()
        played.holds()
