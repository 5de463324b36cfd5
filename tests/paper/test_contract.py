from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from blotter.paper.contract import Contract, maturities, parse_osi

SPX_CALL = Contract("SPXW", date(2026, 12, 18), "CALL", Decimal(5900))


def test_osi_symbol_is_padded_to_21_characters() -> None:
    assert SPX_CALL.osi == "SPXW  261218C05900000"
    assert len(SPX_CALL.osi) == 21


@pytest.mark.parametrize("symbol", ["SPXW  261218C05900000", "SPXW261218C05900000", "O:SPXW261218C05900000"])
def test_every_writing_of_a_contract_is_read(symbol: str) -> None:
    assert parse_osi(symbol) == SPX_CALL


@pytest.mark.parametrize("symbol", ["SPX", "SPXW261318C05900000", "SPXW261218X05900000", "SPXW261218C0590000", ""])
def test_what_is_no_contract_is_none(symbol: str) -> None:
    assert parse_osi(symbol) is None


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2026, 12, 12), date(2027, 1, 31), date(2028, 2, 29)])
def test_expiries_are_third_fridays_ahead(today: date) -> None:
    found = maturities(today)
    assert len(set(found)) == 5
    for maturity in found:
        assert maturity > today
        assert maturity.weekday() == 4
        assert 15 <= maturity.day <= 21


def test_calls_and_puts_agree_by_parity() -> None:
    today = date(2026, 11, 22)
    put = Contract("SPXW", SPX_CALL.maturity, "PUT", SPX_CALL.strike)
    gap = SPX_CALL.value(6000, 0.2, today) - put.value(6000, 0.2, today)
    assert gap == pytest.approx(100)
