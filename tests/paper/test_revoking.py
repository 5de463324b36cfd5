"""What becomes of a login that is ended or narrowed at the broker while a client lives on it."""

from __future__ import annotations

from blotter.desk.secrets.login import StoredLogin
from tests.identity.browser import at_the_broker, log_in
from tests.paper.samples import cancel_of, place
from tests.paper.serving import Listener, Serving, open_stream


async def opened(socket: Listener, token: str) -> Listener:
    assert (await socket.auth(token))["payload"]["action"] == "authSuccess"
    return socket


async def assert_lives(stream: Listener) -> None:
    await stream.send({"type": "ping", "id": "p"})
    assert (await stream.next())["type"] == "pong"


async def test_revoking_a_login_ends_its_streams_and_no_others(broker: Serving) -> None:
    login = log_in(broker.url)
    async with open_stream(broker) as theirs, open_stream(broker) as others:
        stream = await opened(Listener(theirs), login.access.reveal())
        other = await opened(Listener(others), broker.token)
        at_the_broker(broker.url, "revoke")
        assert (await stream.next())["payload"]["action"] == "authExpired"
        assert await stream.closed() == 1008
        await assert_lives(other)
    async with open_stream(broker) as socket:
        assert (await Listener(socket).auth(login.access.reveal()))["payload"]["error"] == "authentication failed"


async def test_a_stream_outlives_the_token_that_opened_it(broker: Serving) -> None:
    """A session is longer than a token's life, so a token that merely ends must not end it."""
    login = log_in(broker.url)
    async with open_stream(broker) as socket:
        stream = await opened(Listener(socket), login.access.reveal())
        at_the_broker(broker.url, "expire")
        with broker.client(login.access.reveal()) as client:
            assert client.get("/v2/users/me/accounts").status_code == 401
        await assert_lives(stream)


async def test_a_narrowed_login_gets_tokens_that_cannot_cancel(broker: Serving) -> None:
    login = log_in(broker.url)
    at_the_broker(broker.url, "narrow")
    assert _cancels(broker, login.access.reveal()) == 200
    renewed = _refreshed(broker, login)
    assert renewed["scope"] == "account:information order:information"
    assert _cancels(broker, renewed["access_token"]) == 403


def _refreshed(broker: Serving, login: StoredLogin) -> dict[str, str]:
    assert login.refresh is not None
    fields = {"grant_type": "refresh_token", "client_id": "blotter", "refresh_token": login.refresh.reveal()}
    with broker.client() as client:
        answer: dict[str, str] = client.post("/v1/oauth2/token", json=fields).json()
    return answer


def _cancels(broker: Serving, token: str) -> int:
    """The status of a cancel of a fresh order with that token."""
    with broker.client() as owner, broker.client(token) as client:
        return client.post("/v1/orders/cancel", json=cancel_of(place(owner))).status_code
