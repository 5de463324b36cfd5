"""Figures are written from the decimal: plain, whole, and bounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.core.words import figures

SANE = st.decimals(min_value=-(10**12), max_value=10**12, places=5)


@given(SANE)
def test_a_price_keeps_its_decimals_and_has_two(value: Decimal) -> None:
    text = figures.price(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert len(text.partition(".")[2]) >= 2


@given(SANE)
def test_a_quantity_is_exact_and_has_no_idle_zeros(value: Decimal) -> None:
    text = figures.quantity(value)
    assert Decimal(text) == value
    assert "." not in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("value", "price"),
    [("175.5", "175.50"), ("175.500", "175.500"), ("3", "3.00"), ("1E+3", "1000.00"), ("0.00001", "0.00001")],
)
def test_prices(value: str, price: str) -> None:
    assert figures.price(Decimal(value)) == price


@pytest.mark.parametrize(
    ("value", "average"), [("50", "50.00"), ("3.3333333333", "3.3333"), ("401.2", "401.20"), ("0.12345", "0.1234")]
)
def test_averages(value: str, average: str) -> None:
    assert figures.average(Decimal(value)) == average


@pytest.mark.parametrize("value", ["1e1000000", "1e-1000000", "NaN", "-Infinity", "1e20"])
def test_what_is_no_figure_of_this_world_is_not_spelled_out(value: str) -> None:
    assert {figures.price(Decimal(value)), figures.average(Decimal(value)), figures.quantity(Decimal(value))} == {
        "#" * 22
    }


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(-5, "0s"), (4.9, "4s"), (59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86399, "23h"), (172800, "2d")],
)
def test_ages(seconds: float, age: str) -> None:
    assert figures.age(seconds) == age
