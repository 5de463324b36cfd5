"""``blotter paper``: the practice broker, alone in its process.

The three lines come first and at once, before anything heavy is imported: the socket listens already, and a client
that connects now is served a moment later. SIGTERM and SIGINT end the process at once and quietly, by the signal (143
and 130 in a shell): nothing here is worth saving.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from blotter.paper.grants import Grants
from blotter.paper.listener import listen
from blotter.paper.settings import MAX_ACCOUNTS, MAX_ORDERS, MAX_RATE, PaperSettings

DEFAULTS = PaperSettings()
PROGRAM = "blotter paper"


def main(argv: list[str]) -> int:
    """Run the practice broker until it is told to end. Exit codes: 2 for bad flags, 1 for a port that is taken."""
    try:
        flags = _parser().parse_args(argv)
    except SystemExit as end:
        return int(end.code or 0)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if flags.embedded:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        listener = listen(flags.port)
    except OSError as error:
        sys.stderr.write(f"{PROGRAM}: cannot listen on 127.0.0.1:{flags.port}: {os.strerror(error.errno or 0)}\n")
        return 1
    grants = Grants()
    _announce(listener.getsockname()[1], grants.token)
    _serve(listener, grants, _settings(flags))
    return 0


def _settings(flags: argparse.Namespace) -> PaperSettings:
    return PaperSettings(flags.orders, flags.rate, flags.seed, flags.accounts, token_seconds=flags.token_seconds)


def _announce(port: int, token: str) -> None:
    url = f"http://127.0.0.1:{port}"
    connect = f"connect BLOTTER_BASE_URL={url} BLOTTER_ACCESS_TOKEN={token} blotter"
    # Nobody needs to read this: a broker whose output is closed serves all the same.
    with suppress(OSError):
        sys.stdout.write(f"url {url}\ntoken {token}\n{connect}\n")
        sys.stdout.flush()


def _serve(listener: socket.socket, grants: Grants, settings: PaperSettings) -> None:
    import asyncio

    from blotter.paper.clock import BrokerClock
    from blotter.paper.exchange import Exchange
    from blotter.paper.server import application, server

    exchange = Exchange(settings, BrokerClock())
    asyncio.run(server(application(exchange, grants, settings)).serve([listener]))


def _end_with_parent() -> None:
    """Wait for the end of standard input, which the kernel delivers however the parent died."""
    with suppress(OSError):
        while os.read(0, 1):
            pass
    os._exit(0)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage lines."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description="A practice broker on this machine: simulated accounts, orders and cancels. It runs until ctrl+c.",
        epilog="Its login page is /oauth2/authorize, for any client id; /oauth2/logins ends logins. A client that"
        " proves itself with a secret, as for client credentials, has the secret practice-secret.",
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
