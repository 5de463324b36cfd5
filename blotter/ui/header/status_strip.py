"""The header: one line, sent again only when its words changed."""

from __future__ import annotations

from blotter.ui.header.headline import Facts, headline
from blotter.ui.lines.line_view import LineView


class StatusStrip(LineView):
    """Draws the facts it was last told, in the width it has."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._facts: Facts | None = None

    def tell(self, facts: Facts) -> None:
        self._facts = facts
        if self.size.width:
            self.put([headline(facts, self.size.width)])

    def on_resize(self) -> None:
        if self._facts is not None:
            self.tell(self._facts)
