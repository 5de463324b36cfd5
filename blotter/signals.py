"""The end that others decide: SIGTERM, SIGHUP, SIGQUIT, and a terminal that is gone.

A signal handler runs in the main thread only, and there it may find any lock taken, so it does no more than write a
byte to a pipe. A thread of its own reads that pipe and sees the end through in the order that matters: first what was
sent (the desk finishes its requests in flight and closes the journal), then the terminal, which is told what the screen
could not show any more, then the process. No step can stretch the whole: the screen's loop may be stuck in a write, and
the last word is ``os._exit``.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import NoReturn, Protocol

from blotter.terminal import Terminal

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

GRACE = 3.0
"""Seconds for requests in flight."""

SCREEN_TIME = 0.4
"""Seconds for the screen to restore the terminal by itself, and as many again once it was freed of its writes."""


class StoppableDesk(Protocol):
    """What ending needs of the desk."""

    @property
    def done(self) -> threading.Event: ...

    def stop(self, reason: str, grace: float) -> None: ...


class Ending:
    """Watches for the end and carries it out. Made, and :meth:`watch` called, in the main thread."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._desk: StoppableDesk | None = None
        self._leave: Callable[[int], None] | None = None
        self._last_words: Callable[[], Iterable[str]] | None = None
        self._screen_ended = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ending", daemon=True)
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)

    def watch(self) -> None:
        """Take the signals over, also those that were inherited as ignored (``nohup``)."""
        for number in SIGNALS:
            signal.signal(number, self._tell)
        self._thread.start()

    def has_desk(self, desk: StoppableDesk) -> None:
        self._desk = desk

    def has_screen(self, leave: Callable[[int], None], last_words: Callable[[], Iterable[str]]) -> None:
        """``leave(exit code)`` ends the screen's loop; it is called from another thread. ``last_words`` are the lines
        that the shell is told; they are asked for once, after the screen and the desk have ended.
        """
        self._leave = leave
        self._last_words = last_words

    def screen_ended(self) -> None:
        """The screen's loop has ended and the terminal is the shell's again."""
        self._leave = None
        self._screen_ended.set()

    def exit(self, code: int) -> NoReturn:
        """End the process now, unless a signal is already ending it with its own code.

        Nothing waits for threads that hang in a name lookup or on a disk: what had to be kept is kept by now.
        """
        if self._begun.is_set():
            self._thread.join()
        self._say_last_words()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(code)

    def _tell(self, number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._write, bytes([number]))

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        # Asked for nothing, a terminal reports only that it was hung up, also to a process that gets no SIGHUP for it.
        poll.register(0, 0)
        found = dict(poll.poll())
        number = os.read(self._read, 1)[0] if self._read in found else int(signal.SIGHUP)
        self._begun.set()
        try:
            self._end(number)
            self._say_last_words()
        finally:
            os._exit(128 + number)

    def _end(self, number: int) -> None:
        self._terminal.silence_if_gone()
        if self._desk is not None:
            self._desk.stop(signal.Signals(number).name, GRACE)
            self._desk.done.wait(GRACE + 0.5)
        leave = self._leave
        if leave is None:
            return
        leave(128 + number)
        if not self._screen_ended.wait(SCREEN_TIME):
            self._terminal.release()
            self._screen_ended.wait(SCREEN_TIME)
            self._terminal.restore()

    def _say_last_words(self) -> None:
        """Not where the screen's loop is stuck: it may be busy with what they are made of, and nobody reads them."""
        last_words, self._last_words = self._last_words, None
        if last_words is None or not self._screen_ended.is_set():
            return
        with contextlib.suppress(Exception):  # the end must not hang on a sentence about it
            self._terminal.say("".join(f"blotter: {line}\n" for line in last_words()))
