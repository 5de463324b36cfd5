"""What the screen knows of mass cancels: how far the newest is, and what became of each order of it.

A second one may be confirmed while the first is still being sent: nobody must wait to take everything off. Then the
lines and the sheet are about the newest, the stop key about both, and the desk sums each up in the messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from blotter.core.account import Accounts
from blotter.core.asking.mass import Fate, MassCancel, MassProgress, Result, tally
from blotter.core.order import OrderKey


class Runs:
    """The newest mass cancel stands for all: its results are kept until the next one is confirmed."""

    def __init__(self) -> None:
        self.progress: MassProgress | None = None
        self.results: dict[OrderKey, Result] = {}
        self.shown = True
        """Whether the sheet of what became of it was on the screen since it is over."""
        self._accounts: tuple[str, ...] = ()
        self._last: dict[str, MassProgress] = {}
        """What was last told of each that is not over, without its results."""

    def begin(self, mass: MassCancel) -> None:
        """It was handed to the desk, which has not said anything yet."""
        self.results = {request.key: Result(request.tag, request.order, Fate.QUEUED) for request in mass.requests}
        counts = tally(result.fate for result in self.results.values())
        self.progress = MassProgress(mass.name, mass.sentence, len(self.results), counts)
        self.shown = False
        self._last[mass.name] = self.progress
        self._accounts = tuple(dict.fromkeys(request.key.account for request in mass.requests))

    def hear(self, told: Iterable[MassProgress]) -> bool:
        """News from the desk; says whether any was of the newest."""
        told = tuple(told)
        self._last |= {each.name: replace(each, results={}) for each in told}
        self._last = {name: each for name, each in self._last.items() if not each.over}
        mine = [each for each in told if self.progress is not None and each.name == self.progress.name]
        for each in mine:
            self.progress = each
            self.results.update(each.results)
        return bool(mine)

    def kinds(self, accounts: Accounts) -> tuple[str, ...]:
        """Whose money it is about: LIVE, PRACTICE or both."""
        return tuple(dict.fromkeys(accounts.of(account).kind for account in self._accounts))

    @property
    def running(self) -> bool:
        return self.progress is not None and not self.progress.over

    @property
    def unsent(self) -> dict[str, int]:
        """The mass cancels of which something waits for its turn, and how much."""
        return {name: each.unsent for name, each in self._last.items() if each.unsent}

    @property
    def stoppable(self) -> dict[str, int]:
        """The mass cancels of which something can still be stopped, and how much."""
        return {name: each.stoppable for name, each in self._last.items() if each.stoppable}

    @property
    def due(self) -> bool:
        """It is over, and nobody has seen yet what became of it."""
        return self.progress is not None and self.progress.over and not self.shown
