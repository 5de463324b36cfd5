"""The flags of ``blotter paper``. Light to import: the broker says where it listens before anything else."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import NoReturn

from blotter.paper.faults.fault import FAULTS
from blotter.paper.faults.plan import MOST, Planned, read_faults
from blotter.paper.settings import MAX_ACCOUNTS, MAX_ORDERS, MAX_RATE, PaperSettings

DEFAULTS = PaperSettings()
PROGRAM = "blotter paper"
FAULT_EVERY = 20.0
LOGIN = """\
Its login page is /oauth2/authorize, for any client id; /oauth2/logins ends
and narrows logins. A client that proves itself with a secret, as for client
credentials, has the secret practice-secret."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage lines."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def read_flags(argv: list[str]) -> argparse.Namespace:
    """The flags, each checked. Raises :class:`SystemExit`, as argparse does, after help and for a bad flag."""
    parser = _parser()
    flags = parser.parse_args(argv)
    if flags.fault_every is None:
        flags.fault_every = FAULT_EVERY
    elif not flags.faults:
        parser.error("argument --fault-every: needs --faults")
    return flags


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description="A practice broker on this machine: simulated accounts, orders and cancels.\nIt runs until ctrl+c.",
        epilog=f"{LOGIN}\n\n{_about_faults()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    count = f"working orders to keep up, over all accounts (default {DEFAULTS.orders})"
    pace = f"updates per second (default {DEFAULTS.rate})"
    parser.add_argument("--port", type=_whole(0, 65535), default=0, metavar="N", help="TCP port (default: a free one)")
    parser.add_argument("--orders", type=_whole(0, MAX_ORDERS), default=DEFAULTS.orders, metavar="N", help=count)
    parser.add_argument("--rate", type=_rate, default=DEFAULTS.rate, metavar="R", help=pace)
    parser.add_argument(
        "--seed", type=_whole(0, 2**63 - 1), default=DEFAULTS.seed, metavar="N", help="same seed, same market"
    )
    parser.add_argument(
        "--accounts",
        type=_whole(1, MAX_ACCOUNTS),
        default=DEFAULTS.accounts,
        metavar="N",
        help=f"accounts, PAPER-1 and on (default {DEFAULTS.accounts})",
    )
    parser.add_argument(
        "--token-seconds",
        type=_whole(1, 86_400),
        default=round(DEFAULTS.token_seconds),
        metavar="N",
        help=f"life of the access tokens that a login gives (default {DEFAULTS.token_seconds:g})",
    )
    parser.add_argument("--faults", type=_faults, default=(), metavar="F,F", help="practise a bad night, see below")
    parser.add_argument(
        "--fault-every", type=_seconds, metavar="S", help=f"seconds between faults (default {FAULT_EVERY:g})"
    )
    parser.add_argument("--embedded", action="store_true", help=argparse.SUPPRESS)
    return parser


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text!r}")

    return read


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if 0 <= rate <= MAX_RATE:
        return rate
    raise argparse.ArgumentTypeError(f"must be a number from 0 to {MAX_RATE:g}, not {text!r}")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if 0.1 <= seconds <= MOST:
        return seconds
    raise argparse.ArgumentTypeError(f"must be a number of seconds from 0.1 to {MOST}, not {text!r}")


def _faults(text: str) -> tuple[Planned, ...]:
    try:
        return read_faults(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _about_faults() -> str:
    kinds = "\n".join(f"  {kind:<10} {about.does}" for kind, about in FAULTS.items())
    return f"""\
Faults strike one after the other, chosen by chance: the same seed, the same
faults. Each is told on standard output as it strikes.

{kinds}

--faults drop,stall chooses from these two, all from every one. stall:35 gives
the N, which chance gives otherwise; stall:35@5 strikes once, after 5 s."""
