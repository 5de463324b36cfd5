"""Reading the fields of a request body, and telling everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from blotter.paper.errors import flat, no_such_account, problem

DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,5})?")


class Fields:
    """A JSON object under examination. Getters note a problem and go on; ``finish`` raises when there was one."""

    def __init__(self, body: dict[str, Any], prefix: str = "", problems: list[dict[str, str]] | None = None) -> None:
        self._body = body
        self._prefix = prefix
        self._problems = problems if problems is not None else []

    def within(self, body: dict[str, Any], name: str) -> Fields:
        """The same examination, of an object inside this one."""
        return Fields(body, f"{self._prefix}{name}.", self._problems)

    def fail(self, code: str, description: str, name: str) -> None:
        self._problems.append(problem(code, description, self._prefix + name))

    def finish(self) -> None:
        """Raise 400 in the flat shape if anything was wrong."""
        if self._problems:
            first = self._problems[0]
            raise flat(400, f"{first['field']} {first['description']}", self._problems)

    def raw(self, name: str) -> Any:
        return self._body.get(name)

    def text(self, name: str, most: int, *, required: bool = True) -> str:
        """A string of at most ``most`` characters; absent, ``null`` and empty are the same."""
        value = self._body.get(name)
        if value is None or value == "":
            if required:
                self.fail("REQUIRED", "must not be empty", name)
            return ""
        if not isinstance(value, str):
            self.fail("TYPE", "must be a string", name)
            return ""
        if len(value) > most:
            self.fail("TOO_LONG", f"must have at most {most} characters", name)
        return value

    def choice(self, name: str, allowed: dict[str, str], *, required: bool = True) -> str:
        """One of the ``allowed`` words, translated by them."""
        value = self.text(name, 50, required=required)
        if value and value not in allowed:
            self.fail("INVALID", f"must be one of {', '.join(allowed)}", name)
            return ""
        return allowed.get(value, "")

    def decimal(self, name: str, *, required: bool = True, positive: bool = True) -> Decimal | None:
        """A decimal string with at most 5 digits after the point."""
        text = self.text(name, 25, required=required)
        if not text:
            return None
        if DECIMAL.fullmatch(text) is None:
            self.fail("FORMAT", "must be a decimal string with at most 5 decimals", name)
            return None
        number = Decimal(text)
        if positive and number <= 0:
            self.fail("RANGE", "must be greater than 0", name)
            return None
        return number

    def account(self, accounts: Iterable[str]) -> str:
        """The account under either of its names, or both where they agree; 404 when it is not one of ``accounts``."""
        newer = self.text("tradingAccountId", 50, required=False)
        older = self.text("accountId", 50, required=False)
        account = newer or older
        if not account:
            self.fail("REQUIRED", "must not be empty", "tradingAccountId")
        elif newer and older and newer != older:
            self.fail("MISMATCH", "must equal tradingAccountId", "accountId")
        self.finish()
        if account not in accounts:
            raise no_such_account(account)
        return account
