"""Proving who we are on a stream, and doing it again."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from blotter.broker.auth import Token
from blotter.broker.errors import StreamClosed, StreamRefused
from blotter.broker.stream import (
    RefreshWarning,
    SessionExpired,
    connect,
)
from tests.broker.canary import CANARY, TOKEN, everything_in
from tests.broker.samples import ACCOUNT
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
        with pytest.raises(StreamClosed, match=r"no answer within 0\.2 s"):
            async with connect(url, TOKEN, answer_timeout=0.2):
                raise AssertionError


async def test_a_broker_that_hangs_up_instead_of_answering() -> None:
    async def conversation(peer: Peer) -> None:
        await peer.next()
        await peer.socket.close(1008, f"no {CANARY}")

    async with stream_server(conversation) as url:
        with pytest.raises(StreamClosed, match="code 1008") as caught:
            async with connect(url, TOKEN):
                raise AssertionError
    assert caught.value.words == "no •••"


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


async def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await events_of(event(target=ACCOUNT, data=CANCELED))
    assert CANARY not in caplog.text
