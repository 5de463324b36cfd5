"""Plays a scenario of the conformance file to a whole desk: its own keys, a broker's answers over HTTP, its stream.

What FIX says and this API cannot (a reject's reason, an id of an execution, a bust) is left to what the API has: the
order's record. A reject answers the request if that is still open, else it comes as a record of its own. The broker
reads true: whatever the scenario expects of the order after a step is what a list says then. Where the scenario wants
the order to be read later, its lists are held up until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from blotter.core.cancel import CancelState
from blotter.core.override import why_tag
from blotter.core.row import Row
from blotter.core.status import FINISHED, why_not_cancel
from tests.broker.http_server import Request, answer, cut_off
from tests.core.matrix import Expected, Scenario, Step, picture, status_of, wanted
from tests.desk.desk_broker import DeskBroker, record, running_broker, says
from tests.desk.seat import QUICK, Seat, seated

PATIENCE = replace(QUICK, reads=(0.05,) * 8, pending=(30.0,), long_pending=30.0)
RESET = b""
BUSTS = ("EXEC_TRADE_CANCEL", "EXEC_TRADE_CORRECT")
"""This API has no word for them: quantities that fall are believed only when they are read."""

BUSY = answer({"error": "too many", "codes": [], "metadata": {}}, 429)


class Lists:
    """Holds list calls up until they are let through, all of them or a few. Lives in the broker's loop."""

    def __init__(self, broker: DeskBroker) -> None:
        self._broker = broker
        self._waiting: list[asyncio.Event] = []
        self._let_through: int | None = None
        """How many more; ``None`` is all."""

    async def script(self, _: Request, writer: asyncio.StreamWriter) -> None:
        if self._let_through == 0:
            self._waiting.append(turn := asyncio.Event())
            await turn.wait()
        elif self._let_through:
            self._let_through -= 1
        writer.write(answer(self._broker.feed._page("ACC-1", 0, 500)))

    def let_through(self, count: int | None) -> None:
        now, self._waiting = self._waiting[:count], self._waiting[count:] if count is not None else []
        for turn in now:
            turn.set()
        self._let_through = None if count is None else count - len(now)


class Player:
    """``row`` is what the screen would show. ``declined`` is set once the desk itself turned a wish down."""

    def __init__(self, scenario: Scenario, broker: DeskBroker, folder: Path, stack: ExitStack) -> None:
        self._scenario = scenario
        self._broker = broker
        self._folder = folder
        self._stack = stack
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._open_posts = 0
        self.declined = False
        first = scenario.steps[0]
        self._name: str = first.get("origClOrdId") or first.get("clOrdId") or "X"
        self._lists = Lists(broker)
        self._told: Expected = {"ordStatus": "New", "cumQty": "0", "leavesQty": str(scenario.qty), "avgPx": None}
        broker.on_list = self._lists.script
        broker.on_cancel = [self._held]
        if scenario.given is not None:
            self._truth(scenario.given)
        self.seat: Seat = self._sit()
        if scenario.given is not None:
            self._bring_to(str(scenario.given.get("cancelState") or "none"))

    @property
    def row(self) -> Row | None:
        """Of the order, under its newest name."""
        self.seat.look()
        rows = [row for row in self.seat.rows.values() if row.key.cl_ord_id == self._name]
        return rows[0] if rows else None

    def play(self, step: Step, expected: Expected | None) -> None:
        """One step. ``expected`` is what must be so after it, ``None`` where the steps are out of order."""
        event: str = step["event"]
        if expected is not None and expected["ordStatus"] is not None and event != "SNAPSHOT_OPEN_LIST_WITHOUT_ORDER":
            self._truth(expected)
        # What a reject says of its order, only a read can tell here.
        self._hold(closed=bool(expected and expected["needsReconcile"]) and event != "CANCEL_REJECT")
        if event.startswith("EXEC_"):
            self._execution(step, expected)
        elif event == "CANCEL_REQUEST":
            self._press()
        elif event == "CANCEL_REJECT":
            self._reject(step, expected)
        elif event.startswith("HTTP_"):
            self._reply(step)
        elif event.startswith("SNAPSHOT_"):
            self._read(step)
        elif event == "STREAM_LOST":
            self._broker.call(_now(self._broker.feed.drop))
        elif event == "CRASH_RESTART":
            self._restart()
            self._hold(closed=bool(expected and expected["needsReconcile"]))

    def agrees(self, expected: Expected, *, exactly: bool) -> bool:
        """Whether the row is as expected; ``exactly`` in what is to be read and may be asked, too."""
        row = self.row
        if row is None or expected["ordStatus"] is None:
            return expected["ordStatus"] is None
        seen = picture(row, self.seat.now())
        want = wanted(expected, seen)
        names = ["ordStatus", "cumQty", "leavesQty", "cancelState"]
        names += ["needsReconcile", "canRequestCancel"] if exactly else []
        names += ["avgPx"] if want["avgPx"] else []
        return all(seen[name] == want[name] for name in names)

    def settles(self, expected: Expected, *, exactly: bool) -> None:
        """Wait until the row is as expected."""
        try:
            self.seat.until(lambda: self.agrees(expected, exactly=exactly), 3.0)
        except AssertionError as late:
            row = self.row
            seen = picture(row, self.seat.now()) if row else None
            raise AssertionError(f"wanted {expected}, is {seen}; {late}") from None

    def finish(self) -> None:
        """Everything is let go, and the broker tells the end as it is."""
        last = self._scenario.expected[-1]
        if last["ordStatus"] is None:
            return
        self._truth(last)
        self._hold(closed=False)
        for _ in range(self._open_posts):
            self._answer(says(True, "PENDING_CANCEL", orig=self._name))
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
        seat = self._stack.enter_context(
            seated(self._broker, self._folder, relist_every=60.0, patience=PATIENCE, timeout=30.0)
        )
        seat.until(lambda: seat.links and all(link.phase.value == "OK" for link in seat.links.values()))
        if self._broker.feed.orders.get("ACC-1"):
            seat.live()
        return seat

    def _bring_to(self, state: str) -> None:
        """A scenario that begins with a request of ours begins where that request came to."""
        if state == "none":
            return
        self._press()
        self._hold(closed=state == "unknown")
        if state in ("unknown", "unconfirmed"):
            self._answer(RESET)
        elif state != "sent":
            self._answer(says(state != "rejected", "PENDING_CANCEL" if state == "pending" else "", orig=self._name))
        self.seat.until(lambda: self.row is not None and self.row.cancel.value.replace(" ", "_") == state)

    def _truth(self, said: Expected) -> None:
        self._told = said
        self._broker.feed.orders["ACC-1"] = {}
        self._broker.feed.set(self._name, **self._fields(said, said))

    def _fields(self, said: Step, average: Expected | None) -> dict[str, Any]:
        known = self._told
        status = status_of(said.get("ordStatus") or known["ordStatus"])
        cum = said.get("cumQty") or known.get("cumQty") or "0"
        qty = Decimal(said.get("orderQty") or self._scenario.qty)
        leaves = said.get("leavesQty") or ("0" if status in FINISHED else str(qty - Decimal(cum)))
        price = (average or known).get("avgPx") or ""
        return {"status": status, "cumQty": cum, "leavesQty": leaves, "qty": str(qty), "avgPrice": price}

    def _execution(self, step: Step, expected: Expected | None) -> None:
        fields = self._fields(step, expected)
        if step["event"] == "EXEC_REPLACED":
            fields["origClOrdId"], self._name = step.get("origClOrdId"), step["clOrdId"]
            if expected is not None:
                self._truth(expected)
        self._broker.call(self._broker.feed.event("ACC-1", record(self._name, **fields)))
        if step["event"] in BUSTS and expected is not None:
            self.seat.until(lambda: self.row and self.row.needs_read)
            self.seat.desk.relist()

    def _press(self) -> None:
        row = self.row
        if row is None:
            self._broker.tell(self._name, "PENDING_NEW", qty=str(self._scenario.qty), leavesQty=str(self._scenario.qty))
            self.seat.until(lambda: self.row is not None)
            row = self.row
        assert row is not None
        if not self._open_posts:
            # Every request was answered: a press must not be judged by a row that has not heard of it yet.
            self.seat.until(lambda: self.row is not None and self.row.cancel is not CancelState.SENT)
            row = self.seat.row(self._name)
        before, now = len(self._broker.cancels), self.seat.now()
        plain, reason = why_not_cancel(row, now) is None, why_tag(row, now)
        if plain:
            self.seat.yes(self._name)
        else:
            self.seat.yes_by_tag(reason or "whatever", self._name)
        if not plain and reason is None:
            self.declined = True
            self.seat.told("Not sent: ")
            assert len(self._broker.cancels) == before
            return
        self.seat.until(lambda: len(self._broker.cancels) > before)
        self._open_posts += 1

    async def _held(self, _: Request, writer: asyncio.StreamWriter) -> None:
        data = await self._answers.get()
        if data == RESET:
            cut_off(writer)
        else:
            writer.write(data)

    def _answer(self, data: bytes) -> None:
        self._open_posts -= 1
        self._broker.call(self._answers.put(data))

    def _reply(self, step: Step) -> None:
        if not self._open_posts:
            return
        success = step.get("success")
        if step["event"] == "HTTP_NOT_SENT":
            self._answer(BUSY)
        elif step["event"] == "HTTP_NO_ANSWER" or success is None:
            self._answer(RESET)
        else:
            orig = self._name if step.get("idsMatch", True) else "SOMEBODY-ELSES"
            self._answer(says(success, status_of(step.get("ordStatus")), step.get("text", ""), orig))

    def _reject(self, step: Step, expected: Expected | None) -> None:
        if step.get("responseTo") == "replace":
            self._execution({"event": "EXEC_STATUS", "ordStatus": (expected or self._told)["ordStatus"]}, expected)
        elif self._open_posts:
            self._answer(says(False, "", step.get("text", ""), self._name))
        else:
            said = record(f"C-{self._name}", "REJECTED", ordId="", origClOrdId=self._name, text=step.get("text", ""))
            self._broker.call(self._broker.feed.event("ACC-1", said))

    def _read(self, step: Step) -> None:
        if step["event"] == "SNAPSHOT_OPEN_LIST_WITHOUT_ORDER":
            self._broker.feed.orders["ACC-1"] = {}
        else:
            self._truth({**self._told, **{name: value for name, value in step.items() if value is not None}})
        self._broker.call(_now(lambda: self._lists.let_through(3)))
        self.seat.desk.relist()

    def _hold(self, *, closed: bool) -> None:
        self._broker.call(_now(lambda: self._lists.let_through(0 if closed else None)))

    def _restart(self) -> None:
        """No end of the process, but the nearest to it that leaves the test alive: no grace at all."""
        self.seat.desk.stop("crash", 0.0)
        assert self.seat.desk.done.wait(5)
        self._open_posts = 0
        self._hold(closed=False)
        self.seat = self._sit()


@contextmanager
def player(scenario: Scenario, folder: Path) -> Iterator[Player]:
    with running_broker() as broker, ExitStack() as stack:
        made = Player(scenario, broker, folder, stack)
        yield made
        for _ in range(made._open_posts):
            made._answer(says(True, "PENDING_CANCEL", orig=made._name))


def through(played: Player, steps: Sequence[Step]) -> None:
    """Steps in any order: nothing breaks, and what must always hold does."""
    for step in steps:
        played.play(step, None)
        played.seat.look()
        played.holds()


async def _now(action: Any) -> None:
    action()
