"""The accounts of the token's user, from either generation of the call."""

from __future__ import annotations

from blotter.broker.wire.json import NotJson
from blotter.broker.wire.values import is_text
from blotter.core.account import Account

_MOST = 1_000
_IDS = ("trading_account_id", "sterling_account_id")


def read_accounts(document: object) -> tuple[Account, ...]:
    """All accounts that are named, closed ones too; the id is empty until a trading account exists.

    Only a plain ``true`` makes an account a practice one: in doubt it is real money. Raises :class:`NotJson` when
    one account cannot be read, because an account left out in silence is worse than an error.
    """
    if not isinstance(document, dict) or "accounts" not in document:
        raise NotJson("it is no list of accounts")
    records = document["accounts"]
    if records is None:
        return ()
    if not isinstance(records, list):
        raise NotJson("its accounts are not a list")
    if len(records) > _MOST:
        raise NotJson(f"it names more than {_MOST:,} accounts")
    return tuple(_account(record) for record in records)


def _account(record: object) -> Account:
    if not isinstance(record, dict):
        raise NotJson("an account in it is no object")
    found = next((record[name] for name in _IDS if record.get(name)), "")
    if not isinstance(found, str) or not is_text(found):
        raise NotJson("an account id in it is no text, or too long a one")
    status = record.get("status")
    status = str(status) if isinstance(status, str) and is_text(status) else ""
    return Account(id=str(found), is_sim=record.get("is_sim") is True, status=status)
