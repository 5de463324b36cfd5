"""The account stream: one authenticated WebSocket, its subscriptions, and what comes over it.

A task of its own reads, because answers and events share the wire: whoever waits for an answer must not have to
read past the events before it. What nobody takes is kept up to a bound; a reader that falls further behind than that
would show the past, so the stream ends instead, and the orders are listed anew.

The library's own pings are off: whether silence means death is decided by one rule, above this floor.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from blotter.broker.auth import NoToken, Token, Tokens, hide
from blotter.broker.errors import Ask, BrokerError, LoggedOut, StreamClosed, StreamRefused, SubscribeRefused
from blotter.broker.farewell import farewell, last_words
from blotter.broker.handshake import hang_up, shake_hands
from blotter.broker.urls import check_stream_url, host_and_port
from blotter.broker.wire.json import NotJson, text_of
from blotter.broker.wire.messages import (
    Envelope,
    Heard,
    OrderEvent,
    RefreshWarning,
    SessionExpired,
    Snapshot,
    StreamEvent,
    UnreadableEvent,
    read_envelope,
    read_events,
)
from blotter.broker.wire.pieces import read_frame

__all__ = [
    "Heard",
    "OrderEvent",
    "RefreshWarning",
    "SessionExpired",
    "Snapshot",
    "Stream",
    "StreamEvent",
    "UnreadableEvent",
    "connect",
]

_MOST_WAITING = 20_000
_SLICE = 200

_Found = TypeVar("_Found", bound=Token | None)


@dataclass(frozen=True, slots=True)
class _Question:
    """A request that waits for its answer; ``account`` is what a subscription is for."""

    answer: asyncio.Future[Envelope]
    account: str = ""

    def settle(self, envelope: Envelope) -> None:
        if not self.answer.done():
            self.answer.set_result(envelope)


@asynccontextmanager
async def connect(
    url: str,
    tokens: Tokens,
    *,
    open_timeout: float = 10.0,
    answer_timeout: float = 5.0,
    close_timeout: float = 0.5,
    ca_file: Path | None = None,
) -> AsyncIterator[Stream]:
    """Open the stream at ``url`` and authenticate: the broker hangs up on those who do not within 5 s.

    A token that is refused here is renewed once, and the stream opened anew with it. Times are in seconds; ``ca_file``
    holds further authorities to trust. Raises :class:`StreamRefused` when the token is refused, :class:`LoggedOut` when
    there is none, :class:`StreamClosed` for every other way of not getting there (a refused handshake says nothing
    about the token, which it does not carry), and :class:`ValueError` for a URL that must not be sent a token.
    """
    url = check_stream_url(url)
    where = host_and_port(url)

    @asynccontextmanager
    async def opened(token: Token) -> AsyncIterator[Stream]:
        socket = await shake_hands(url, where, open_timeout=open_timeout, close_timeout=close_timeout, ca_file=ca_file)
        stream = Stream(socket, tokens, where, answer_timeout)
        reader = asyncio.create_task(stream.listen())
        try:
            await stream.authenticate(token)
            yield stream
        finally:
            reader.cancel()
            await hang_up(socket)

    # Got before the socket is open: the broker's 5 s do not wait for a refresh.
    token = await _good(tokens.current(), where)
    async with AsyncExitStack() as stack:
        try:
            stream = await stack.enter_async_context(opened(token))
        except StreamRefused:
            fresh = await _good(tokens.renewed(token), where)
            if fresh is None:
                raise
            stream = await stack.enter_async_context(opened(fresh))
        yield stream


class Stream:
    """An authenticated stream, made by :func:`connect`. ``expires_in`` is the session's length in seconds, if told."""

    def __init__(self, socket: ClientConnection, tokens: Tokens, where: str, answer_timeout: float) -> None:
        self.expires_in: float | None = None
        self._socket = socket
        self._tokens = tokens
        self._where = where
        self._answer_timeout = answer_timeout
        self._accounts: list[str] = []
        self._questions: dict[str, _Question] = {}
        self._authenticating = ""
        self._numbers = itertools.count(1)
        self._waiting: asyncio.Queue[StreamEvent | BaseException] = asyncio.Queue()
        self._ended: BaseException | None = None

    async def subscribe(self, account: str) -> None:
        """Ask for an account's updates and wait for the broker's word.

        Raises :class:`SubscribeRefused` when it says no, :class:`StreamClosed` when the stream ends or stays silent.
        """
        name = f"sub-{next(self._numbers)}"
        if account not in self._accounts:
            self._accounts.append(account)
        topic = {"topic": "account", "params": {"accountId": account}}
        answer = await self._ask(name, {"type": "subscribe", "id": name, "payload": topic}, Ask.SUBSCRIPTION, account)
        if answer.refuses:
            self._accounts.remove(account)
            raise self._refusal(SubscribeRefused, Ask.SUBSCRIPTION, "it said no", answer)

    async def ping(self) -> None:
        """Ask for a sign of life; the pong comes as :class:`Heard`. Raises :class:`StreamClosed`."""
        await self._send(json.dumps({"type": "ping", "id": f"ping-{next(self._numbers)}"}), Ask.STREAM)

    async def renew(self) -> None:
        """Prove who we are once more before the session ends, with a token that is good by then.

        Raises :class:`StreamRefused` when the token is refused and there is no other, :class:`LoggedOut` when there is
        none at all, :class:`StreamClosed` when the stream ends, when no answer comes, or when the broker is in no state
        to answer. The session that was open stays so.
        """
        token = await _good(self._tokens.current(), self._where)
        try:
            return await self.authenticate(token)
        except StreamRefused:
            fresh = await _good(self._tokens.renewed(token), self._where)
            if fresh is None:
                raise
        return await self.authenticate(fresh)

    async def authenticate(self, token: Token) -> None:
        """Prove who we are with this very token. Raises like :meth:`renew`."""
        self._authenticating = name = f"auth-{next(self._numbers)}"
        body = {"method": "post", "path": "/auth", "body": {"token": token.reveal()}}
        try:
            answer = await self._ask(name, {"type": "request", "id": name, "payload": body}, Ask.STREAM)
        finally:
            self._authenticating = ""
        if answer.action == "authtimeout" or (answer.refuses and answer.status in {408, 425, 429, *range(500, 600)}):
            raise self._refusal(StreamClosed, Ask.STREAM, "it could not check the token now", answer)
        if answer.refuses:
            raise self._refusal(StreamRefused, Ask.STREAM, "authentication failed", answer)
        self.expires_in = answer.expires_in

    async def __aiter__(self) -> AsyncIterator[StreamEvent]:
        """All that comes, in order of arrival. Ends by raising :class:`StreamClosed`."""
        while True:
            event = await self._waiting.get()
            if isinstance(event, BaseException):
                self._waiting.put_nowait(event)
                raise event
            yield event

    async def listen(self) -> None:
        """Read until the end of the stream, which it hands to all who wait. Run once, by :func:`connect`."""
        try:
            while True:
                values = await read_frame(hide(text_of(await self._socket.recv(decode=False))))
                for count, value in enumerate(values):
                    if count % _SLICE == 0:
                        await asyncio.sleep(0)
                    await self._take(value)
        except ConnectionClosed as error:
            self._end(self._closed(Ask.STREAM, farewell(error), last_words(error)))
        except StreamClosed as error:
            self._end(error)
        except Exception as error:  # noqa: BLE001 - it is raised where the events are read
            self._end(error)

    async def _take(self, value: object) -> None:
        if isinstance(value, NotJson):
            return self._put(UnreadableEvent(f"a message: {value}"))
        envelope = read_envelope(value)
        if envelope is None:
            return self._put(UnreadableEvent("a message is no object"))
        question = self._questions.get(self._answered(envelope))
        if question is not None:
            question.settle(envelope)
            if envelope.refuses or envelope.action.startswith("auth"):
                return self._put(Heard())
        only = self._accounts[0] if len(self._accounts) == 1 else ""
        for event in await read_events(envelope, question.account if question else "", only):
            if isinstance(event, Snapshot):
                self._vouch(event.account, envelope)
            self._put(event)
        return None

    def _answered(self, envelope: Envelope) -> str:
        """Which question a message answers: authentication also takes answers that came without its id."""
        if envelope.id in self._questions:
            return envelope.id
        if self._authenticating and not envelope.id and envelope.action in {"authsuccess", "authtimeout", "error"}:
            return self._authenticating
        return ""

    def _vouch(self, account: str, envelope: Envelope) -> None:
        """A snapshot that came without an id answers the subscription it can only come from."""
        for question in self._questions.values():
            if question.account == account:
                question.settle(envelope)

    async def _ask(self, name: str, message: dict[str, object], ask: Ask, account: str = "") -> Envelope:
        if self._ended is not None:
            raise self._ended
        answer: asyncio.Future[Envelope] = asyncio.get_running_loop().create_future()
        self._questions[name] = _Question(answer, account)
        try:
            await self._send(json.dumps(message), ask)
            async with asyncio.timeout(self._answer_timeout):
                return await answer
        except TimeoutError:
            problem = f"no answer within {self._answer_timeout:g} s"
        finally:
            del self._questions[name]
        raise self._closed(ask, problem)

    async def _send(self, text: str, ask: Ask) -> None:
        try:
            async with asyncio.timeout(self._answer_timeout):
                return await self._socket.send(text)
        except ConnectionClosed as error:
            problem, words = farewell(error), last_words(error)
        except TimeoutError:
            problem, words = f"nothing could be written for {self._answer_timeout:g} s", ""
        raise self._closed(ask, problem, words)

    def _put(self, event: StreamEvent) -> None:
        if self._waiting.qsize() >= _MOST_WAITING:
            raise self._closed(Ask.STREAM, "it brings more than can be taken in")
        self._waiting.put_nowait(event)

    def _end(self, error: BaseException) -> None:
        self._ended = error
        for question in self._questions.values():
            if not question.answer.done():
                question.answer.set_exception(error)
        self._waiting.put_nowait(error)

    def _closed(self, ask: Ask, problem: str, words: str = "") -> StreamClosed:
        return StreamClosed(ask, problem, where=self._where, words=words)

    def _refusal(self, kind: type[BrokerError], ask: Ask, problem: str, answer: Envelope) -> BrokerError:
        said = answer.said
        return kind(
            ask,
            problem,
            where=self._where,
            words=said.words,
            status=answer.status,
            code=said.code,
            request_id=said.request_id,
        )


async def _good(found: Awaitable[_Found], where: str) -> _Found:
    try:
        return await found
    except NoToken as error:
        problem = str(error)
    raise LoggedOut(Ask.STREAM, problem, where=where)
