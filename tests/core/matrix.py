"""The reader of the conformance file: its steps, told to a book as the reports and cancel events they stand for.

The steps speak FIX; ids of requests and of orders share one namespace there, and a message may name an order by the
request it answers. What comes out is what our own feeds would say.
"""

from __future__ import annotations

import re
from decimal import Decimal

from blotter.core.book.asks import OPEN
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelAnswered, CancelSent, CancelState, Verdict
from blotter.core.book.report import Report, Source
from blotter.core.book.row import Row
from blotter.core.book.status import why_not_cancel
from blotter.core.instant import Instant
from blotter.core.order import OrderFields, OrderKey
from tests.core.matrix_file import Expected, Scenario, Step
from tests.core.moments import Ticking

ACCOUNT = "PAPER-77"


def status_of(word: str | None) -> str:
    """FIX's ``PartiallyFilled`` is the API's ``PARTIALLY_FILLED``."""
    if word == "AcceptedForBidding":
        return "ACCEPTED_FOR_BID"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word or "").upper()


class Reader:
    """Tells a book the steps of one scenario. ``row`` is the order's row at any time."""

    def __init__(self, scenario: Scenario) -> None:
        self.book = Book()
        self.clock = Ticking()
        self.scenario = scenario
        first = scenario.steps[0]
        self.root = OrderKey(ACCOUNT, first.get("origClOrdId") or first.get("clOrdId") or "X")
        self.intent = ""
        if scenario.given is not None:
            self._start(scenario.given)

    @property
    def row(self) -> Row:
        row = self.book.row(self.book.current(self.root))
        assert row is not None, f"{self.scenario.name}: the order is not in the book"
        return row

    def tell(self, step: Step) -> None:
        """Apply one step."""
        event: str = step["event"]
        now = self.clock.now()
        if event.startswith("EXEC_"):
            self.book.apply(self._execution(step, now))
        elif event.startswith("HTTP_"):
            self.book.answered(self._answer(step, now))
        else:
            {
                "NEW_ORDER": self._new_order,
                "CANCEL_REQUEST": self._request,
                "REPLACE_REQUEST": self._nothing,
                "OUT_OF_BAND": self._nothing,
                "CANCEL_REJECT": self._reject,
                "SNAPSHOT_ONE": self._read,
                "SNAPSHOT_OPEN_LIST_WITHOUT_ORDER": self._absent,
                "STREAM_LOST": self._lost,
                "CRASH_RESTART": self._restart,
                "HOLDOFF_ELAPSED_STILL_WORKING": self._given_up,
            }[event](step, now)

    def _start(self, given: Expected) -> None:
        state = CancelState(str(given.get("cancelState") or "none").replace("_", " "))
        settled = state in (CancelState.CONFIRMED, CancelState.MOOT)
        said = {**given, "orderQty": str(self.scenario.qty)}
        if settled:
            self._read({"ordStatus": "New", "cumQty": "0", "orderQty": said["orderQty"]}, self.clock.now())
        else:
            self._read(said, self.clock.now())
        if state != CancelState.NONE:
            self._ask("given", state)
        if settled:
            self._read(said, self.clock.now())

    def _ask(self, intent: str, state: CancelState) -> None:
        """Bring a request into ``state`` as it came there: by what was said of it."""
        self.intent = intent
        self.book.sent(CancelSent(self.row.key, intent, self.clock.now()))
        verdict = {
            CancelState.PENDING: Verdict.ACCEPTED,
            CancelState.REJECTED: Verdict.REFUSED,
            CancelState.UNKNOWN: Verdict.UNKNOWN,
            CancelState.UNCONFIRMED: Verdict.UNKNOWN,
            CancelState.NOT_SENT: Verdict.NOT_SENT,
        }.get(state)
        if verdict is None:
            return
        status = "PENDING_CANCEL" if verdict == Verdict.ACCEPTED else ""
        known = self.row.order.ord_status if verdict == Verdict.REFUSED else ""
        at = self.clock.now()
        self.book.answered(CancelAnswered(self.row.key, intent, verdict, at, status=status, ord_status=known))
        if state == CancelState.UNCONFIRMED:
            self.book.unconfirmed(self.row.key, intent, self.clock.now())

    def _execution(self, step: Step, now: Instant) -> Report:
        replaced = step["event"] == "EXEC_REPLACED"
        named, original = step["clOrdId"], step.get("origClOrdId")
        fields = _fields(step)
        if replaced and original:
            fields["orig_cl_ord_id"] = original
        return Report(
            ACCOUNT,
            named if replaced or not original else original,
            fields,
            Source.STREAM,
            now,
            exec_id=step.get("execId", ""),
            exec_type=step["event"].removeprefix("EXEC_"),
            exec_ref_id=step.get("execRefId", ""),
            last_qty=_number(step.get("lastQty")),
            last_px=_number(step.get("lastPx")),
            request_id=named if original and not replaced else "",
        )

    def _answer(self, step: Step, now: Instant) -> CancelAnswered:
        success = step.get("success")
        verdict = Verdict.UNKNOWN
        if step["event"] == "HTTP_NOT_SENT":
            verdict = Verdict.NOT_SENT
        elif step["event"] == "HTTP_REPLY" and step.get("idsMatch", True) and success is not None:
            verdict = Verdict.ACCEPTED if success else Verdict.REFUSED
        intent = step.get("clOrdId", self.intent)
        status = status_of(step.get("ordStatus"))
        return CancelAnswered(self.root, intent, verdict, now, status=status, text=step.get("text", ""))

    def _new_order(self, step: Step, now: Instant) -> None:
        self.book.apply(Report(ACCOUNT, step["clOrdId"], _fields(step), Source.STREAM, now))

    def _request(self, step: Step, now: Instant) -> None:
        self.intent = step["clOrdId"]
        self.book.sent(CancelSent(OrderKey(ACCOUNT, step["origClOrdId"]), self.intent, now))

    def _reject(self, step: Step, now: Instant) -> None:
        self.book.answered(
            CancelAnswered(
                OrderKey(ACCOUNT, step["origClOrdId"]),
                step["clOrdId"],
                Verdict.REFUSED,
                now,
                text=step.get("text", ""),
                reason=step.get("cxlRejReason"),
                to_replace=step.get("responseTo") == "replace",
                ord_status=status_of(step.get("ordStatus")),
            )
        )

    def _read(self, step: Step, now: Instant) -> None:
        key = self.book.current(self.root)
        received = self.clock.now()
        self.book.apply(Report(ACCOUNT, key.cl_ord_id, _fields(step), Source.LIST, received, requested=now))

    def _absent(self, step: Step, now: Instant) -> None:
        self.book.replace(ACCOUNT, (), now, self.clock.now())

    def _lost(self, step: Step, now: Instant) -> None:
        self.book.stale(ACCOUNT, now)

    def _given_up(self, step: Step, now: Instant) -> None:
        self.book.unconfirmed(self.root, self.intent, now)

    def _restart(self, step: Step, now: Instant) -> None:
        """A new process knows the order from its first list, and its requests from the journal."""
        before = self.row
        self.book = Book()
        fields: OrderFields = {
            "symbol": before.order.symbol,
            "qty": before.order.qty,
            "ord_status": before.order.ord_status,
            "cum_qty": before.order.cum_qty,
            "leaves_qty": before.order.leaves_qty,
            "avg_price": before.order.avg_price,
        }
        self.root = before.key
        read = Report(ACCOUNT, before.key.cl_ord_id, fields, Source.LIST, self.clock.now(), requested=now)
        self.book.apply(read)
        for ask in before.asks:
            open_still = ask.state in OPEN and ask.state != CancelState.PENDING
            self._ask(ask.intent, CancelState.UNKNOWN if open_still else ask.state)

    def _nothing(self, step: Step, now: Instant) -> None:
        """Nobody told us."""


def picture(row: Row, now: Instant) -> Expected:
    """The row in the words of the file."""
    order = row.order
    known = bool(order.ord_status)
    return {
        "ordStatus": order.ord_status,
        "cumQty": order.cum_qty,
        "leavesQty": order.leaves_qty if known else None,
        "avgPx": order.avg_price,
        "cancelState": row.cancel.value.replace(" ", "_"),
        "needsReconcile": row.needs_read,
        "canRequestCancel": why_not_cancel(row, now) is None,
    }


def wanted(expected: Expected, seen: Expected) -> Expected:
    """What the file expects, in our types; an average is as exact as the file writes it."""
    average = _number(expected["avgPx"])
    if average is not None and seen["avgPx"] is not None and seen["avgPx"].quantize(average) == average:
        average = seen["avgPx"]
    return {
        **{name: expected[name] for name in ("cancelState", "needsReconcile", "canRequestCancel")},
        "ordStatus": status_of(expected["ordStatus"]),
        "cumQty": _number(expected["cumQty"]),
        "leavesQty": _number(expected["leavesQty"]),
        "avgPx": average,
    }


def end_of(scenario: Scenario) -> Step:
    """A read of the true end of a scenario."""
    last = scenario.expected[-1]
    return {"event": "SNAPSHOT_ONE", **{name: last[name] for name in ("ordStatus", "cumQty", "leavesQty", "avgPx")}}


def _fields(step: Step) -> OrderFields:
    fields: OrderFields = {"symbol": "MSFT", "side": "BUY"}
    if step.get("ordStatus") is not None:
        fields["ord_status"] = status_of(step["ordStatus"])
    if (cum := _number(step.get("cumQty"))) is not None:
        fields["cum_qty"] = cum
    if (leaves := _number(step.get("leavesQty"))) is not None:
        fields["leaves_qty"] = leaves
    if (qty := _number(step.get("orderQty"))) is not None:
        fields["qty"] = qty
    if (average := _number(step.get("avgPx"))) is not None:
        fields["avg_price"] = average
    return fields


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
