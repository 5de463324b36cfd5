"""``blotter paper``: the practice broker, alone in its process.

The three lines come first and at once, before anything heavy is imported: the socket listens already, and a client
that connects now is served a moment later. SIGTERM and SIGINT end the process at once and quietly, by the signal (143
and 130 in a shell): nothing here is worth saving.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from blotter.paper.faults.fault import Fault
from blotter.paper.faults.plan import play
from blotter.paper.flags import PROGRAM, read_flags
from blotter.paper.grants import Grants
from blotter.paper.listener import listen
from blotter.paper.settings import PaperSettings


def main(argv: list[str]) -> int:
    """Run the practice broker until it is told to end. Exit codes: 2 for bad flags, 1 for a port that is taken."""
    try:
        flags = read_flags(argv)
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
    grants = Grants(token=_token(flags))
    _announce(listener.getsockname()[1], grants.token)
    _serve(listener, grants, _settings(flags), play(flags.faults, flags.fault_every, flags.seed))
    return 0


def _token(flags: argparse.Namespace) -> str:
    """Started again on the same port with the same seed, the broker is the same to a blotter that is still running."""
    if not flags.port:
        return ""
    return f"paper-{hashlib.sha256(f'{flags.port} {flags.seed}'.encode()).hexdigest()[:24]}"


def _settings(flags: argparse.Namespace) -> PaperSettings:
    return PaperSettings(flags.orders, flags.rate, flags.seed, flags.accounts, token_seconds=flags.token_seconds)


def _announce(port: int, token: str) -> None:
    url = f"http://127.0.0.1:{port}"
    connect = f"connect BLOTTER_BASE_URL={url} BLOTTER_ACCESS_TOKEN={token} blotter"
    _say(f"url {url}\ntoken {token}\n{connect}")


def _say(text: str) -> None:
    # Nobody needs to read this: a broker whose output is closed serves all the same.
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _serve(
    listener: socket.socket, grants: Grants, settings: PaperSettings, faults: Iterator[tuple[float, Fault]]
) -> None:
    import asyncio

    from blotter.paper.clock import BrokerClock
    from blotter.paper.exchange import Exchange
    from blotter.paper.server import application, server

    clock = BrokerClock()
    app = application(Exchange(settings, clock), grants, settings)
    first = next(faults, None)
    if first is None:
        asyncio.run(server(app).serve([listener]))
        return

    from blotter.paper.faults.faults import Faults

    def told(fault: Fault) -> None:
        _say(f"fault {clock.now().utc:%H:%M:%S}Z {fault}")

    asyncio.run(Faults(app, settings, clock, told).serve(listener, chain([first], faults)))


def _end_with_parent() -> None:
    """Wait for the end of standard input, which the kernel delivers however the parent died."""
    with suppress(OSError):
        while os.read(0, 1):
            pass
    os._exit(0)
