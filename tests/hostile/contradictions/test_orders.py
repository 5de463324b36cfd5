"""Contradictions about one order's fields."""

from __future__ import annotations

import pytest

from blotter.core.contract import display_symbol, security_type_to_send
from tests.broker.samples import LEG
from tests.hostile.contradictions.talk import canceled, order


@pytest.mark.parametrize("category", ["EQUITY", "SINGLE_LEG", "MULTI_LEG", "", None, "NEW_ONE"])
async def test_row_04_the_category_decides_nothing(category: str | None) -> None:
    stock = await order(category=category)
    assert (display_symbol(stock), security_type_to_send(stock)) == ("MSFT", "CS")
    assert "putCall" not in await canceled(stock)
    option = await order(category=category, symbol="AAPL", securityType="OPTION", legs=[LEG])
    assert display_symbol(option) == "AAPL 19JUN26 205C"
    assert (await canceled(option))["putCall"] == "CALL"


@pytest.mark.parametrize("symbol", ["A" * 20, "AAPL  260619C00205000", "O:AAPL260619C00205000", "B" * 40])
async def test_row_10_a_symbol_of_any_length_is_read_and_sent_back_as_it_came(symbol: str) -> None:
    assert (await canceled(await order(symbol=symbol)))["symbol"] == symbol


@pytest.mark.parametrize("venue", ["NASDAQ", "MNGD", "MNGDFTE", "", None, "somewhere else"])
async def test_row_11_the_venue_is_free_text(venue: str | None) -> None:
    assert (await order(exDestination=venue)).ex_destination == (venue or "")
