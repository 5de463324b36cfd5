"""Real processes, killed for real at every point between a key and an outcome, and started again.

However one died: every cancel that the broker saw has an intent, every outcome has an intent, every chain verifies up
to at most a torn last line, and the next start settles by reading what was open, without sending anything.

``BLOTTER_CRASHES=300`` runs the long one: that many processes under load, killed at random moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from blotter.desk.journal import ledger
from tests.broker.http_server import Request, Script
from tests.desk.desk_broker import DeskBroker, running_broker, taken

ORDER = "ORD-1"
KILLED = -signal.SIGKILL
LIVES = int(os.environ.get("BLOTTER_CRASHES", "0"))


class Driver:
    """The process that forks the ones to be killed."""

    def __init__(self) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.journal.crash_driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environ,
        )
        self.pid = 0

    def live(self, broker: DeskBroker, folder: Path, *names: str, **more: Any) -> int:
        """One life; returns its exit code, negative for the signal that ended it."""
        said = {
            "url": broker.server.url,
            "stream": broker.feed.stream_url,
            "folder": str(folder),
            "names": names,
            **more,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(said) + "\n")
        self._process.stdin.flush()
        self.pid = self._hear()["pid"]
        return self._hear()["status"]

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _hear(self) -> dict[str, int]:
        assert self._process.stdout is not None
        said: dict[str, int] = json.loads(self._process.stdout.readline())
        return said


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    made = Driver()
    yield made
    made.close()


@dataclass
class Applied:
    """A broker that does what it is asked: it cancels on reading the request, and says so on the stream."""

    broker: DeskBroker
    names: set[str] = field(default_factory=set)

    async def apply(self, request: Request) -> None:
        name: str = request.json["origClOrdId"]  # type: ignore[index]  # the client always names it
        self.names.add(name)
        self.broker.feed.set(name, "CANCELED")

    def script(self, driver: Driver | None = None, when: str = "") -> Script:
        answer = taken()

        async def answering(request: Request, writer: Any) -> None:
            if driver and when == "read":
                driver.kill()
            await self.apply(request)
            if driver and when == "applied":
                driver.kill()
            await answer(request, writer)
            name: str = request.json["origClOrdId"]  # type: ignore[index]  # the client always names it
            await self.broker.feed.tell(name, "CANCELED")
            if driver and when == "answered":
                await writer.drain()
                driver.kill()

        return answering


def verify(folder: Path, broker: DeskBroker) -> dict[str, ledger.Cancel]:
    """What holds of a journal whatever happened to its writers; returns the cancels by their orders."""
    runs = ledger.runs(folder)
    assert [str(run.bad) for run in runs if run.bad] == []
    asked = ledger.cancels(runs)
    named = {cancel.intent for cancel in asked}
    outcomes = [entry for run in runs for entry in run.records if entry.kind == "outcome"]
    assert {entry.intent for entry in outcomes} <= named
    seen = [said["origClOrdId"] for said in broker.cancels]
    assert set(seen) <= {cancel.cl_ord_id for cancel in asked}
    assert len(seen) == len(set(seen)), "sent twice"
    return {cancel.cl_ord_id: cancel for cancel in asked}


def settles(driver: Driver, folder: Path, broker: DeskBroker, applied: Applied) -> None:
    """The next start sends nothing (it would be killed if it did), and every cancel ends as what the broker did."""
    assert driver.live(broker, folder, settle=True, kill={"at": "post"}) == 0
    for name, cancel in verify(folder, broker).items():
        assert cancel.outcome is not None, name
        how = cancel.outcome.said["outcome"]
        assert how == ("canceled" if name in applied.names else "unconfirmed"), (name, how)


FILE = [
    "half start",
    "append intent",
    "half intent",
    "sync intent",
    "synced intent",
    "append attempt",
    "half attempt",
    "half answer",
    "sync answer",
    "append report",
    "half outcome",
    "sync outcome",
    "synced outcome",
    "append end",
]
WIRE = [
    "post",
    "wire send_request_headers.started",
    "wire send_request_body.complete",
    "wire receive_response_headers.complete",
    "wire response_closed.complete",
]


@pytest.mark.parametrize("at", [*FILE, *WIRE])
def test_killed_at(tmp_path: Path, driver: Driver, at: str) -> None:
    with running_broker(ORDER) as broker:
        applied = Applied(broker)
        broker.on_cancel = [applied.script()]
        assert driver.live(broker, tmp_path, ORDER, kill={"at": at}) == KILLED
        verify(tmp_path, broker)
        settles(driver, tmp_path, broker, applied)


@pytest.mark.parametrize("when", ["read", "applied", "answered"])
def test_killed_by_the_broker_when_it(tmp_path: Path, driver: Driver, when: str) -> None:
    with running_broker(ORDER) as broker:
        applied = Applied(broker)
        broker.on_cancel = [applied.script(driver, when)]
        assert driver.live(broker, tmp_path, ORDER) == KILLED
        assert ORDER in verify(tmp_path, broker)
        settles(driver, tmp_path, broker, applied)


def test_a_life_that_nobody_ends(tmp_path: Path, driver: Driver) -> None:
    with running_broker(ORDER) as broker:
        applied = Applied(broker)
        broker.on_cancel = [applied.script()]
        assert driver.live(broker, tmp_path, ORDER) == 0
        assert not verify(tmp_path, broker)[ORDER].open


@pytest.mark.skipif(not LIVES, reason="BLOTTER_CRASHES=300 runs it")
def test_killed_at_random_under_load(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    plans = [plan(chance) for _ in range(LIVES)]
    tally: dict[str, int] = {}
    lock = threading.Lock()
    errors: list[BaseException] = []

    def work(mine: list[dict[str, Any]], number: int) -> None:
        driver = Driver()
        try:
            for index, more in enumerate(mine):
                folder = tmp_path / f"{number}-{index}"
                folder.mkdir()
                one(driver, folder, more, tally, lock)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            errors.append(error)
        finally:
            driver.close()

    threads = [threading.Thread(target=work, args=(plans[number::3], number)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(tally, indent=1))
    assert errors == []
    assert tally["killed"] > LIVES * 0.8


def plan(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"within": 0.4}
    return {"kill": {"at": chance.choice(FILE[1:-1] + WIRE), "nth": chance.randint(1, 20)}}


def one(driver: Driver, folder: Path, more: dict[str, Any], tally: dict[str, int], lock: threading.Lock) -> None:
    names = [f"ORD-{number}" for number in range(1, 25)]
    with running_broker(*names) as broker:
        applied = Applied(broker)
        broker.on_cancel = [applied.script()]
        ended = driver.live(broker, folder, *names, **more)
        asked = verify(folder, broker)
        runs = ledger.runs(folder)
        with lock:
            for what, count in (
                ("killed", ended == KILLED),
                ("lived", ended == 0),
                ("requests", len(broker.cancels)),
                ("intents", len(asked)),
                ("open at death", sum(cancel.open for cancel in asked.values())),
                ("torn lines", sum(run.torn > 0 for run in runs)),
            ):
                tally[what] = tally.get(what, 0) + count
        assert ended in (KILLED, 0)
        settles(driver, folder, broker, applied)
