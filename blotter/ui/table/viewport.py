"""Which of the rows shown are in view."""

from __future__ import annotations

from blotter.core.order import OrderKey
from blotter.ui.table.roster import Place, Roster

Anchor = tuple[Place | None, bool]
"""The place that stands at the top while scrolled, and whether the cursor is in view."""


class Viewport:
    """``height`` lines, the first of which shows row ``top``. Lines are left empty only where rows are wanting.

    One that shrinks for a while, as when a terminal is resized or the messages grow, shows the cursor's row at its old
    height again once it has the room: what was above it is not left hidden.
    """

    def __init__(self, roster: Roster) -> None:
        self.top = 0
        self.height = 0
        self._roster = roster
        self._before: tuple[int, int] | None = None
        """The height before it shrank, and the line of it on which the cursor's row stood."""

    @property
    def orders(self) -> list[OrderKey]:
        """Those in view, from the top."""
        return self._roster.keys(self.top, self.top + self.height)

    def holds(self, at: int | None) -> bool:
        """Whether the row of this rank is in view."""
        return at is not None and self.top <= at < self.top + self.height

    def place(self, line: int) -> Place | None:
        """The place that stands on this line, or, right behind the last line, the first one below."""
        rank = self.top + line
        return self._roster.place(rank) if rank < len(self._roster) else None

    def anchor(self, at: int | None) -> Anchor:
        """What :meth:`keep` needs; ``at`` is the cursor's rank."""
        return (self.place(0) if self.top else None), self.holds(at)

    def keep(self, anchor: Anchor, at: int | None) -> None:
        """Rows came or went: what was at the top stays there, and a cursor in view stays in it."""
        held, seen = anchor
        if held is not None:
            self.top = self._roster.rank(held)
        self._clamp()
        if seen:
            self._bring(at)

    def reveal(self, at: int | None) -> None:
        """The trader went to this row: move no further than it takes to show it."""
        self._before = None
        self._bring(at)

    def turn(self, by: int) -> None:
        """Move by so many rows."""
        self.top += by

    def lead(self, at: int) -> None:
        """Show this row at the top, and what stands below it."""
        self._before, self.top = None, at
        self._clamp()

    def resize(self, height: int, at: int | None) -> None:
        """There are so many lines now; a cursor in view stays in it, at its height if it can."""
        seen = self.holds(at) or not self.height
        if at is not None and seen and self._before is None and height < self.height:
            self._before = (self.height, at - self.top)
        self.height = max(0, height)
        if at is not None and seen and self._before is not None:
            full, line = self._before
            self.top = at - min(line, max(0, self.height - 1))
            if self.height >= full:
                self._before = None
        self._clamp()
        if seen:
            self._bring(at)

    def _bring(self, at: int | None) -> None:
        if at is not None:
            self.top = min(max(self.top, at - self.height + 1), at)
        self._clamp()

    def _clamp(self) -> None:
        self.top = max(0, min(self.top, len(self._roster) - self.height))
