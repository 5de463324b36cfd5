from __future__ import annotations

from dataclasses import replace

import pytest

from blotter.core.order import Order
from blotter.core.words import ticket
from tests.core.samples import condor, sample, single_option, stop_limit


@pytest.mark.parametrize(
    ("code", "said"),
    [("BUY", "BUY"), ("SELL_SHORT", "SELL SHORT"), ("BUY_TO_COVER", "BUY TO COVER"), ("", "SIDE not given")],
)
def test_sides_in_words(code: str, said: str) -> None:
    assert ticket.side(sample(side=code).order) == said


def test_terms() -> None:
    assert ticket.terms(sample().order) == ("LIMIT 175.50", "DAY")
    assert ticket.terms(sample(type="MARKET", price=None).order) == ("MARKET", "DAY")
    assert ticket.terms(sample(price=None).order) == ("LIMIT, price not given", "DAY")
    assert ticket.terms(stop_limit().order) == ("STOP LIMIT 175.50", "stop 174.00", "GTC")
    assert ticket.terms(sample(currency="CAD").order) == ("LIMIT 175.50 CAD", "DAY")
    assert ticket.terms(Order("A", "1")) == ("TYPE not given", "TIME IN FORCE not given")


def test_contracts() -> None:
    assert ticket.contract_in_full(sample().order) == "AAPL"
    assert ticket.contract_in_full(single_option().order) == "AAPL 19 JUN 2026 205 CALL"
    assert ticket.contract_in_full(condor().order) == "4-leg SPX"
    assert ticket.contract_in_full(sample(symbol="").order) == "SYMBOL not given"


def test_legs_share_what_they_have_in_common() -> None:
    assert ticket.legs(condor().order) == ("SPX 19JUN26:", "SELL 1 4100P", "BUY 1 4000P", "SELL 1 4600C", "BUY 1 4700C")


def test_legs_that_share_nothing_are_named_in_full() -> None:
    first, second, *_ = condor().order.legs
    other = replace(second, symbol="AAPL  270115P00150000")
    assert ticket.legs(condor(legs=(first, other)).order) == ("SELL 1 SPX 19JUN26 4100P", "BUY 1 AAPL 15JAN27 150P")


def test_equal_legs_keep_their_names() -> None:
    first, *_ = condor().order.legs
    assert ticket.legs(condor(legs=(first, first)).order) == ("SELL 1 SPX 19JUN26 4100P",) * 2


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-3, "0 s"), (0, "0 s"), (7.9, "7 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"),
     (7980, "2 h 13 min"), (86400, "1 d"), (273600, "3 d 4 h")],
)  # fmt: skip
def test_spans(seconds: float, said: str) -> None:
    assert ticket.span(seconds) == said
