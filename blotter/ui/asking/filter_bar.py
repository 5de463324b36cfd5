"""Typing the filter: one line in place of the footer, so that no row moves.

No stock input: it takes its keys in a task of its own, so that of ``/csco`` and ``enter`` arriving together, as they do
over a slow link, ``c`` could still reach the table and ``enter`` be handled before the text. Here every key is taken at
once, in the order typed.
"""

from __future__ import annotations

from enum import Enum, auto

from textual.events import Key

from blotter.core.text import show
from blotter.core.words.piece import Line, Piece, Role, length
from blotter.ui.asking.keys import typed
from blotter.ui.lines.line_view import LineView

LONGEST = 80
HINT = "enter keeps  esc clears "


class Edit(Enum):
    """What a key did."""

    NOTHING = auto()
    PASSED = auto()
    """Not a key of editing: the table may have it."""
    CHANGED = auto()
    KEPT = auto()
    CLEARED = auto()


class FilterBar(LineView):
    """The text of the filter while it is being typed. Opening selects the old text, so that typing replaces it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.text = ""
        self._selected = False

    @property
    def is_open(self) -> bool:
        return self.display

    def on_mount(self) -> None:
        self.display = False

    def open(self, text: str) -> None:
        self.text = text
        self._selected = bool(text)
        self.display = True
        self._draw()

    def close(self) -> None:
        self.display = False

    def press(self, key: Key) -> Edit:
        """Take one key. The bar closes itself on ``KEPT`` and ``CLEARED``."""
        match key.key:
            case "enter":
                self.close()
                return Edit.KEPT
            case "escape":
                self.text = ""
                self.close()
                return Edit.CLEARED
            case "backspace" | "ctrl+h":
                return self._change("" if self._selected else self.text[:-1])
            case "ctrl+u":
                return self._change("")
            case "ctrl+w":
                return self._change("" if self._selected else " ".join(self.text.split()[:-1]))
            case "left" | "right":
                return self._change(self.text)
            case "up" | "down" | "pageup" | "pagedown":
                return Edit.PASSED
        character = typed(key)
        return Edit.NOTHING if character is None else self.paste(character)

    def paste(self, text: str) -> Edit:
        """Put in what was typed or pasted, as far as it is printable and of one line."""
        typed = "".join(char for char in text.partition("\n")[0] if char.isprintable())
        return self._change((typed if self._selected else self.text + typed)[:LONGEST])

    def on_resize(self) -> None:
        if self.is_open:
            self._draw()

    def _change(self, text: str) -> Edit:
        changed = text != self.text
        self.text = text
        self._selected = False
        self._draw()
        return Edit.CHANGED if changed else Edit.NOTHING

    def _draw(self) -> None:
        shown = show(self.text)
        typed: Line = (
            Piece(" /", Role.STRONG),
            Piece(shown, Role.FOCUS) if self._selected else Piece(shown),
            Piece(" ", Role.FOCUS),
        )
        room = self.size.width - length(typed) - len(HINT)
        self.put([(*typed, Piece(" " * room), Piece(HINT, Role.DIM)) if room > 0 else typed])
