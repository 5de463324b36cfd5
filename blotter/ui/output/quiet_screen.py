"""A screen that sends nothing when nothing on it changed."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget


class QuietScreen(Screen[None], inherit_bindings=False):
    """A screen whose change of focus sends nothing.

    The stock one is drawn anew as a whole when the focus moves, which on an 80x24 terminal would make opening the
    confirmation four times as expensive, and as slow, as its own six lines.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
