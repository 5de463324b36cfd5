"""Contradictions about errors."""

from __future__ import annotations

import json

import pytest

from blotter.broker.errors import Ask, sentence
from blotter.broker.wire.failures import failure

SHAPES: dict[str, tuple[object, str, bool]] = {
    "flat": ({"error": "symbol is required", "codes": [], "metadata": {}}, "symbol is required", True),
    "flat with codes": (
        {"error": "bad", "codes": [{"code": "REQUIRED", "description": "must not be empty", "field": "symbol"}]},
        "bad: symbol must not be empty",
        True,
    ),
    "nested": (
        {"error": {"type": "VALIDATION", "code": "BAD_SYMBOL", "message": "unknown symbol", "request_id": "r-1"}},
        "unknown symbol",
        True,
    ),
    "nested, lower case": ({"error": {"type": "rate_limit", "message": "slow down"}, "meta": {}}, "slow down", True),
    "old, with a message": ({"error": "unauthorized", "message": "token expired"}, "unauthorized: token expired", True),
    "with success": ({"success": False, "error": "closed"}, "closed", True),
    "OAuth's": ({"error": "invalid_grant", "error_description": "used"}, "invalid_grant: used", True),
    "an empty object": ({}, "", False),
    "none": ("", "", False),
    "a page": ("<html>no</html>", "", False),
    "plain text": ("upstream connect error", "upstream connect error", False),
}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("shape", SHAPES)
def test_row_22_every_shape_of_an_error_is_one_sentence_and_the_brokers_words(shape: str, status: int) -> None:
    body, words, from_broker = SHAPES[shape]
    text = body if isinstance(body, str) else json.dumps(body)
    error = failure(Ask.CANCEL, "api.aries.com", status, {}, text)
    said = sentence(error)
    assert said.endswith(".")
    assert f"HTTP {status}" in said
    assert "\n" not in said
    assert (error.words, error.from_broker) == (words, from_broker)
    assert not words or words not in said
