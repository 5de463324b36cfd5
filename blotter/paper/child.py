"""The practice broker as a child process that cannot outlive its parent.

It is told to end by the end of its standard input, a pipe that nobody writes to: the kernel closes it however the
parent died. It runs in its own session, so that no signal of the terminal reaches it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from select import select
from types import TracebackType
from typing import IO

import blotter

START_SECONDS = 15.0
END_SECONDS = 2.0


class PaperError(Exception):
    """The practice broker did not start; the message is a sentence for the user."""


class Child:
    """A practice broker on a free loopback port. As a context manager it is started on entry and gone on exit.

    ``flags`` are those of ``blotter paper``. ``url`` and ``token`` are set once it has started.
    """

    def __init__(self, *flags: str, start_seconds: float = START_SECONDS) -> None:
        self._flags = flags
        self._start_seconds = start_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self.url = ""
        self.token = ""

    @property
    def pid(self) -> int:
        """The process id, 0 when there is no process."""
        return self._process.pid if self._process else 0

    def start(self) -> Child:
        """Start it and read where it listens. Raises :class:`PaperError` when it does not say so in time."""
        # Started from the folder of this very package, so that the child runs the same code, wherever we are.
        home = Path(blotter.__file__).resolve().parents[1]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the child
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
                [sys.executable, "-m", "blotter", "paper", "--embedded", "--port", "0", *self._flags],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                cwd=home,
                env=_environment(),
                start_new_session=True,
            )
            told = dict(line.split(" ", 1) for line in self._first_lines(3))
            self.url, self.token = told["url"], told["token"]
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """End it and wait until it is gone; at most a few seconds, and nothing if there is none."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None

    def __enter__(self) -> Child:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def _first_lines(self, count: int) -> list[str]:
        assert self._process is not None
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        deadline = time.monotonic() + self._start_seconds
        received = b""
        while received.count(b"\n") < count:
            left = deadline - time.monotonic()
            if left <= 0 or not select([output], [], [], left)[0]:
                raise PaperError(f"the practice broker did not start within {self._start_seconds:g} s")
            piece = os.read(output, 4096)
            if not piece:
                raise PaperError(f"the practice broker did not start: {self._last_complaint()}")
            received += piece
        return received.decode().splitlines()[:count]

    def _last_complaint(self) -> str:
        """What the process said last before it ended."""
        assert self._complaints is not None
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip()
        return said.splitlines()[-1] if said else "it ended without a word"


def _environment() -> dict[str, str]:
    """Ours without what is meant for the blotter itself, its token before all."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BLOTTER_")}
