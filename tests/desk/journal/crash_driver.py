"""A process that forks one after another, each a desk that confirms its cancels and is killed where it is told to be.

Reads one JSON object per line and answers each with two: the process it started, and how that one ended. Forking
spares every one of them the imports. A killed process is killed by SIGKILL, from inside: no handler runs, nothing is
flushed, nobody says good-bye.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import httpx

from blotter.broker.auth import Token
from blotter.broker.client import Client
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.journal import ledger
from blotter.desk.journal.disk import File
from blotter.desk.settings import DeskSettings
from tests.desk.desk_broker import TOKEN
from tests.desk.seat import QUICK, Seat

UNSETTLED, SETTLED = 3, 0


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("dead")


@dataclass
class Kill:
    """``at`` names a point of the file or of the wire, ``nth`` the time it is passed that ends the process."""

    at: str
    nth: int = 1

    def passes(self, point: str) -> bool:
        if point != self.at:
            return False
        self.nth -= 1
        return self.nth == 0

    def here(self, point: str) -> None:
        if self.passes(point):
            die()


class KillingFile(File):
    """Points: ``half KIND``, ``append KIND`` and ``written KIND`` around each record; ``sync KIND`` and ``synced KIND``
    around the fsync that follows one.
    """

    def __init__(self, path: Path, kill: Kill) -> None:
        super().__init__(path)
        self._kill = kill
        self._kinds: list[str] = []

    def append(self, data: bytes) -> None:
        kind = json.loads(data)["kind"]
        self._kill.here(f"append {kind}")
        if self._kill.passes(f"half {kind}"):
            os.write(self._fd, data[: len(data) // 2])
            die()
        super().append(data)
        self._kinds.append(kind)
        self._kill.here(f"written {kind}")

    def sync(self) -> None:
        for kind in self._kinds:
            self._kill.here(f"sync {kind}")
        super().sync()
        for kind in self._kinds:
            self._kill.here(f"synced {kind}")
        self._kinds = []


class KillingTransport(httpx.AsyncHTTPTransport):
    """Points: ``post``, then ``wire EVENT`` at the HTTP library's own events, ``answered`` at the end of the body."""

    def __init__(self, kill: Kill) -> None:
        super().__init__(trust_env=False)
        self._kill = kill

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self._kill.here("post")
            noted: Callable[[str, dict[str, Any]], Any] = request.extensions["trace"]

            async def trace(event: str, info: dict[str, Any]) -> None:
                self._kill.here(f"wire {event.partition('.')[2]}")
                await noted(event, info)

            request.extensions["trace"] = trace
        return await super().handle_async_request(request)


def run(said: dict[str, Any]) -> int:
    """One life: ``names`` are canceled, all at once; ``settle`` waits until nothing of any run is open."""
    folder = Path(said["folder"])
    kill = Kill(**said.get("kill", {"at": "nowhere"}))
    if within := said.get("within"):
        threading.Timer(random.uniform(0, within), die).start()
    settings = DeskSettings(
        base_url=said["url"],
        stream_url=said["stream"],
        token=Token(TOKEN),
        state_dir=folder,
        timeout=3.0,
        patience=replace(QUICK, neighbours=0.5),
    )

    def client(of: DeskSettings) -> Client:
        return Client(of.base_url, of.token, transport=KillingTransport(kill))

    with Desk(settings, SystemClock(), open_tape=lambda path: KillingFile(path, kill), open_client=client) as desk:
        seat = Seat(desk, folder)
        names = said["names"]
        seat.live(len(names) or 1)
        for name in names:
            seat.yes(name)
        if names:
            asked = set(names)
            ended = {"canceled", "moot", "refused", "not sent", "unconfirmed"}
            seat.until(lambda: asked <= _with_outcome(folder, ended), 10)
        if said.get("settle"):
            deadline = time.monotonic() + 10
            while any(_is_open(cancel) for cancel in ledger.cancels(ledger.runs(folder))):
                if time.monotonic() > deadline:
                    return UNSETTLED
                seat.look()
                time.sleep(0.01)
    return SETTLED


def _with_outcome(folder: Path, ended: set[str]) -> set[str]:
    asked = ledger.cancels(ledger.runs(folder))
    return {each.cl_ord_id for each in asked if each.outcome and each.outcome.said["outcome"] in ended}


def _is_open(cancel: ledger.Cancel) -> bool:
    unconfirmed = cancel.outcome is not None and cancel.outcome.said["outcome"] == "unconfirmed"
    return cancel.open and not unconfirmed


def tell(said: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                code = run(json.loads(line))
            finally:
                sys.stderr.flush()
                os._exit(code)
        tell({"pid": pid})
        _, status = os.waitpid(pid, 0)
        tell({"status": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main()
