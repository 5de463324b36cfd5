"""Lines to read and to scroll through with the keyboard."""

from __future__ import annotations

from typing import ClassVar

from blotter.ui.lines.line_view import LineView

PASSED_ON = frozenset({"ctrl+c", "ctrl+q"})
"""Keys that leave the program do so from wherever one is."""

SCROLLS = "arrows, PageUp, PageDown, Home, End scroll"
"""The keys of a :class:`Reader`, for the bottom line."""


class Reader(LineView, can_focus=False):
    """A :class:`LineView` that scrolls at once: an animated scroll is sent over the wire many times.

    Whoever has the keyboard passes the keys on, so that none is lost before a focus settles.
    """

    STEPS: ClassVar[dict[str, int]] = {"up": -1, "k": -1, "down": 1, "j": 1}
    PAGES: ClassVar[dict[str, int]] = {"pageup": -1, "pagedown": 1, "space": 1}
    HOME: ClassVar[frozenset[str]] = frozenset({"home", "g"})
    END: ClassVar[frozenset[str]] = frozenset({"end", "G", "upper_g"})

    def scroll_by_key(self, key: str) -> bool:
        """Whether ``key`` is one that scrolls, after scrolling."""
        if key in self.STEPS:
            y = self.scroll_y + self.STEPS[key]
        elif key in self.PAGES:
            y = self.scroll_y + self.PAGES[key] * max(1, self.scrollable_content_region.height - 1)
        elif key in self.HOME:
            y = 0
        elif key in self.END:
            y = self.max_scroll_y
        else:
            return False
        self.scroll_to(y=y, animate=False, force=True)
        return True
