"""How long it takes from the enter key to an answer: ``python -m tests.benchmarks.start``.

Ratios count, milliseconds do not: each command takes its turn beside an interpreter that imports the two libraries that
a reader of the broker needs, httpx and pydantic, and ends. The practice broker is a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from blotter.paper.child import Child
from tests.terminal.pty_session import PtySession, private_environment

ROUNDS = 15
BARE = "imports alone"


class Trader:
    """Somebody with a shell, a home of his own, and a broker."""

    def __init__(self, home: Path, to: Mapping[str, str]) -> None:
        self._home = home
        self._to = to

    def runs(self, *arguments: str) -> bytes:
        """What a Python with these arguments prints."""
        return subprocess.run(
            [sys.executable, *arguments],
            env={**private_environment(self._home), **self._to},
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        ).stdout

    def asks(self, *arguments: str) -> float:
        """Seconds to the end of the process."""
        begun = time.perf_counter()
        self.runs(*arguments)
        return time.perf_counter() - begun

    def looks(self) -> float:
        """Seconds to the first frame with orders."""
        begun = time.perf_counter()
        with PtySession(self._home, environment=self._to) as terminal:
            terminal.until(" NEW ")
            return time.perf_counter() - begun


def turns(trader: Trader) -> dict[str, Callable[[], float]]:
    """What is timed, by its name."""
    listed = json.loads(trader.runs("-m", "blotter", "orders", "--json"))
    working = iter([each["clOrdId"] for each in listed if each["ordStatus"] == "NEW"])
    blotter = ("-m", "blotter")
    return {
        BARE: lambda: trader.asks("-c", "import httpx; from pydantic import BaseModel"),
        "--version": lambda: trader.asks(*blotter, "--version"),
        "--help": lambda: trader.asks(*blotter, "--help"),
        "audit": lambda: trader.asks(*blotter, "audit"),
        "orders": lambda: trader.asks(*blotter, "orders"),
        "cancel, answered": lambda: trader.asks(*blotter, "cancel", next(working), "--yes", "--wait", "0"),
        "screen with orders": trader.looks,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as home, Child("--orders", "60", "--rate", "0") as broker:
        trader = Trader(Path(home), {"BLOTTER_BASE_URL": broker.url, "BLOTTER_ACCESS_TOKEN": broker.token})
        timed = turns(trader)
        spent: dict[str, list[float]] = {name: [] for name in timed}
        for _ in range(ROUNDS):
            for name, run in timed.items():
                spent[name].append(run() * 1000)
    bare = median(spent[BARE])
    print(f"{f'median of {ROUNDS}':<20}{'ms':>6}{'ratio':>7}")  # noqa: T201
    for name, times in spent.items():
        print(f"{name:<20}{median(times):>6.0f}{median(times) / bare:>7.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
