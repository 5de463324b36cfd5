"""After ``K``: one more key chooses which orders are meant. It sends nothing, so that ``Kb`` may be typed at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from textual.events import Key

from blotter.core.asking.scope import Scope, Sight, select
from blotter.core.book.row import Row
from blotter.core.order import OrderKey
from blotter.core.sheets.scope_menu import scope_menu
from blotter.core.words.piece import Piece, Role, edged
from blotter.ui.asking.keys import typed
from blotter.ui.lines.line_view import LineView

KEEP = frozenset({"n", "escape", "enter"})


class ScopePrompt(LineView):
    """Lists the scopes with their counts. ``chosen`` gets the key's scope; ``None`` closes it."""

    def __init__(self, chosen: Callable[[Scope | None], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._chosen = chosen
        self._sight: Callable[[], Sight] | None = None
        self._kept: Callable[[Sequence[Row]], Collection[OrderKey]] = lambda rows: ()
        self._hint = ""

    @property
    def is_open(self) -> bool:
        return self._sight is not None

    def on_mount(self) -> None:
        self.display = False
        self.set_interval(1.0, self.redraw)

    def open(self, sight: Callable[[], Sight], kept: Callable[[Sequence[Row]], Collection[OrderKey]]) -> None:
        """Offer the scopes of what ``sight`` shows. ``kept`` picks the orders that cannot be canceled now."""
        self._sight, self._kept, self._hint = sight, kept, ""
        self.display = True
        self.redraw()

    def close(self) -> None:
        self._sight = None
        self.display = False

    def press(self, event: Key) -> None:
        """Any key while it is open."""
        key = typed(event)
        if event.key in KEEP:
            self.close()
            self._chosen(None)
        elif key in tuple(Scope):
            self.close()
            self._chosen(Scope(key))
        else:
            self._hint = "only a b s i f d * and n answer here"
            self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Put the scopes as they stand now."""
        if self._sight is None or not self.screen.size.width:
            return
        sight = self._sight()
        found = {scope: select(scope, sight) for scope in Scope}
        *lines, last = scope_menu(found, self._kept(found[Scope.ALL].rows), sight.filter, self.screen.size.width)
        if self._hint:
            last = (*last, Piece(f"   {self._hint}", Role.ALERT))
        self.put(tuple(map(edged, (*lines, last))))
