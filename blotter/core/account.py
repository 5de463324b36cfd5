"""A trading account."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose orders are listed. ``id`` is the trading account id that order calls want.

    ``nickname`` is the trader's own name for it, and ``view_only`` his wish that nothing be sent for it.
    """

    id: str
    is_sim: bool = False
    status: str = ""
    nickname: str = ""
    view_only: bool = False

    @property
    def name(self) -> str:
        """What the trader calls it. Not safe for a screen before ``show``."""
        return self.nickname or self.id

    @property
    def full_name(self) -> str:
        """Name and id, where the two differ."""
        return f"{self.nickname} ({self.id})" if self.nickname and self.nickname != self.id else self.id

    @property
    def kind(self) -> str:
        """``PRACTICE`` for simulated money, else ``LIVE``: an account nobody vouches for counts as live."""
        return "PRACTICE" if self.is_sim else "LIVE"
