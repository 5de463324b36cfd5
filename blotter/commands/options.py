"""What the commands have in common: their flags, and the way from these and the settings to an exit code."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from blotter import environment
from blotter.arguments import Parser, account
from blotter.commands.output import Output

if TYPE_CHECKING:
    from blotter.config import Settings

    Work = Callable[[argparse.Namespace, Settings, Output], Coroutine[Any, Any, int]]

EXIT_CODES = """\
exit codes: 0 done; 1 refused by the broker, already finished, or refused here unsent, such as an id in no loaded
account; 2 usage or settings; 3 unknown, or still pending when the wait ran out; 4 authentication; 5 nothing sent: the
broker cannot be reached or does not give the orders (an account that it does not have), the journal cannot be written,
or you answered no. The worst one wins: 3, 4, 5, 1, 0."""

MOST_WAIT = 3600.0
MOST_REASON = 500
LONGEST_ID = 100


class Refused(Exception):
    """The settings do not permit the command; the message is a sentence. Exit code 2."""


def command(name: str, description: str, epilog: str = "") -> Parser:
    """The parser of ``blotter NAME``."""
    return Parser(f"blotter {name}", description=description, epilog=epilog, allow_abbrev=False)


class Once(argparse.Action):
    """A flag whose second mention would silently overrule the first is refused."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            parser.error(f"{option_string} is given twice")
        setattr(namespace, self.dest, values)


def add_connection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", action=Once, help="use the table [profiles.NAME] of config.toml")
    parser.add_argument("--base-url", metavar="URL", action=Once, help="the broker's address")


def add_accounts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--account",
        metavar="A",
        type=account,
        action="append",
        dest="accounts",
        help="only this account (repeatable)",
    )


def add_sending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask: without it, a terminal is needed to ask on")
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=_seconds,
        default=10.0,
        help="how long to wait for the last word after the answer (default 10)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON array on standard output, an object per order")


def run(given: argparse.Namespace, work: Work) -> int:
    """Do ``work`` with the settings that flags, environment and file give; returns the exit code."""
    import asyncio

    output = Output()
    try:
        return asyncio.run(work(given, _settings(given), output))
    except Refused as refusal:
        output.say(*str(refusal).split("\n"))
        return 2


def _settings(given: argparse.Namespace) -> Settings:
    """Raises :class:`Refused`."""
    from blotter import config, paths

    flags: dict[str, Any] = {
        "profile": given.profile,
        "base_url": given.base_url,
        "accounts": given.accounts,
    }
    try:
        chosen = config.live(flags, os.environ, paths.config_file(), environment.take_token(), paths.logins_folder())
    except config.ConfigError as error:
        raise Refused(str(error)) from None
    for name in given.accounts or ():
        _check_account(name, chosen.nicknames)
    return chosen


def _check_account(name: str, nicknames: Mapping[str, str]) -> None:
    """Raises :class:`Refused` for a nickname: a script that cancels must not hang on what somebody writes beside an id.
    An id wins over a nickname that looks like it.
    """
    ids = [account for account, nickname in nicknames.items() if nickname == name]
    if ids and name not in nicknames:
        raise Refused(f"{name} is your name for {' and '.join(ids)}: give the id")


def order_id(text: str) -> str:
    """A client order id as it can be typed; anything else is refused before it comes near a broker."""
    if not text:
        raise argparse.ArgumentTypeError("an empty id names no order")
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise argparse.ArgumentTypeError(f"not a client order id (printable ASCII without spaces): {text!r}")
    if len(text) > LONGEST_ID:
        raise argparse.ArgumentTypeError(f"a client order id has at most {LONGEST_ID} characters, this one {len(text)}")
    return text


def reason(text: str) -> str:
    """Why, in the words of whoever asks: it is kept as it is, so it must be text and end somewhere."""
    if not text.strip() or len(text) > MOST_REASON:
        raise argparse.ArgumentTypeError(f"a reason has 1 to {MOST_REASON} characters")
    if not text.isprintable():
        raise argparse.ArgumentTypeError("a reason is one line of printable text")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_WAIT:
        raise argparse.ArgumentTypeError(f"must be a number of seconds from 0 to {MOST_WAIT:g}, not {text!r}")
    return seconds
