"""Refusals of requests about orders that were not heard of yet: kept for a while, not for ever."""

from __future__ import annotations

import pytest

from blotter.core.book import book as books
from blotter.core.book.book import Book
from blotter.core.book.cancel import CancelState
from tests.core.orders import NEW, streamed, the


def refusal(book: Book, seconds: float, original: str, request_id: str) -> None:
    fields = {"orig_cl_ord_id": original, "ord_id": "", "ord_status": "REJECTED", "text": "too late"}
    assert book.apply(streamed(seconds, request_id, **fields)) == ()


def test_it_is_remembered_until_the_order_is_known() -> None:
    book = Book()
    refusal(book, 1, "X", "C-1")
    book.apply(streamed(2, "X", **NEW))
    assert (the(book, "X").cancel, the(book, "X").cancel_text) == (CancelState.REJECTED, "too late")


def test_of_too_many_orders_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_EARLY", 1)
    book = Book()
    refusal(book, 1, "X", "C-1")
    refusal(book, 2, "Y", "C-2")
    book.apply(streamed(3, "X", **NEW))
    book.apply(streamed(4, "Y", **NEW))
    assert [the(book, name).cancel for name in "XY"] == [CancelState.NONE, CancelState.REJECTED]


def test_of_too_many_of_one_order_the_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_OF_ONE", 2)
    book = Book()
    for number in range(9):
        refusal(book, number, "X", f"C-{number}")
    book.apply(streamed(10, "X", **NEW))
    assert [ask.request_id for ask in the(book, "X").asks] == ["C-0", "C-1"]
