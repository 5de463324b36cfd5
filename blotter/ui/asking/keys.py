"""Which character a key types."""

from __future__ import annotations

from textual.events import Key


def typed(key: Key) -> str | None:
    """The character that this key types; ``None`` for all others and for those held with ctrl, alt and the like.

    A key is known by its character, for its name depends on what the terminal can tell of it: ``G`` may be called
    ``upper_g`` or ``shift+g``.
    """
    if key.character is None or not key.character.isprintable() or "+" in key.key.removeprefix("shift+"):
        return None
    return key.character
