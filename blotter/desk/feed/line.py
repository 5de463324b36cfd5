"""The one stream of all accounts, opened again and again.

It is given up for good only when the broker refuses the token on it; a handshake that is refused, with HTTP 403 too,
is what a broker or a proxy does while it restarts. The trader's ``r`` tries even a refused one again. A stream that
ends because it was silent, because its session expired or because time jumped is followed by the next one at once:
the wait is for brokers that refuse, not for those that were lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Protocol

from blotter.broker.errors import Ask, BrokerError, StreamClosed, StreamRefused, SubscribeRefused
from blotter.broker.stream import RefreshWarning, SessionExpired, Stream, StreamEvent
from blotter.core.account import Account
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.desk.feed.backoff import Backoff
from blotter.desk.feed.renewal import Renewal
from blotter.desk.feed.timings import Timings

SLICE = 50
"""Messages taken in a row before the loop gets its turn: a burst that has arrived never makes the reader wait."""

Connect = Callable[[], AbstractAsyncContextManager[Stream]]


class LineListener(Protocol):
    """What becomes of the stream. Calls come in the order of events, on the loop of :meth:`Line.run`."""

    def carried(self, account: str) -> None:
        """The stream that is being opened carries this account from now on."""

    def not_carried(self, account: str, error: BrokerError) -> None:
        """The broker said no to this account, or nothing."""

    def carries(self, account: str) -> bool:
        """Whether the account is carried after all: its events came, whatever the broker said."""
        ...

    def opened(self) -> None:
        """Every account was asked for."""

    async def said(self, message: StreamEvent, now: Instant) -> None:
        """The stream said something."""

    def lost(self, reason: str, attempt: int) -> None:
        """A stream that was open, or half so, is gone; ``attempt`` is the number of the next one."""

    def failed(self, error: BrokerError, attempt: int) -> None:
        """A stream could not be had; another attempt follows, unless it was a :class:`StreamRefused`."""


class Line:
    """Keeps a stream open for as long as :meth:`run` runs. Attempts are counted since one last lived for a while."""

    def __init__(
        self,
        connect: Connect,
        accounts: Sequence[Account],
        *,
        clock: Clock,
        timings: Timings,
        chance: random.Random,
        listener: LineListener,
    ) -> None:
        self._attempt = 0
        self._connect = connect
        self._accounts = accounts
        self._clock = clock
        self._timings = timings
        self._listener = listener
        self._backoff = Backoff(timings.first_retry, timings.last_retry, chance)
        self._chance = chance
        self._retry = asyncio.Event()
        self._again = asyncio.Event()
        self._cut: asyncio.Future[str] | None = None
        self._since: Instant | None = None
        self._heard: Instant | None = None
        self._left: set[asyncio.Task[str]] = set()

    @property
    def open(self) -> bool:
        """Whether a stream stands now."""
        return self._since is not None

    def silence(self, now: Instant) -> float:
        """Seconds since the stream that stands said anything; 0 while there is none."""
        return now.since(self._heard) if self._heard is not None and self.open else 0.0

    async def run(self) -> None:
        """Open the stream, read it to its end, wait, for ever."""
        while True:
            self._retry.clear()
            wait = await self._once()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._retry.wait()

    def retry(self) -> None:
        """Do not wait for the next attempt."""
        self._retry.set()

    def ask_again(self) -> None:
        """Ask anew at once for the accounts that the stream was refused for."""
        self._again.set()

    def cut(self, reason: str) -> None:
        """Give up the stream that is open or being opened, and open another at once."""
        self._retry.set()
        if self._cut is not None and not self._cut.done():
            self._cut.set_result(reason)

    async def _once(self) -> float | None:
        """One stream from its opening to its end; the seconds to wait then, ``None`` for until asked."""
        self._cut = asyncio.get_running_loop().create_future()
        session = asyncio.create_task(self._session())
        try:
            await asyncio.wait({session, self._cut}, return_when=asyncio.FIRST_COMPLETED)
            if not session.done():
                return self._ended(self._cut.result(), expected=True)
            return self._ended(session.result(), expected=True)
        except BrokerError as error:
            if self._since is not None:
                return self._ended(error.problem or "closed", expected=False)
            self._attempt += 1
            self._listener.failed(error, self._attempt)
            return None if isinstance(error, StreamRefused) else self._backoff.next()
        finally:
            self._since = None
            await self._leave(session)

    def _ended(self, reason: str, *, expected: bool) -> float:
        lived = self._clock.now().since(self._since) if self._since is not None else 0.0
        if lived >= self._timings.settled:
            self._attempt = 0
            self._backoff.reset()
        self._attempt += 1
        self._since = None
        self._listener.lost(reason, self._attempt)
        return 0.0 if expected and lived >= self._timings.settled else self._backoff.next()

    async def _session(self) -> str:
        """Gives the reason of an end that was announced; every other end is an error."""
        async with AsyncExitStack() as stack:
            stream = await self._open(stack)
            renewal = Renewal(stream)
            for work in (self._carry_all(stream), self._keep_alive(stream), renewal.run()):
                task = asyncio.create_task(work)
                task.add_done_callback(self._check)
                stack.callback(task.cancel)
            taken = 0
            async for message in stream:
                self._heard = self._clock.now()
                await self._listener.said(message, self._heard)
                taken += 1
                if taken % SLICE == 0:
                    await asyncio.sleep(0)
                if isinstance(message, SessionExpired):
                    return "the session expired"
                if isinstance(message, RefreshWarning):
                    renewal.warned()
        raise StreamClosed(Ask.STREAM, "it ended")

    async def _open(self, stack: AsyncExitStack) -> Stream:
        patience = self._timings.open
        try:
            async with asyncio.timeout(patience):
                stream = await stack.enter_async_context(self._connect())
        except TimeoutError:
            raise StreamClosed(Ask.STREAM, f"it did not open within {patience:.0f} s") from None
        self._since = self._heard = self._clock.now()
        return stream

    async def _carry_all(self, stream: Stream) -> None:
        """Beside the reading, so that no account's news waits for the answer about another."""
        errors = await asyncio.gather(*(self._subscribe(stream, account.id) for account in self._accounts))
        try:
            # An answer that never came is the account's trouble, unless the stream has ended.
            await stream.ping()
        except StreamClosed:
            return
        refused = [(account.id, error) for account, error in zip(self._accounts, errors, strict=True) if error]
        for account, error in refused:
            if not self._listener.carries(account):
                self._listener.not_carried(account, error)
        self._listener.opened()
        await asyncio.gather(*(self._insist(stream, account) for account, _ in refused))

    async def _subscribe(self, stream: Stream, account: str) -> BrokerError | None:
        """An account whose subscription is refused, or not answered, does not take the others down."""
        try:
            await stream.subscribe(account)
        except (SubscribeRefused, StreamClosed) as error:
            return error
        if not self._listener.carries(account):
            self._listener.carried(account)
        return None

    def _check(self, work: asyncio.Task[None]) -> None:
        """What broke beside the reading, and was no broker's error, is a bug that must not pass unseen."""
        error = None if work.cancelled() else work.exception()
        if error is not None and self._cut is not None and not self._cut.done():
            self._cut.set_exception(error)

    async def _insist(self, stream: Stream, account: str) -> None:
        """Ask for a refused subscription again, ever more rarely, as long as the stream stands."""
        backoff = Backoff(self._timings.first_ask_again, self._timings.last_ask_again, self._chance)
        while not self._listener.carries(account):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(backoff.next()):
                    await self._again.wait()
            self._again.clear()
            if not self._listener.carries(account) and (error := await self._subscribe(stream, account)):
                self._listener.not_carried(account, error)

    async def _keep_alive(self, stream: Stream) -> None:
        """Ping for ever. A stream that cannot be written to ends where it is read."""
        with contextlib.suppress(StreamClosed):
            while True:
                await asyncio.sleep(self._timings.ping)
                await stream.ping()

    async def _leave(self, session: asyncio.Task[str]) -> None:
        """A half-open stream can take long to close: the next one does not wait for it."""
        session.cancel()
        self._left.add(session)
        session.add_done_callback(self._forget)
        await asyncio.wait({session}, timeout=self._timings.close)

    def _forget(self, session: asyncio.Task[str]) -> None:
        self._left.discard(session)
        if not session.cancelled():
            session.exception()
