"""Finding orders by plain text."""

from __future__ import annotations

import pytest

from blotter.core.book.query import Query
from blotter.core.book.row import Row
from blotter.core.order import Order
from tests.core.moments import at

ROW = Row(Order("ACC-77", "clord-42", ord_id="B-902", symbol="AAPL  260619C00205000"), "ka", at(0))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "aapl",
        "AAPL 19jun26",
        "205c",
        "260619c",
        "ka",
        "K",
        "clord-42",
        "b-902",
        "acc-77",
        "77 205c",
        "ka aapl",
    ],
)
def test_found(text: str) -> None:
    assert Query(text).matches(ROW)


@pytest.mark.parametrize("text", ["msft", "aapl 210c", "kab", "ka msft", "[a-z]", "*"])
def test_not_found(text: str) -> None:
    assert not Query(text).matches(ROW)


def test_a_hidden_character_is_found_as_it_is_shown() -> None:
    row = Row(Order("ACC-1", "\u202eX", symbol="A\x1bB"), "aa", at(0))
    assert Query("a␛b").matches(row)
    assert Query("⟨202e⟩").matches(row)
    assert Query("A\x1bB").matches(row)


def test_words_are_not_found_across_fields() -> None:
    assert not Query("902acc").matches(ROW)


def test_an_account_is_found_by_its_nickname() -> None:
    assert Query("main aapl").matches(ROW, "Main")
    assert not Query("main").matches(ROW)
