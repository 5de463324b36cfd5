"""A trading account."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose orders are listed. ``id`` is the trading account id that order calls want."""

    id: str
    is_sim: bool = False
    status: str = ""

    @property
    def kind(self) -> str:
        """``PRACTICE`` for simulated money, else ``LIVE``: an account nobody vouches for counts as live."""
        return "PRACTICE" if self.is_sim else "LIVE"
