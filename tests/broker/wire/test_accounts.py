from __future__ import annotations

import json

import pytest
from hypothesis import given

from blotter.broker.wire.accounts import read_accounts
from blotter.broker.wire.json import NotJson, read
from blotter.core.account import Account
from tests.broker.wire.strategies import anything


@pytest.mark.parametrize("value", [False, None, "true", 1, "yes", {}])
def test_in_doubt_an_account_is_real_money(value: object) -> None:
    document = json.dumps({"accounts": [{"trading_account_id": "A", "is_sim": value}]})
    assert read_accounts(read(document)) == (Account("A", False, ""),)


@pytest.mark.parametrize("text", ['{"accounts":null}', '{"accounts":[]}'])
def test_no_accounts(text: str) -> None:
    assert read_accounts(read(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"accounts":{}}',
        '{"accounts":[null]}',
        '{"accounts":[{"trading_account_id":["A"]}]}',
        '{"accounts":[{"trading_account_id":"\\ud800"}]}',
        json.dumps({"accounts": [{"trading_account_id": "A" * 4_001}]}),
        json.dumps({"accounts": [{"trading_account_id": "A"}] * 1_001}),
    ],
)
def test_an_account_is_never_left_out_in_silence(text: str) -> None:
    with pytest.raises(NotJson):
        read_accounts(read(text))


@pytest.mark.parametrize("status", ["\ud800", "x" * 4_001, None, ["OPEN"]])
def test_a_status_that_is_no_text_to_show_is_none(status: object) -> None:
    document = json.dumps({"accounts": [{"trading_account_id": "A", "status": status}]})
    assert read_accounts(read(document)) == (Account("A", False, ""),)


@given(anything)
def test_accounts_are_read_or_refused_and_nothing_else(document: object) -> None:
    for wrapped in (document, {"accounts": document}, {"accounts": [document]}):
        try:
            accounts = read_accounts(read(json.dumps(wrapped)))
        except NotJson:
            continue
        for account in accounts:
            f"{account.id}{account.status}".encode()
