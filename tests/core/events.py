"""Anything that can happen to one order and its cancels, in any order, for properties."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import cast

from hypothesis import strategies as st

from blotter.core.book.answers import RequestRefused
from blotter.core.book.cancel import CancelAnswered, CancelSent, Verdict
from blotter.core.book.lifecycle import Doubted, Event, Unconfirmed
from blotter.core.book.report import Report, Source
from blotter.core.book.status import OrdStatus
from blotter.core.order import OrderFields
from tests.core.moments import START, at
from tests.core.orders import ACCOUNT, KEY

QUANTITIES = st.integers(0, 12).map(Decimal)
STATUSES = st.sampled_from([*OrdStatus, "BEWITCHED", ""])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "ord_status": STATUSES,
        "cum_qty": QUANTITIES,
        "leaves_qty": QUANTITIES,
        "qty": QUANTITIES,
        "avg_price": QUANTITIES | st.none(),
        "symbol": st.sampled_from(["AAPL", ""]),
        "text": st.text(max_size=3),
        "updated_at": st.integers(0, 20).map(lambda second: START + timedelta(seconds=second)),
    },
).map(lambda fields: cast(OrderFields, fields))
INTENTS = st.sampled_from(["one", "two"])
MOMENTS = st.integers(0, 20).map(at)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    received = draw(MOMENTS)
    asked = draw(st.none() | MOMENTS.filter(lambda moment: moment.mono <= received.mono))
    return Report(
        ACCOUNT,
        "X",
        draw(FIELDS),
        Source.STREAM if asked is None else Source.LIST,
        received,
        requested=asked,
        exec_id=draw(st.sampled_from(["", "", "e1", "e2"])),
        exec_type=draw(st.sampled_from(["", "TRADE", "TRADE_CANCEL", "TRADE_CORRECT"])),
        exec_ref_id=draw(st.sampled_from(["", "e1"])),
        last_qty=draw(QUANTITIES | st.none()),
        last_px=draw(QUANTITIES | st.none()),
        request_id=draw(st.sampled_from(["", "one", "other"])),
    )


ANSWERS = st.builds(
    CancelAnswered,
    st.just(KEY), INTENTS, st.sampled_from(Verdict), MOMENTS, status=STATUSES, ord_status=STATUSES,
    reason=st.none() | st.integers(0, 8), to_replace=st.booleans(), request_id=st.sampled_from(["", "X", "C-1", "C-2"]),
)  # fmt: skip
EVENTS: st.SearchStrategy[Event] = st.one_of(
    reports(),
    ANSWERS,
    st.builds(CancelSent, st.just(KEY), INTENTS, MOMENTS),
    st.builds(RequestRefused, st.sampled_from(["C-1", "C-2"]), MOMENTS),
    st.builds(Unconfirmed, INTENTS, MOMENTS),
    st.builds(Doubted, MOMENTS),
)
LIVES = st.tuples(reports(), st.lists(EVENTS, max_size=12))
