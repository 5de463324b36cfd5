"""Random lives of one order at a broker, and how news of them arrives: late, doubled, lost, over two channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from blotter.core.book.report import Report, Source
from blotter.core.order import OrderFields
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT

QTY = 10
ENDS = ("CANCELED", "EXPIRED")
PAUSES = ("PENDING_CANCEL", "PENDING_REPLACE", "SUSPENDED", "DONE_FOR_DAY")


@dataclass(frozen=True)
class History:
    """``states`` are the order at the broker after each whole second; ``reports`` come as they were received."""

    states: tuple[OrderFields, ...]
    reports: tuple[Report, ...]

    def state(self, seconds: float) -> OrderFields:
        """What the broker would have said at that moment."""
        return self.states[min(int(seconds), len(self.states) - 1)]

    @property
    def end(self) -> float:
        """A moment when everything has arrived."""
        return max((report.received.mono - at(0).mono for report in self.reports), default=0.0) + 1


@st.composite
def lives(draw: st.DrawFn, stamped: bool) -> tuple[OrderFields, ...]:
    """The states of an order that fills, pauses, resumes, and perhaps ends."""
    cum, pause = 0, ""
    states = [_state("NEW", 0, 0, stamped)]
    for step in draw(st.lists(st.sampled_from(["fill", "fill", "pause", "resume", "end"]), max_size=12)):
        second = len(states)
        if step == "end":
            states.append(_state(draw(st.sampled_from(ENDS)), cum, second, stamped))
            break
        if step == "fill":
            cum += draw(st.integers(1, QTY - cum))
        else:
            pause = draw(st.sampled_from(PAUSES)) if step == "pause" else ""
        if cum == QTY:
            states.append(_state("FILLED", cum, second, stamped))
            break
        states.append(_state(pause or ("PARTIALLY_FILLED" if cum else "NEW"), cum, second, stamped))
    return tuple(states)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A life, and reports of it: each event 0 to 2 times on either channel, with lists read in between."""
    stamped = draw(st.booleans())
    states = draw(lives(stamped))
    reports = []
    for second, state in enumerate(states):
        for delay in draw(st.lists(st.floats(0, 5), max_size=2)):
            reports.append(Report(ACCOUNT, "X", state, Source.STREAM, at(second + delay)))
    for _ in range(draw(st.integers(0, 3))):
        asked = draw(st.floats(0, len(states) + 2))
        looked = asked + draw(st.floats(0, 3))
        received = looked + draw(st.floats(0, 3))
        state = states[min(int(looked), len(states) - 1)]
        reports.append(Report(ACCOUNT, "X", state, Source.LIST, at(received), requested=at(asked)))
    return History(states, tuple(sorted(reports, key=lambda report: report.received.mono)))


def _state(status: str, cum: int, second: int, stamped: bool) -> OrderFields:
    finished = status in ENDS or status == "FILLED"
    state: OrderFields = {
        "symbol": "AAPL",
        "ord_id": "B-1",
        "qty": Decimal(QTY),
        "ord_status": status,
        "cum_qty": Decimal(cum),
        "leaves_qty": Decimal(0 if finished else QTY - cum),
        "avg_price": Decimal(cum and 100 + cum),
    }
    if stamped:
        state["updated_at"] = START + timedelta(seconds=second)
    return state
