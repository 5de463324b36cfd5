from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.errors import Ask, BadRequest
from blotter.broker.wire.failures import failure, words_of
from tests.broker.wire.strategies import anything

FLAT = {
    "error": "symbol is required",
    "codes": [{"code": "REQUIRED", "description": "must not be empty", "field": "symbol"}],
    "metadata": {},
}
NESTED = {
    "error": {
        "type": "VALIDATION",
        "code": "BAD_SYMBOL",
        "message": "unknown symbol",
        "details": {"field": "symbol"},
        "request_id": "r-81f",
    },
    "meta": {},
}


@pytest.mark.parametrize(
    ("body", "words", "ours"),
    [
        (json.dumps(FLAT), "symbol is required: symbol must not be empty", True),
        (json.dumps(NESTED), "unknown symbol", True),
        ('{"error":"unauthorized","message":"token expired"}', "unauthorized: token expired", True),
        ('{"success":false,"error":"closed"}', "closed", True),
        ('{"error":"invalid_grant","error_description":"used"}', "invalid_grant: used", True),
        ('{"message":"no"}', "no", True),
        ('{"error":{"type":"RATE_LIMIT"}}', "", True),
        ("{}", "", False),
        ('{"error":null}', "", False),
        ('{"error":[1]}', "", False),
        ("[]", "", False),
        ("", "", False),
        ("upstream connect error", "upstream connect error", False),
        ("<html><body>502</body></html>", "", False),
        ("  <!doctype html>", "", False),
    ],
)
def test_every_shape_of_an_error_body_gives_its_words(body: str, words: str, ours: bool) -> None:
    found = words_of(body)
    assert (found.words, found.from_broker) == (words, ours)


def test_a_nested_body_gives_what_the_brokers_support_asks_for() -> None:
    error = failure(Ask.CANCEL, "api.aries.com", 400, {}, json.dumps(NESTED))
    assert isinstance(error, BadRequest)
    assert (error.code, error.request_id, error.from_broker) == ("BAD_SYMBOL", "r-81f", True)


def test_what_the_brokers_support_asks_for_is_short() -> None:
    long = "x" * 10_000
    body = {
        "error": {"code": long, "message": long, "request_id": long},
        "codes": [{"description": f"{n}"} for n in range(10_000)],
    }
    found = words_of(json.dumps(body))
    assert (len(found.words), len(found.code), len(found.request_id)) == (2_000, 200, 200)
    del body["error"]
    assert words_of(json.dumps(body)).words.count(": ") == 19


def test_a_proxys_page_is_told_from_the_brokers_word() -> None:
    error = failure(Ask.CANCEL, "api.aries.com", 404, {}, "<html>404</html>")
    assert not error.from_broker
    assert "not the broker's" in str(error)


@given(anything | st.fixed_dictionaries({"error": anything}), st.integers(100, 999), st.text(max_size=30))
def test_every_body_of_every_status_is_one_error(document: object, status: int, header: str) -> None:
    headers = {"retry-after": header, "retry-after-ms": header, "date": header}
    for text in (json.dumps(document), str(document)):
        error = failure(Ask.ORDERS, "api.aries.com", status, headers, text)
        assert error.status == status
        error.words.encode()
        assert len(error.words) <= 2000
        assert "\n" not in str(error)
