"""The desk: a thread of its own with an event loop of its own, which needs neither a screen nor the main thread.

Why a thread: when a terminal stops reading, the screen's loop blocks; the link to the broker, the deadlines and the
journal must not. Every HTTP, WebSocket and asyncio object is made in here. Down go calls that only wake the loop, up
go frozen values through one mailbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from blotter.broker.client import Client
from blotter.core.asking.mass import MassCancel
from blotter.core.book.cancel import CancelRequest
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.core.order import OrderKey
from blotter.desk.cancels.sentences import UNTOUCHED, not_sent
from blotter.desk.client import open_client
from blotter.desk.garbage import seldom_collected
from blotter.desk.journal.disk import File, Tape
from blotter.desk.live import Live
from blotter.desk.mailbox import Mailbox
from blotter.desk.messages import Batch, DeskFailed
from blotter.desk.settings import DeskSettings as DeskSettings

GRACE = 3.0
"""Seconds for requests in flight when the desk is left."""

JOIN = 1.0
"""Seconds to wait for the thread once everything that matters is on disk."""


def kind(error: BaseException) -> str:
    """The least that can be said of an error."""
    return type(error).__name__


class DeskError(Exception):
    """The desk died of an error of ours, which is the cause of this one."""


class Desk:
    """A context manager around one session; :class:`~blotter.desk.messages.DeskLink` for the screen.

    ``done`` is set when the last outcome is on disk, or the desk dead: nothing is lost by ending the process then.
    ``failed`` says why it died; leaving the desk raises :class:`DeskError` in that case. ``open_tape`` makes the
    journal's files, ``open_client`` the way to the broker; ``told`` puts an error of ours into words that quote
    nothing, and may keep a report of it.
    """

    def __init__(
        self,
        settings: DeskSettings,
        clock: Clock,
        *,
        open_tape: Callable[[Path], Tape] = File,
        open_client: Callable[[DeskSettings], Client] = open_client,
        told: Callable[[BaseException], str] = kind,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._open_tape = open_tape
        self._open_client = open_client
        self._told = told
        self._mailbox = Mailbox()
        self._requests: deque[CancelRequest | MassCancel] = deque()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._live: Live | None = None
        self._end: asyncio.Event | None = None
        self._ending: tuple[str, float] | None = None
        self._error: BaseException | None = None
        self.done = threading.Event()
        self.failed: DeskFailed | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop("quit" if kind is None else f"screen failed ({kind.__name__})", GRACE)
        grace = self._ending[1] if self._ending else GRACE
        if self.done.wait(grace + JOIN):
            self._thread.join(JOIN)
        if self._error is not None and kind is None:
            raise DeskError(self.failed.reason if self.failed else "") from self._error

    def subscribe(self, wake: Callable[[], None]) -> None:
        self._mailbox.subscribe(wake)

    def take(self) -> Batch:
        return self._mailbox.take()

    def cancel(self, request: CancelRequest) -> bool:
        return self._hand_over(request)

    def cancel_many(self, mass: MassCancel) -> bool:
        return self._hand_over(mass)

    def stop_many(self, name: str) -> bool:
        return self._call(lambda: self._stop_many(name))

    def export(self, name: str, text: str) -> bool:
        return self._call(lambda: self._export(name, text))

    def _hand_over(self, request: CancelRequest | MassCancel) -> bool:
        """A request that the loop does not take before it closes is found in the queue and told as *not sent*."""
        self._requests.append(request)
        if self._call(self._take_requests):
            return True
        with contextlib.suppress(ValueError):
            self._requests.remove(request)
        return False

    def withhold(self, key: OrderKey) -> bool:
        return self._call(lambda: self._withhold(key))

    def acknowledge(self, intents: tuple[str, ...]) -> bool:
        return self._call(lambda: self._acknowledge(intents))

    def relist(self) -> bool:
        return self._call(self._relist)

    def stop(self, reason: str, grace: float) -> None:
        """End the session: nothing new is sent, requests in flight get ``grace`` seconds. The first call counts.

        Returns at once and takes no lock, so that a signal handler may call it whatever it interrupted.
        """
        if self._ending is None:
            self._ending = (reason, grace)
        self._call(self._stop)

    def _call(self, action: Callable[[], None]) -> bool:
        loop = self._loop
        if loop is None:
            return not self.done.is_set() and self._thread.is_alive()
        try:
            loop.call_soon_threadsafe(action)
        except RuntimeError:
            return False
        return True

    def _run(self) -> None:
        try:
            with seldom_collected():
                asyncio.run(self._main())
        except BaseException as error:  # noqa: BLE001 - the outermost frame of the thread: nobody else would hear of it
            self._die(error)
        finally:
            self._refuse_the_rest()
            self.done.set()

    async def _main(self) -> None:
        self._end = asyncio.Event()
        self._live = Live(self._settings, self._clock, self._mailbox, self._open_tape, self._open_client)
        self._loop = asyncio.get_running_loop()
        # Asked before there was a loop to ask: whoever came first, one of the two sees the other.
        if self._ending is not None:
            self._end.set()
        self._take_requests()
        await self._live.run(self._end, lambda: self._ending or ("", GRACE), self.done.set)

    def _take_requests(self) -> None:
        assert self._live is not None
        while self._requests:
            match self._requests.popleft():
                case MassCancel() as mass:
                    self._live.cancel_many(mass)
                case request:
                    self._live.cancel(request)

    def _stop_many(self, name: str) -> None:
        assert self._live is not None
        self._live.stop_many(name)

    def _export(self, name: str, text: str) -> None:
        assert self._live is not None
        self._live.export(name, text)

    def _withhold(self, key: OrderKey) -> None:
        assert self._live is not None
        self._live.withhold(key)

    def _acknowledge(self, intents: tuple[str, ...]) -> None:
        assert self._live is not None
        self._live.acknowledge(intents)

    def _relist(self) -> None:
        assert self._live is not None
        self._live.relist()

    def _stop(self) -> None:
        assert self._end is not None
        self._end.set()

    def _die(self, error: BaseException) -> None:
        """The error's words are left out: a library's message can quote a header, and with it the token."""
        self._error = error
        reason = f"an error of this program, {self._told(error)}; what was sent is in the journal"
        self.failed = DeskFailed(reason, self._clock.now())
        self._mailbox.fail(self.failed)

    def _refuse_the_rest(self) -> None:
        while self._requests:
            request = self._requests.popleft()
            now = self._clock.now().utc
            if isinstance(request, MassCancel):
                text = not_sent(f"the desk has ended; none of {len(request.requests)} orders was touched")
                self._mailbox.notice(Notice(now, Severity.ALERT, text))
                continue
            text = not_sent(f"the desk has ended; {UNTOUCHED}")
            self._mailbox.notice(Notice(now, Severity.ALERT, text, key=request.key, tag=request.tag))
