"""Lines for a terminal without a screen. Whatever they quote is made visible first."""

from __future__ import annotations

import sys

from blotter.broker.errors import BrokerError, sentence
from blotter.core.text import show


def say(text: str = "") -> None:
    sys.stdout.write(f"{show(text)}\n")
    sys.stdout.flush()


def refuse(text: str) -> None:
    sys.stderr.write(f"blotter: {show(text)}\n")
    sys.stderr.flush()


def failed(error: BrokerError) -> None:
    """What happened and what to do, and the broker's words beside it."""
    refuse(sentence(error) + quoted(error.words))


def quoted(words: str) -> str:
    return f' The broker says: "{words}"' if words else ""
