"""The broker of a conformance scenario: what its steps say, said in this API.

What FIX says and this API cannot (a reject's reason, an id of an execution, a bust) is left to what the API has: the
order's record. A reject answers the request if that is still open, else it comes as a record of its own. The broker
reads true: whatever the scenario expects of the order after a step is what a list says then.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from blotter.core.book.status import FINISHED
from tests.broker.http_server import Request, answer, cut_off
from tests.core.matrix import status_of
from tests.core.matrix_file import Expected, Scenario, Step
from tests.desk.cancels.held_lists import HeldLists
from tests.desk.desk_broker import DeskBroker, record, says
from tests.desk.feed.broker import Json, until

BYSTANDER = "BYSTANDER"
"""Another order. A stream is heard in order: once news of it is on the screen, all that was said before was heard."""

RESET = b""
BUSY = answer({"error": "too many", "codes": [], "metadata": {}}, 429)


class MatrixBroker:
    """``name`` is the order's newest id; ``open_posts`` are the cancels that came and are not answered yet."""

    def __init__(self, scenario: Scenario, broker: DeskBroker) -> None:
        self.desk_broker = broker
        first = scenario.steps[0]
        self.name: str = first.get("origClOrdId") or first.get("clOrdId") or "X"
        self.open_posts = 0
        self.said = 0
        """So many events went over the stream; the bystander's filled quantity says how many were heard."""
        self._qty = scenario.qty
        self._told: Expected = {"ordStatus": "New", "cumQty": "0", "leavesQty": str(scenario.qty), "avgPx": None}
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._lists = HeldLists(broker)
        broker.on_list = self._lists.script
        broker.on_cancel = [self._held]

    @property
    def posts(self) -> int:
        return len(self.desk_broker.cancels)

    def place(self) -> None:
        """The order that no message has told of yet."""
        self.desk_broker.tell(self.name, "PENDING_NEW", qty=str(self._qty), leavesQty=str(self._qty))

    def truth(self, said: Expected) -> None:
        """From here on a list says this of the order."""
        self._told = said
        self._forget()
        self.desk_broker.feed.set(self.name, **self._fields(said, said))

    def hold(self, *, closed: bool) -> None:
        """Whether list calls wait."""
        self.desk_broker.call(self._lists.let_through(0 if closed else None))

    def execution(self, step: Step, expected: Expected | None) -> None:
        self._qty = Decimal(step.get("orderQty") or self._qty)
        fields = self._fields(step, expected)
        if step["event"] == "EXEC_REPLACED":
            fields["origClOrdId"], self.name = step.get("origClOrdId"), step["clOrdId"]
            if expected is not None:
                self.truth(expected)
        self._say(record(self.name, **fields))

    def reject(self, step: Step, expected: Expected | None) -> None:
        if step.get("responseTo") == "replace":
            self.execution({"event": "EXEC_STATUS", "ordStatus": (expected or self._told)["ordStatus"]}, expected)
        elif self.open_posts:
            self.answer(says(False, "", step.get("text", ""), self.name))
        else:
            name, text = f"C-{self.name}", step.get("text", "")
            self._say(record(name, "REJECTED", ordId="", origClOrdId=self.name, text=text))

    def reply(self, step: Step) -> None:
        """What becomes of the oldest open request over HTTP; nothing, where all were answered."""
        if not self.open_posts:
            return
        success = step.get("success")
        if step["event"] == "HTTP_NOT_SENT":
            self.answer(BUSY)
        elif step["event"] == "HTTP_NO_ANSWER" or success is None:
            self.answer(RESET)
        else:
            orig = self.name if step.get("idsMatch", True) else "SOMEBODY-ELSES"
            self.answer(says(success, status_of(step.get("ordStatus")), step.get("text", ""), orig))

    def listed(self, step: Step) -> None:
        """What the next lists say, which a few calls get."""
        if step["event"] == "SNAPSHOT_OPEN_LIST_WITHOUT_ORDER":
            self._forget()
        else:
            self.truth({**self._told, **{name: value for name, value in step.items() if value is not None}})
        self.desk_broker.call(self._lists.let_through(3))

    def lose_the_stream(self) -> None:
        self.desk_broker.call(self._drop())

    def answer(self, data: bytes) -> None:
        self.open_posts -= 1
        self.desk_broker.call(self._answers.put(data))

    def answer_all(self) -> None:
        for _ in range(self.open_posts):
            self.answer(says(True, "PENDING_CANCEL", orig=self.name))

    def _fields(self, said: Step, average: Expected | None) -> dict[str, Any]:
        known = self._told
        status = status_of(said.get("ordStatus") or known["ordStatus"])
        cum = said.get("cumQty") or known.get("cumQty") or "0"
        leaves = said.get("leavesQty") or ("0" if status in FINISHED else str(self._qty - Decimal(cum)))
        price = (average or known).get("avgPx") or ""
        return {"status": status, "cumQty": cum, "leavesQty": leaves, "qty": str(self._qty), "avgPrice": price}

    def _say(self, event: Json) -> None:
        self.desk_broker.call(self.desk_broker.feed.event("ACC-1", event))
        self.said += 1
        rest = {"qty": "1000", "leavesQty": str(1000 - self.said)}
        self.desk_broker.tell(BYSTANDER, "PARTIALLY_FILLED", cum=self.said, **rest)

    def _forget(self) -> None:
        """The order is in no list."""
        listed = self.desk_broker.feed.orders.get("ACC-1", {})
        self.desk_broker.feed.orders["ACC-1"] = {name: said for name, said in listed.items() if name == BYSTANDER}

    async def _held(self, _: Request, writer: asyncio.StreamWriter) -> None:
        data = await self._answers.get()
        if data == RESET:
            cut_off(writer)
        else:
            writer.write(data)

    async def _drop(self) -> None:
        self.desk_broker.feed.drop()
        await until(lambda: not self.desk_broker.feed.streams)
