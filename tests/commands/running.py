"""A command with a private home and no terminal: in a process of its own, as a shell, a script or ``ssh host`` runs it,
or in this one, which is ten times as fast, where the process itself is not what the test is about.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from tests.desk.desk_broker import TOKEN, DeskBroker
from tests.desk.values import until
from tests.paper.serving import Serving
from tests.terminal.pty_session import private_environment

DEADLINE = 30.0


@dataclass(frozen=True, slots=True)
class Ran:
    """How it ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def is_clean(self) -> bool:
        """No traceback and nothing for a terminal to obey, on either stream."""
        return "Traceback" not in self.err and all(char.isprintable() or char == "\n" for char in self.out + self.err)


def on(broker: Serving | DeskBroker) -> dict[str, str]:
    """The variables that lead to a broker, as its ``connect`` line says."""
    if isinstance(broker, Serving):
        return {"BLOTTER_BASE_URL": broker.url, "BLOTTER_ACCESS_TOKEN": broker.token}
    return {
        "BLOTTER_BASE_URL": broker.server.url,
        "BLOTTER_STREAM_URL": broker.feed.stream_url,
        "BLOTTER_ACCESS_TOKEN": TOKEN,
    }


def start(
    home: Path,
    *arguments: str,
    to: Mapping[str, str],
    stdout: IO[bytes] | int = -1,
    program: Sequence[str] = (sys.executable, "-m", "blotter"),
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**private_environment(home), **to},
        cwd=home,
    )


@contextmanager
def started(home: Path, *arguments: str, to: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block, however the test ends."""
    with start(home, *arguments, to=to) as process:
        try:
            yield process
        finally:
            process.kill()


def comes(condition: Callable[[], object]) -> None:
    """Wait for what a process does that has to start first."""
    until(condition, DEADLINE)


def ended(process: subprocess.Popen[bytes], begun: float | None = None) -> Ran:
    out, err = process.communicate(timeout=DEADLINE)
    seconds = time.monotonic() - begun if begun is not None else 0.0
    return Ran(process.returncode, (out or b"").decode(), err.decode(), seconds)


def spawn(home: Path, *arguments: str, to: Mapping[str, str] | Serving | DeskBroker | None = None) -> Ran:
    """To its end, in a process of its own."""
    begun = time.monotonic()
    return ended(start(home, *arguments, to=_variables(to)), begun)


def run(home: Path, command: str, *arguments: str, to: Mapping[str, str] | Serving | DeskBroker | None = None) -> Ran:
    """To its end, in this process. ``to`` is a broker, or the variables to set."""
    out, err = io.StringIO(), io.StringIO()
    begun = time.monotonic()
    with environment(private_environment(home) | _variables(to)), redirect_stdout(out), redirect_stderr(err):
        try:
            code = import_module(f"blotter.commands.{command}").main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    return Ran(code, out.getvalue(), err.getvalue(), time.monotonic() - begun)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Exactly these variables, until the block ends."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _variables(to: Mapping[str, str] | Serving | DeskBroker | None) -> dict[str, str]:
    return on(to) if isinstance(to, Serving | DeskBroker) else dict(to or {})


def journal_of(home: Path) -> Path:
    return home / "state" / "blotter" / "live"


def records(home: Path, kind: str = "") -> list[dict[str, Any]]:
    """What is in the journal by now."""
    lines = [line for path in sorted(journal_of(home).glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [said for said in map(json.loads, lines) if kind in ("", said["kind"])]
