"""When the desk's news reaches the screen: at once if it is quiet, else a few times a second."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App
from textual.message import Message

from blotter.desk.messages import Batch, DeskLink


class Woke(Message):
    """There is something to take from the desk."""


class Pump:
    """Coalesces the desk's news into frames, ``interval`` seconds apart.

    The desk wakes the screen once and then waits until it is taken from, so that at most one message is under way
    however slow the terminal is. After the trader's own key, :meth:`hurry` lets the answer through at once.
    """

    def __init__(self, app: App[None], desk: DeskLink, deliver: Callable[[Batch], None], interval: float) -> None:
        self._app = app
        self._desk = desk
        self._deliver = deliver
        self._interval = interval
        self._waiting = False
        self._resting = False

    def start(self) -> None:
        """Listen to the desk, and take what it already has."""
        self._desk.subscribe(self._wake)
        self._take()

    def woke(self) -> None:
        """The desk has news: take it now, or when the frame's time is over."""
        if self._resting:
            self._waiting = True
        else:
            self._take()

    def hurry(self) -> None:
        """The trader acted: do not make the next news wait."""
        if self._waiting:
            self._take()
        self._resting = False

    def _wake(self) -> None:
        """Runs on the desk's thread; at the end there may be no loop left to wake."""
        try:
            self._app.post_message(Woke())
        except RuntimeError:
            return

    def _take(self) -> None:
        self._waiting = False
        self._resting = True
        self._app.set_timer(self._interval, self._rest_is_over)
        self._deliver(self._desk.take())

    def _rest_is_over(self) -> None:
        self._resting = False
        if self._waiting:
            self._take()
