"""What may be handed to the terminal's clipboard."""

from __future__ import annotations


def unfit(text: str) -> str | None:
    """Why ``text`` must not go to a clipboard: pasted into a shell, a control character would act. ``None``: it may."""
    if not text:
        return "there is none"
    if not (text.isascii() and text.isprintable()):
        return "it is not printable ASCII"
    return None
