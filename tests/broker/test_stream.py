"""Opening, authenticating, subscribing, and every way in which a stream ends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from blotter.broker.auth import Token
from blotter.broker.errors import StreamClosed, StreamRefused, SubscribeRefused, sentence
from blotter.broker.stream import (
    Heard,
    OrderEvent,
    RefreshWarning,
    SessionExpired,
    Snapshot,
    Stream,
    connect,
)
from tests.broker.canary import CANARY, TOKEN, everything_in
from tests.broker.http_server import answer, closed_port, cuts, replies, serve, silence
from tests.broker.samples import ACCOUNT, record
from tests.broker.stream_server import Peer, stream_server
from tests.broker.stream_talk import CANCELED, event, events_of, take


async def test_it_authenticates_with_the_message_of_the_api() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        assert peer.heard == [
            {
                "type": "request",
                "id": peer.heard[0]["id"],
                "payload": {"method": "post", "path": "/auth", "body": {"token": CANARY}},
            }
        ]
        assert "authorization" not in peer.socket.request.headers  # type: ignore[union-attr]  # it is there once open
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        assert stream.expires_in == 3900.0


@pytest.mark.parametrize(
    "yes",
    [
        lambda asked: event(action="authSuccess", id=asked),
        lambda asked: {"type": "event", "id": asked, "payload": {"action": "authSuccess"}},
        lambda _: event(action="authSuccess"),
        lambda asked: event(action="AUTHSUCCESS", id=asked, data=None),
        lambda asked: {"type": "response", "id": asked, "payload": {"status": 200}},
        lambda asked: event(action="authSuccess", id=asked, data={"expiresIn": "soon"}),
    ],
)
async def test_a_yes_is_understood_wherever_its_id_stands(yes: Callable[[str], object]) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        await peer.say(event(action="authRequired"), yes(asked["id"]))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        assert stream.expires_in is None


@pytest.mark.parametrize(
    ("no", "words"),
    [
        (lambda asked: event(action="error", error="authentication failed", id=asked), "authentication failed"),
        (lambda _: event(action="error", error="authentication failed"), "authentication failed"),
        (
            lambda asked: {"type": "response", "id": asked, "payload": {"status": 401, "message": "bad token"}},
            "bad token",
        ),
        (lambda asked: {"type": "response", "id": asked, "payload": {"error": {"message": "no", "code": "X"}}}, "no"),
        (lambda asked: event(action="error", error=f"token {CANARY} expired", id=asked), "token ••• expired"),
    ],
)
async def test_a_refused_token_is_not_worth_another_try(no: Callable[[str], object], words: str) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        await peer.say(no(asked["id"]))
        await peer.stay()

    async with stream_server(conversation) as url:
        with pytest.raises(StreamRefused) as caught:
            async with connect(url, TOKEN):
                raise AssertionError
    assert caught.value.words == words
    assert CANARY not in everything_in(caught.value)


@pytest.mark.parametrize(
    "trouble",
    [
        lambda asked: {"type": "response", "id": asked, "payload": {"status": 503, "message": "busy"}},
        lambda asked: {"type": "response", "id": asked, "payload": {"status": 429}},
        lambda _: event(action="authTimeout"),
    ],
)
async def test_a_broker_that_cannot_tell_now_is_worth_another_try(trouble: Callable[[str], object]) -> None:
    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        await peer.say(trouble(asked["id"]))
        await peer.stay()

    async with stream_server(conversation) as url:
        with pytest.raises(StreamClosed):
            async with connect(url, TOKEN):
                raise AssertionError


async def test_a_broker_that_does_not_answer_is_given_up() -> None:
    async with stream_server(Peer.stay) as url:
        began = time.monotonic()
        with pytest.raises(StreamClosed, match=r"no answer within 0\.2 s"):
            async with connect(url, TOKEN, answer_timeout=0.2):
                raise AssertionError
        assert time.monotonic() - began < 2


async def test_a_broker_that_hangs_up_instead_of_answering() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.next()
        await peer.socket.close(1008, "policy")

    async with stream_server(conversation) as url:
        with pytest.raises(StreamClosed, match="code 1008") as caught:
            async with connect(url, TOKEN):
                raise AssertionError
    assert caught.value.words == "policy"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 429, 500, 503])
async def test_a_refused_handshake_follows_nothing_and_can_be_tried_again(status: int) -> None:
    async def elsewhere(peer: Peer) -> None:
        raise AssertionError(peer)

    async with stream_server(elsewhere) as other:
        script = replies(answer({"error": f"not {CANARY}"}, status, {"Location": other}))
        async with serve(script) as server:
            with pytest.raises(StreamClosed) as caught:
                async with connect(server.url.replace("http", "ws"), TOKEN):
                    raise AssertionError
            assert CANARY not in str(server.requests[0])
    assert caught.value.status == status
    assert str(status) in sentence(caught.value)


@pytest.mark.parametrize(
    "script", [cuts(b""), cuts(b"SSH-2.0\r\n"), cuts(b"HTTP/1.1 101 Switching\r\n"), cuts(answer("hello"))]
)
async def test_what_speaks_no_websocket_is_closed(script: Any) -> None:
    async with serve(script) as server:
        with pytest.raises(StreamClosed) as caught:
            async with connect(server.url.replace("http", "ws"), TOKEN):
                raise AssertionError
    assert caught.value.__context__ is None


async def test_nobody_there() -> None:
    with pytest.raises(StreamClosed, match="refused"):
        async with connect(f"ws://127.0.0.1:{closed_port()}", TOKEN):
            raise AssertionError


async def test_a_server_that_never_opens_is_given_up() -> None:
    async with serve(silence) as server:
        with pytest.raises(StreamClosed, match=r"within 0\.2 s"):
            async with connect(server.url.replace("http", "ws"), TOKEN, open_timeout=0.2):
                raise AssertionError


async def test_a_url_that_may_not_be_sent_a_token_is_refused() -> None:
    with pytest.raises(ValueError, match="must use wss"):
        async with connect("ws://api.aries.com/v1/accounts/ws", TOKEN):
            raise AssertionError


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.stay()

    async with serve(silence) as proxy:
        for name in (
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "ws_proxy",
            "wss_proxy",
        ):
            monkeypatch.setenv(name, proxy.url)
        async with stream_server(conversation) as url, connect(url, TOKEN):
            assert proxy.connections == 0


@pytest.mark.parametrize(
    ("no", "status", "words"),
    [
        (
            {"type": "response", "payload": {"status": 403, "code": "FORBIDDEN", "message": "not yours"}},
            403,
            "not yours",
        ),
        ({"type": "event", "payload": {"action": "error", "error": "no such account"}}, None, "no such account"),
        ({"type": "response", "payload": {"error": {"code": "X", "message": "no"}}}, None, "no"),
    ],
)
async def test_a_refused_subscription_leaves_the_stream_standing(
    no: dict[str, Any], status: int | None, words: str
) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        asked = await peer.next()
        await peer.say(no | {"id": asked["id"]})
        await peer.subscribed()
        await peer.say(event(data=CANCELED))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        with pytest.raises(SubscribeRefused) as caught:
            await stream.subscribe("OTHER")
        await stream.subscribe(ACCOUNT)
        [came] = await take(stream)
    assert isinstance(came, OrderEvent)
    assert came.account == ACCOUNT
    assert (caught.value.status, caught.value.words) == (status, words)


async def test_the_session_is_renewed_on_the_same_stream() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.say(event(action="refreshAuth"))
        asked = await peer.next()
        assert asked["payload"]["body"]["token"] == "fresh-1"
        await peer.say(event(action="authSuccess", id=asked["id"], data={"expiresIn": 60_000}))
        await peer.say(event(action="authExpired"))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        assert await take(stream) == [RefreshWarning()]
        await stream.authenticate(Token("fresh-1"))
        assert stream.expires_in == 60.0
        assert await take(stream) == [SessionExpired()]


async def test_a_refused_renewal() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        asked = await peer.next()
        await peer.say(event(action="error", error="revoked", id=asked["id"]))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        with pytest.raises(StreamRefused):
            await stream.authenticate(Token("fresh-1"))


async def test_a_ping_is_answered_by_a_sign_of_life() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        asked = await peer.next()
        assert asked["type"] == "ping"
        await peer.say({"type": "pong", "id": asked["id"]})
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        events = stream.events()
        assert await anext(events) == Heard()
        await stream.ping()
        async with asyncio.timeout(2):
            assert await anext(events) == Heard()


def hang_up(peer: Peer) -> Awaitable[None]:
    return peer.socket.close(4001, "bye")


async def drop(peer: Peer) -> None:
    peer.socket.transport.abort()


@pytest.mark.parametrize(("end", "said"), [(hang_up, "closed it (code 4001)"), (drop, "the connection was lost")])
async def test_every_end_is_an_error_for_all_who_wait(end: Callable[[Peer], Awaitable[None]], said: str) -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.next()
        await end(peer)

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        asking = asyncio.create_task(stream.subscribe(ACCOUNT))
        for _ in range(2):
            with pytest.raises(StreamClosed) as caught:
                await take(stream)
            assert said in str(caught.value)
        for call in (asking, stream.subscribe(ACCOUNT), stream.ping()):
            with pytest.raises(StreamClosed):
                await call


async def test_a_long_snapshot_is_read_and_an_endless_message_is_not() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        await peer.subscribed(data={"ordersV2": [record(clOrdId=f"o-{number}") for number in range(5000)]})
        await peer.say("x" * (33 * 2**20))
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        await stream.subscribe(ACCOUNT)
        [snapshot] = await take(stream)
        assert isinstance(snapshot, Snapshot)
        assert len(snapshot.orders) == 5000
        with pytest.raises(StreamClosed, match="code 1009"):
            await take(stream)


async def test_what_nobody_takes_ends_the_stream_instead_of_filling_the_memory() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        for _ in range(5):
            await peer.say(*[{"type": "pong"}] * 5000)
        await peer.stay()

    async with stream_server(conversation) as url, connect(url, TOKEN) as stream:
        async with asyncio.timeout(10):
            await until_ended(stream)
        with pytest.raises(StreamClosed, match="more than can be taken in"):
            async for _ in stream:
                pass


async def until_ended(stream: Stream) -> None:
    """Wait without reading events: a subscription fails as soon as the stream has ended."""
    with pytest.raises(StreamClosed):
        await stream.subscribe(ACCOUNT)


async def test_leaving_takes_no_time_whatever_the_broker_does() -> None:
    left = asyncio.Event()

    async def conversation(peer: Peer) -> None:
        await peer.authenticated()
        peer.socket.transport.pause_reading()
        await left.wait()
        peer.socket.transport.abort()

    async with stream_server(conversation) as url:
        async with connect(url, TOKEN, close_timeout=0.2):
            began = time.monotonic()
        assert time.monotonic() - began < 1
        left.set()


async def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await events_of(event(target=ACCOUNT, data=CANCELED))
    assert CANARY not in caplog.text
