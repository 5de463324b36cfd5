"""The screen as text, and golden screens.

What is compared is what the compositor would send: a golden screen is read in a review like any text. Set
``BLOTTER_LOOKS=write`` to write them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from textual.app import App

LOOKS = Path(__file__).parent.parent / "looks"


def lines(app: App[None]) -> list[str]:
    """The lines of the screen, without trailing blanks."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def screen(app: App[None]) -> str:
    return "\n".join(lines(app))


def looks_like(app: App[None], name: str) -> None:
    """Assert that the screen is the golden one of this name."""
    text_looks_like(screen(app), name)


def text_looks_like(text: str, name: str) -> None:
    """Assert that ``text`` is the golden one of this name."""
    path = LOOKS / f"{name}.txt"
    seen = text + "\n"
    if os.environ.get("BLOTTER_LOOKS") == "write":
        path.write_text(seen, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing; the screen is:\n{seen}"
    assert seen == path.read_text(encoding="utf-8")
