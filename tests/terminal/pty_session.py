"""The program in a real pseudo-terminal, with a screen that tests read as a trader would.

A session owns a private home folder, so that nothing of the machine's user is read or written. Every wait is for a
condition with a deadline; what fails shows the screen.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

DEADLINE = 20.0
"""Seconds that a loaded machine may take for anything that has no promise of its own."""

# The child must own the terminal (job control, SIGHUP on hang-up): a session leader gets it by opening it.
_LAUNCH = "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); os.execv(sys.argv[1], sys.argv[1:])"

READ_FIRST = 0.5
"""Seconds after a question is on the screen; keys in the first 0.4 do not count."""

TRIES = 4
"""Times that a key may come too early: on a busy machine the program knows of its frame later than we see it."""

_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])\d*u")

_ASKED = "keep the order"

_LEAVE_SCREEN = b"\x1b[?1049l"
"""The program gives the screen back."""

AS_FOUND = {b"7": True, b"25": True}
"""Modes that a terminal has on by itself: line wrap and the cursor. All others are off."""


class PtySession:
    """``argv`` under a terminal of ``columns`` x ``lines``; leaves nothing behind when the ``with`` block ends."""

    def __init__(
        self,
        home: Path,
        arguments: Sequence[str] = (),
        *,
        columns: int = 80,
        lines: int = 24,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = (sys.executable, "-m", "blotter"),
    ) -> None:
        self.home = home
        self.raw = b""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = threading.Condition()
        self._reading = threading.Event()
        self._reading.set()
        self._closed = False
        self._master, slave = pty.openpty()
        self._size(columns, lines)
        self.modes_before = termios.tcgetattr(slave)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _LAUNCH, *program, *arguments],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env={**private_environment(home), **(environment or {})},
                cwd=home,
                start_new_session=True,
            )
        finally:
            os.close(slave)
        self._reader = threading.Thread(target=self._read, name="pty-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.set()
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(DEADLINE)
        self.close_pty()
        self._reader.join(DEADLINE)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    # What is on the screen.

    @property
    def display(self) -> list[str]:
        """The lines of the screen, without trailing spaces."""
        with self._changed:
            return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.display)

    def style(self, line: int, column: int) -> Any:
        """The character cell, with its colours and attributes, as pyte keeps it."""
        with self._changed:
            return self._screen.buffer[line][column]

    def until(self, wanted: str | Callable[[str], object], deadline: float = DEADLINE) -> str:
        """Wait until the screen contains ``wanted``, or until ``wanted(screen)`` holds; returns the screen."""
        end = time.monotonic() + deadline
        while True:
            with self._changed:
                text = "\n".join(line.rstrip() for line in self._screen.display)
                if wanted in text if isinstance(wanted, str) else wanted(text):
                    return text
                left = end - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(min(left, 0.25))
        code = self._process.poll()
        what = repr(wanted) if isinstance(wanted, str) else getattr(wanted, "__doc__", None) or wanted.__name__
        raise AssertionError(f"no {what} within {deadline} s (exit code {code}), but:\n{text}")

    # What the trader does.

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def say_yes(self) -> None:
        """``y`` to the question of one cancel, again where it says that this was too quick, and for no other reason.

        Raises:
            AssertionError: the question stays, and says something else or the same for ever.
        """
        for _ in range(TRIES):
            time.sleep(READ_FIRST)
            if _ASKED not in self.text:  # what we read as a second refusal was the first
                return
            self.type("y")
            if _ASKED not in self.until(_taken_or_too_quick):
                return
        raise AssertionError(f"still too quick after {TRIES} times {READ_FIRST} s:\n{self.text}")

    def leave_now(self, key: str = "l") -> float:
        """To the question before leaving, which says nothing of a key that comes too early; returns the moment of the
        key that was taken.

        Raises:
            AssertionError: the question stays.
        """
        for _ in range(TRIES):
            time.sleep(READ_FIRST)
            typed = time.monotonic()
            self.type(key)
            with self._changed:
                if self._changed.wait_for(lambda: _LEAVE_SCREEN in self.raw, READ_FIRST):
                    return typed
        raise AssertionError(f"still there after {key!r} {TRIES} times:\n{self.text}")

    def send(self, raw: bytes) -> None:
        """Bytes that may be no keys, no faster than the line takes them."""
        while raw:
            raw = raw[os.write(self._master, raw[:1024]) :]

    def resize(self, columns: int, lines: int) -> None:
        with self._changed:
            self._screen.resize(lines, columns)
        self._size(columns, lines)

    # What the line does.

    def stall(self) -> None:
        """Read nothing more, as a dead SSH link does."""
        self._reading.clear()

    def resume(self) -> None:
        self._reading.set()

    def unread(self) -> int:
        """Bytes of output that wait in the line."""
        return int.from_bytes(fcntl.ioctl(self._master, termios.FIONREAD, bytes(4)), sys.byteorder)

    def processor_time(self) -> float:
        """Seconds that the program has computed so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close_pty(self) -> None:
        """Hang up."""
        if not self._closed:
            self._closed = True
            self._reading.set()
            self._reader.join(DEADLINE)
            os.close(self._master)

    # How it ends.

    def signal(self, number: int) -> None:
        os.kill(self._process.pid, number)

    def exit_code(self, deadline: float = DEADLINE) -> int:
        """Wait for the end of the program (and, while the terminal is read, for its last byte)."""
        try:
            code = self._process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {deadline} s:\n{self.text}") from None
        if self._reading.is_set() and not self._closed:
            self._reader.join(DEADLINE)
        return code

    def assert_restored(self) -> None:
        """The terminal is as it was found: screen, cursor, reports, keyboard protocol, line discipline."""
        if self._process.poll() is not None:
            self._reader.join(DEADLINE)
        modes: dict[bytes, bool] = {}
        for numbers, switch in _MODE.findall(self.raw):
            for number in numbers.split(b";"):
                modes[number] = switch == b"h"
        left = {n.decode(): on for n, on in modes.items() if on != AS_FOUND.get(n, False)}
        assert not left, f"terminal modes left behind: {left}"
        pushed = sum(1 if way == b">" else -1 for way in _KITTY.findall(self.raw))
        assert pushed <= 0, "the kitty keyboard protocol is still on"
        if not self._closed:
            assert termios.tcgetattr(self._master) == self.modes_before

    def _size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _read(self) -> None:
        while not self._closed:
            self._reading.wait()
            if not select.select([self._master], [], [], 0.05)[0] or not self._reading.is_set():
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux says EIO when the last process has left
                data = b""
            if not data:
                return
            with self._changed:
                self.raw += data
                self._stream.feed(data)
                self._changed.notify_all()


def _taken_or_too_quick(screen: str) -> bool:
    """y taken, or too quick"""
    return _ASKED not in screen or "too quick" in screen


def private_environment(home: Path) -> dict[str, str]:
    """An environment that shows the program nothing of this machine's user."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH") if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    return {
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "TERM": "xterm-256color",
        "PYTHONPATH": os.pathsep.join([root, *filter(None, [kept.get("PYTHONPATH")])]),
    }
