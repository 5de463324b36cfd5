"""How big, how lively and how patient the practice broker is."""

from __future__ import annotations

from dataclasses import dataclass

MAX_ACCOUNTS = 20
MAX_ORDERS = 100_000
MAX_RATE = 10_000.0


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """``orders`` is how many working orders the market keeps up over all accounts, ``rate`` its updates per second.

    The stream's times are in seconds: how long a client has to authenticate, how long its session lasts, and how
    long before the end of it the broker asks for a new token. So are the lives of the tokens that a login gives.
    """

    orders: int = 24
    rate: float = 0.5
    seed: int = 1
    accounts: int = 3
    auth_seconds: float = 5.0
    session_seconds: float = 3900.0
    warning_seconds: float = 300.0
    token_seconds: float = 3600.0
    refresh_seconds: float = 2_592_000.0

    @property
    def account_ids(self) -> list[str]:
        return [f"PAPER-{number}" for number in range(1, self.accounts + 1)]
