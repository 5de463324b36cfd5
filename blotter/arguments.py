"""How all commands refuse what is typed: in one sentence that is safe to look at, without the lines of usage."""

from __future__ import annotations

import argparse
from typing import NoReturn

from blotter.core.text import show

LONGEST_ACCOUNT = 50


class Parser(argparse.ArgumentParser):
    """The standard one, but for its error, which ends the process with code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {show(message)}\n")


def account(text: str) -> str:
    """An account's id as it can be typed."""
    if not (0 < len(text.strip()) <= LONGEST_ACCOUNT and text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError(f"an account id has 1 to {LONGEST_ACCOUNT} visible characters, not {text!r}")
    return text
