"""A market day at high speed on a line that never holds for long. Opt-in: ``BLOTTER_SOAK=1200`` is 20 minutes.

The figures are printed: run with ``-n 0 -s``.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from blotter.broker.auth import Token
from blotter.broker.urls import stream_url
from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.desk.desk import Desk
from blotter.desk.settings import DeskSettings
from tests.soak.gauge import Gauge, census
from tests.soak.journal import Journal
from tests.soak.trader import CLOCK, Trader

SECONDS = float(os.environ.get("BLOTTER_SOAK", "0"))
SEED = int(os.environ.get("BLOTTER_SOAK_SEED", "7"))
ORDERS, RATE, FAULT_EVERY, CANCELS = 3000, 300.0, 6.0, 2.0
WARM, FULL, AT_REST = 0.25, 0.6, 0.7
"""Shares of the run: from the first on memory is compared; from the second on no order comes any more; from the third
on, when what the last arrivals cost is in place, the set of orders is the same and memory must be, too."""

SLACK, PER_ORDER, AT_REST_SLACK = 10.0, 0.004, 5.0
"""MB. An order takes 1.2 KB of the book; the rest of what is resident is freed memory that the allocator keeps in
pieces (in five minutes what lives went from 39.4 to 38.9 MB, what is resident from 92 to 106). Measured in 20 minutes
with seed 11: 15.1 MB for 1,998 orders, and 3.5 at rest; before lists were taken in page by page 33 MB for 4,078 orders.
"""

PER_PRESS = 60
"""Pieces of memory: what a cancel leaves is its case, its ask, its times and words, and the row that showed it. One
object kept of each update would be 150 a press."""

SETTLE = 150.0
"""Seconds for the last cancels to be settled once the line holds: reads of unknown outcomes come every 60 s."""

WAITING = (CancelState.SENT, CancelState.PENDING, CancelState.UNKNOWN)
OPEN = (*WAITING, CancelState.UNCONFIRMED)
KINDS = ("Row", "Report", "Case", "CancelRequest", "Ask", "Notice")

pytestmark = pytest.mark.skipif(not SECONDS, reason="opt-in: BLOTTER_SOAK=1200 soaks for 20 minutes")

Json = dict[str, Any]


class Broker:
    """The soak's broker and the two things that can be asked of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        told = self._read()
        self.url: str = told["url"]
        self.token: str = told["token"]

    def calm(self) -> None:
        self._write("calm")

    def storm(self) -> None:
        self._write("storm")

    def full(self) -> None:
        self._write("full")

    def differences(self, trader: Trader) -> list[str]:
        """Where the desk's book and the broker's are not the same; what is stale counts as different.

        The broker compares, order by order as they come: its whole book in this process would be measured with it.
        """
        self._write("compare")
        for row in trader.rows.values():
            self._write(json.dumps(_figures(row)))
        self._write("")
        differ: list[str] = self._read()
        return differ

    def book(self) -> Json:
        self._write("book")
        told: Json = self._read()
        return told

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


@contextmanager
def soaked_broker() -> Iterator[Broker]:
    flags = f"--orders {ORDERS} --rate {RATE} --seed {SEED} --fault-every {FAULT_EVERY}"
    command = [sys.executable, "-m", "tests.soak.broker", *flags.split()]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Broker(process)
        finally:
            process.kill()


def _figures(row: Row) -> list[str | bool]:
    order = row.order
    figures = [str(figure) for figure in (order.cum_qty, order.leaves_qty, order.avg_price or 0)]
    return [*row.key, order.ord_status, *figures, row.stale_since is None]


def test_a_market_day(tmp_path: Path) -> None:
    with soaked_broker() as broker:
        settings = DeskSettings(broker.url, stream_url(broker.url), Token(broker.token), tmp_path / "journal")
        with Desk(settings, CLOCK) as desk:
            trader, gauge = Trader(desk, Random(SEED), CANCELS), Gauge(desk)
            work(trader, gauge, FULL * SECONDS)
            broker.full()
            work(trader, gauge, (AT_REST - FULL) * SECONDS)
            settled = [calm(trader, broker)]
            broker.storm()
            work(trader, gauge, (1 - AT_REST) * SECONDS)
            settled.append(calm(trader, broker))
            alive = at_rest()
        told = broker.book()
        journal = Journal(tmp_path / "journal")
        report(trader, gauge, journal, told, settled, alive)

        assert [calm.differences for calm in settled] == [[], []]
        journal.check(trader, told)
        megabytes, rows = gauge.growth(since=WARM)
        assert megabytes < SLACK + PER_ORDER * rows, "memory grows by more than the orders that came"
        megabytes, rows = gauge.growth(since=AT_REST)
        assert rows == 0, "orders came although the broker has no more"
        assert megabytes < AT_REST_SLACK, "memory grows although no order came"
        earlier, later = settled
        asked = later.presses - earlier.presses
        assert later.live - earlier.live <= PER_PRESS * asked, "more is kept of the last part than its cancels"
        # Of each order its row, and the two between which a gap or a list made a difference; of each cancel where it
        # stands, in its order's row alone, and its case until its last word; of the hundreds of thousands of updates
        # that were read and told nothing. A refusal that names no request of ours stands in its order's row, too.
        assert alive["Row"] <= 3 * len(trader.rows)
        asks = [ask for row in trader.rows.values() for ask in row.asks]
        assert alive["Ask"] <= len(asks)
        assert sum(ask.intent != "" for ask in asks) <= len(journal.intents)
        assert max(alive["Case"], alive["CancelRequest"]) <= len(journal.intents) - len(journal.final)
        assert alive["Report"] == alive["Notice"] == 0


def work(trader: Trader, gauge: Gauge, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        trader.work()
        assert trader.failed is None, trader.failed
        gauge.measure(len(trader.rows))
        time.sleep(0.02)


@dataclass(frozen=True)
class Calm:
    """What is there once the line held and everything came to rest."""

    seconds: float
    """How long that took."""
    differences: list[str]
    presses: int
    live: int
    """Pieces of memory in use, of Python's own allocator: all but texts and tables of over 512 bytes."""


def calm(trader: Trader, broker: Broker) -> Calm:
    broker.calm()
    seconds = wait_for_the_end(trader, broker)
    return Calm(seconds, broker.differences(trader), trader.presses, live(trader))


def live(trader: Trader) -> int:
    """The least of some looks: a list that is under way takes up to 70,000 pieces, and gives them back."""
    found = []
    for _ in range(5):
        trader.look()
        gc.collect()
        found.append(sys.getallocatedblocks())
        time.sleep(0.5)
    return min(found)


def wait_for_the_end(trader: Trader, broker: Broker) -> float:
    """Until the book is the broker's and no cancel waits for its outcome, or patience ends; gives the seconds."""
    start = time.monotonic()
    while time.monotonic() < start + SETTLE:
        for _ in range(50):
            trader.look()
            time.sleep(0.02)
        waiting = any(row.cancel in WAITING for row in trader.rows.values())
        if trader.all_ok and not waiting and not broker.differences(trader):
            break
    return time.monotonic() - start


def at_rest() -> Counter[str]:
    """What is alive while no list is under way; whatever is there after ten seconds is kept."""
    end = time.monotonic() + 10
    while (alive := census())["Report"] and time.monotonic() < end:
        time.sleep(0.1)
    return alive


def report(
    trader: Trader, gauge: Gauge, journal: Journal, broker: Json, settled: list[Calm], alive: Counter[str]
) -> None:
    outcomes = Counter(
        f"{entry.said['outcome']}{'' if entry.said['final'] else ' (open)'}" for entry in journal.outcomes.values()
    )
    lags = sorted(gauge.lags)
    figures = {
        "seconds": SECONDS,
        "seed": SEED,
        "updates published": broker["updates"],
        "orders at the end": len(broker["orders"]),
        "rows taken by the screen": trader.rows_taken,
        "faults": broker["faults"],
        "faults in all": sum(broker["faults"].values()),
        "phases entered": dict(trader.phases),
        "presses": trader.presses,
        "barred by the link": trader.barred,
        "intents": len(journal.intents),
        "declined": len(journal.declined),
        "attempts": sum(journal.attempts.values()),
        "arrived at the exchange": sum(broker["cancels"].values()),
        "outcomes": dict(outcomes),
        "notices": dict(trader.notices),
        "orders on which a list disagreed": trader.disagreements,
        "differences at rest": [len(calm.differences) for calm in settled],
        "cancels without a last word": [
            (row.tag, row.cancel.value, row.order.ord_status, row.cancel_text)
            for row in trader.rows.values()
            if row.cancel in OPEN
        ],
        "settled after (s)": [round(calm.seconds, 1) for calm in settled],
        "live at rest (pieces of memory, presses until then)": [(calm.live, calm.presses) for calm in settled],
        "alive at the end": {kind: alive[kind] for kind in KINDS},
        "loop lag (ms) median / 99.9 % / most": [
            round(1000 * lag, 1) for lag in (statistics.median(lags), lags[int(len(lags) * 0.999)], lags[-1])
        ],
        "memory (MB) by tenths of the run": [
            round(gauge.samples[tenth * (len(gauge.samples) - 1) // 10][1], 1) for tenth in range(11)
        ],
        **{
            f"growth since {since:.0%} of the run (MB, rows)": (round(megabytes, 1), rows)
            for since in (WARM, AT_REST)
            for megabytes, rows in [gauge.growth(since)]
        },
    }
    sys.stdout.write("".join(f"\n{name}: {figure}" for name, figure in figures.items()) + "\n")
