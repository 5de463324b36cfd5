"""An application around a few widgets, with the real style sheets."""

from __future__ import annotations

from textual import events, on
from textual.app import App, ComposeResult
from textual.widget import Widget

from blotter.paths import styles
from blotter.ui.asking.confirm import Confirm


class Shelf(App[None]):
    """Shows ``widgets`` from top to bottom and keeps what they tell it.

    ``keys`` are those that nobody below took: on the real screen they would be commands.
    """

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None

    def __init__(self, *widgets: Widget) -> None:
        super().__init__(css_path=sorted(styles().glob("*.tcss")))
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self._widgets = widgets
        self.keys: list[str] = []
        self.decided: list[Confirm.Decided] = []

    def compose(self) -> ComposeResult:
        yield from self._widgets

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)

    @on(Confirm.Decided)
    def _decided(self, message: Confirm.Decided) -> None:
        self.decided.append(message)
