"""Option symbols, however they are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.contract import OptionContract, contract, display_symbol, parse_osi, security_type_to_send
from blotter.core.order import Leg, Order

AAPL = OptionContract("AAPL", date(2026, 6, 19), "CALL", Decimal(205))


def order(symbol: str, *legs: Leg, security_type: str = "", category: str = "") -> Order:
    return Order("ACC-1", "X", symbol=symbol, legs=legs, security_type=security_type, category=category)


def leg(maturity: str = "2026-06-19", strike: str = "205", right: str = "CALL", symbol: str = "") -> Leg:
    return Leg(symbol=symbol, maturity=maturity, strike_price=strike, put_call=right, security_type="OPTION")


@pytest.mark.parametrize("symbol", ["AAPL  260619C00205000", "AAPL260619C00205000", "O:AAPL260619C00205000"])
def test_every_spelling_of_one_contract(symbol: str) -> None:
    assert parse_osi(symbol) == AAPL


@pytest.mark.parametrize(
    "symbol",
    [
        "AAPL",
        "",
        "AAPL  261319C00205000",
        "AAPL  260619X00205000",
        "AAPL  260619C0020500",
        "TOOLONG260619C00205000",
        "٣٣",
    ],
)
def test_what_is_no_option_symbol(symbol: str) -> None:
    assert parse_osi(symbol) is None


@given(
    st.from_regex(r"[A-Z][A-Z0-9.]{0,5}", fullmatch=True),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["CALL", "PUT"]),
    st.integers(0, 10**8 - 1),
)
def test_what_is_written_padded_is_read_again(root: str, maturity: date, right: str, thousandths: int) -> None:
    written = f"{root:<6}{maturity:%y%m%d}{right[0]}{thousandths:08}"
    assert parse_osi(written) == OptionContract(root, maturity, right, Decimal(thousandths) / 1000)


@pytest.mark.parametrize(
    ("of", "shown"),
    [
        (order("MSFT"), "MSFT"),
        (order("AAPL  260619C00205000"), "AAPL 19JUN26 205C"),
        (order("AAPL", leg()), "AAPL 19JUN26 205C"),
        (order("SPX", leg(strike="5900.50", right="P", symbol="SPXW  260116P05900500")), "SPXW 16JAN26 5900.5P"),
        (order("AAPL", leg(), leg(strike="210")), "2-leg AAPL 19JUN26 205C/210C"),
        (order("AAPL", leg(), leg(maturity="2026-07-17", right="PUT")), "2-leg AAPL 19JUN26 205C/17JUL26 205P"),
        (order("AAPL", leg(), leg(maturity="soon")), "2-leg AAPL"),
        (order("", leg(symbol="AAPL260619C00205000"), leg(symbol="MSFT260619C00405000")),
         "2-leg AAPL 19JUN26 205C/MSFT 19JUN26 405C"),
        (order("AAPL", leg(maturity="", strike="", right="")), "AAPL"),
        (order("AAPL", leg(strike="1e999999")), "AAPL"),
        (order("AAPL", leg(strike="NaN")), "AAPL"),
    ],
)  # fmt: skip
def test_how_an_instrument_reads(of: Order, shown: str) -> None:
    assert display_symbol(of) == shown


def test_the_leg_says_more_than_the_symbol() -> None:
    assert contract(order("AAPL  260717P00100000", leg())) == AAPL


def test_a_multi_leg_order_is_not_one_contract() -> None:
    assert contract(order("AAPL  260619C00205000", leg(), leg(strike="210"))) is None


@pytest.mark.parametrize(
    ("of", "sent"),
    [
        (order("MSFT", security_type="EQUITY"), "CS"),
        (order("MSFT", security_type="CS", category="SINGLE_LEG"), "CS"),
        (order("MSFT"), "CS"),
        (order("MSFT", Leg(symbol="MSFT", security_type="CS")), "CS"),
        (order("AAPL", security_type="OPTION"), "OPT"),
        (order("AAPL", security_type="OPT"), "OPT"),
        (order("AAPL  260619C00205000"), "OPT"),
        (order("AAPL", leg()), "OPT"),
        (order("AAPL", leg(), leg(strike="210")), "OPT"),
    ],
)
def test_the_security_type_of_a_request(of: Order, sent: str) -> None:
    assert security_type_to_send(of) == sent
