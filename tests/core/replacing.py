"""Random lives of an order that is replaced again and again, with requests that are refused, and how news arrives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from blotter.core.book.report import Report, Source
from blotter.core.book.status import FINISHED
from blotter.core.order import OrderFields
from tests.core.moments import at
from tests.core.orders import ACCOUNT

STEPS = ("fill", "replace", "refused replace", "refused cancel", "end")


@dataclass(frozen=True)
class Chain:
    """``listed`` is what a list holds at the end, a record for each id; ``working`` the one of them that works."""

    reports: tuple[Report, ...]
    listed: dict[str, OrderFields]
    working: str | None
    end: float


class _Broker:
    """Gives every request an id of its own, and keeps the last record of each id."""

    def __init__(self) -> None:
        self.listed: dict[str, OrderFields] = {}
        self.events: list[tuple[str, OrderFields]] = []
        self.id, self.ord_id, self.original = "o0", "B-o0", ""
        self.qty, self.cum = 10, 0
        self.say("NEW")

    def say(self, status: str, name: str = "", ord_id: str | None = None) -> None:
        """The order's own record, or that of a request about it which is called ``name``."""
        ended = status in FINISHED
        fields: OrderFields = {
            "symbol": "AAPL",
            "qty": Decimal(self.qty),
            "ord_status": status,
            "cum_qty": Decimal(0 if name else self.cum),
            "leaves_qty": Decimal(0 if ended else self.qty - (0 if name else self.cum)),
            "ord_id": self.ord_id if ord_id is None else ord_id,
        }
        if original := self.id if name else self.original:
            fields["orig_cl_ord_id"] = original
        self.listed[name or self.id] = fields
        self.events.append((name or self.id, fields))

    @property
    def resting(self) -> str:
        return "PARTIALLY_FILLED" if self.cum else "NEW"


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """A life, its events each 0 to 2 times and late, and the list that ends it."""
    broker = _Broker()
    working: str | None = broker.id
    for number, step in enumerate(draw(st.lists(st.sampled_from(STEPS), max_size=8)), start=1):
        name = f"o{number}"
        if step == "fill":
            broker.cum = min(broker.qty, broker.cum + draw(st.integers(1, 4)))
            broker.say("FILLED" if broker.cum == broker.qty else "PARTIALLY_FILLED")
        elif step == "end":
            broker.say(draw(st.sampled_from(["CANCELED", "EXPIRED"])))
        elif step == "refused cancel":
            broker.say("REJECTED", name, ord_id="")
        else:
            ord_id = draw(st.sampled_from(["", broker.ord_id, f"B-{name}"]))
            for pending in draw(st.lists(st.sampled_from(["PENDING_NEW", "PENDING_REPLACE"]), max_size=1)):
                broker.say(pending, name, ord_id)
            if step == "refused replace":
                broker.say("REJECTED", name, ord_id)
            else:
                broker.say("REPLACED")
                broker.original, broker.id, broker.ord_id = broker.id, name, ord_id or broker.ord_id
                broker.qty = max(broker.cum + 1, broker.qty + draw(st.integers(-3, 3)))
                broker.say(broker.resting)
        working = None if broker.listed[broker.id]["ord_status"] in FINISHED else broker.id
        if working is None:
            break
    reports = [
        Report(ACCOUNT, name, fields, Source.STREAM, at(second + delay))
        for second, (name, fields) in enumerate(broker.events)
        for delay in draw(st.lists(st.sampled_from([0.0, 0.0, 0.5, 2.5]), max_size=2))
    ]
    in_order = tuple(sorted(reports, key=lambda report: report.received.mono))
    return Chain(in_order, broker.listed, working, len(broker.events) + 4.0)
