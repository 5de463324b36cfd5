"""Trading accounts, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from blotter.core.text import fit, fit_end

NAME_WIDTH = 16
"""Cells that the name of an account may take in a column, at most."""


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

    def label(self, width: int) -> str:
        """The name in exactly ``width`` cells. Ids differ at their ends, nicknames at their beginnings."""
        return fit(self.nickname, width) if self.nickname else fit_end(self.id, width)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a blotter, in their order."""

    loaded: tuple[Account, ...] = ()

    def __len__(self) -> int:
        return len(self.loaded)

    def of(self, account_id: str) -> Account:
        """The account of this id; one that nobody vouches for counts as live."""
        return next((account for account in self.loaded if account.id == account_id), Account(account_id))

    @property
    def mixed(self) -> bool:
        """Whether live and simulated money stand side by side."""
        return len({account.is_sim for account in self.loaded}) > 1

    def label_width(self, least: int) -> int:
        """The width from ``least`` on at which no two labels look alike; ``NAME_WIDTH`` if there is none."""
        for width in range(least, NAME_WIDTH):
            if len({account.label(width) for account in self.loaded}) == len(self.loaded):
                return width
        return NAME_WIDTH
