"""Calls and the stream with a token that is refused: what is sent again, how often, and with what."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from blotter.broker.auth import NoToken, Token
from blotter.broker.client import Client
from blotter.broker.errors import Ask, LoggedOut, StreamRefused, Unauthorized, sentence
from blotter.broker.http import Timeouts
from blotter.broker.stream import connect
from tests.broker.http_server import Server, answer, closed_port, replies, serve
from tests.broker.samples import ACCOUNT, ORDER
from tests.broker.stream_server import Peer, stream_server

REFUSED = answer({"error": "unauthorized", "message": "token expired"}, 401)
EMPTY = answer({"orders": None, "nextCursor": 0})
TAKEN = answer({"success": True, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL"})


@dataclass
class Chain:
    """One token after the other; ``NoToken`` after the last, or ``None`` where there never was another."""

    names: list[str]
    ends: bool = True
    renewals: list[Token] = field(default_factory=list)
    settled: bool = False
    why_not_cancel: str = ""

    def __post_init__(self) -> None:
        self.tokens = [Token(name) for name in self.names]

    async def current(self) -> Token:
        if not self.tokens:
            raise NoToken("the login has ended")
        return self.tokens[0]

    async def renewed(self, refused: Token) -> Token | None:
        self.renewals.append(refused)
        if not self.ends and len(self.tokens) == 1:
            return None
        self.tokens.pop(0)
        return await self.current()

    async def changed(self) -> None:
        await asyncio.Event().wait()

    async def settle(self, seconds: float) -> None:
        self.settled = True


def sent(server: Server) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.requests]


async def test_a_read_is_sent_once_more_with_the_next_token() -> None:
    chain = Chain(["one-one", "two-two"])
    async with serve(replies(REFUSED, EMPTY)) as server, Client(server.url, chain) as client:
        assert (await client.orders(ACCOUNT)).orders == ()
        assert sent(server) == ["one-one", "two-two"]
        assert not chain.settled
        assert [token.reveal() for token in chain.renewals] == ["one-one"]


async def test_a_refresh_that_is_under_way_is_waited_for_at_the_end() -> None:
    chain = Chain(["a"])
    async with Client("http://127.0.0.1:1", chain):
        pass
    assert chain.settled


async def test_a_read_that_is_refused_twice_is_refused() -> None:
    async with serve(replies(REFUSED)) as server, Client(server.url, Chain(["a", "b", "c"])) as client:
        with pytest.raises(Unauthorized):
            await client.orders(ACCOUNT)
        assert sent(server) == ["a", "b"]


async def test_without_another_token_a_refusal_stays_one() -> None:
    async with serve(replies(REFUSED)) as server, Client(server.url, Chain(["a"], ends=False)) as client:
        with pytest.raises(Unauthorized):
            await client.accounts()
        assert sent(server) == ["a"]


async def test_a_login_that_ends_meanwhile_is_said() -> None:
    async with serve(replies(REFUSED)) as server, Client(server.url, Chain(["a"])) as client:
        with pytest.raises(LoggedOut) as caught:
            await client.orders(ACCOUNT)
    assert sentence(caught.value) == (
        f"Nothing was sent to 127.0.0.1:{server.port} for the list of orders: the login has ended."
        " A blotter that runs takes a new login up by itself."
    )


async def test_without_a_token_nothing_leaves() -> None:
    async with serve(replies(TAKEN)) as server, Client(server.url, Chain([])) as client:
        with pytest.raises(LoggedOut) as caught:
            await client.cancel(ORDER)
        assert server.connections == 0
    assert caught.value.ask is Ask.CANCEL
    assert "The order was not touched" in sentence(caught.value)


async def test_a_token_without_the_right_to_cancel_reads_and_cancels_nothing() -> None:
    chain = Chain(["a"], why_not_cancel="the login lacks a scope; log in again: blotter login")
    async with serve(replies(EMPTY)) as server, Client(server.url, chain) as client:
        assert (await client.orders(ACCOUNT)).orders == ()
        with pytest.raises(LoggedOut, match="the login lacks a scope; log in again"):
            await client.cancel(ORDER)
        assert sent(server) == ["a"]


async def test_a_cancel_is_never_sent_again_from_here() -> None:
    async with serve(replies(REFUSED, TAKEN)) as server, Client(server.url, Chain(["a", "b"])) as client:
        with pytest.raises(Unauthorized):
            await client.cancel(ORDER)
        assert sent(server) == ["a"]
        assert await client.renew()
        assert (await client.cancel(ORDER)).status == "PENDING_CANCEL"
        assert sent(server) == ["a", "b"]


async def test_there_is_nothing_to_renew_before_a_refusal_or_after_the_end() -> None:
    async with serve(replies(REFUSED)) as server, Client(server.url, Chain(["a"])) as client:
        assert not await client.renew()
        with pytest.raises(Unauthorized):
            await client.cancel(ORDER)
        assert not await client.renew()


async def test_waiting_for_a_token_counts_as_a_part_of_the_call() -> None:
    class Never(Chain):
        async def current(self) -> Token:
            await asyncio.Event().wait()
            raise AssertionError

    times = Timeouts(list=0.1)
    async with Client(f"http://127.0.0.1:{closed_port()}", Never(["a"]), timeouts=times) as client:
        with pytest.raises(LoggedOut, match="no fresh token came in time"):
            await client.orders(ACCOUNT)
        with pytest.raises(LoggedOut, match="no fresh token came in time"):
            await client.cancel(ORDER, within=0.1)


async def test_the_stream_is_opened_once_more_with_the_next_token() -> None:
    shown: list[str] = []

    async def conversation(peer: Peer) -> None:
        asked = await peer.next()
        shown.append(asked["payload"]["body"]["token"])
        if shown[-1] == "two-two":
            await peer.say({"type": "event", "payload": {"action": "authSuccess", "id": asked["id"]}})
        else:
            await peer.say({"type": "event", "payload": {"action": "error", "error": "no", "id": asked["id"]}})
        await peer.stay()

    chain = Chain(["one-one", "two-two"])
    async with stream_server(conversation) as url, connect(url, chain):
        pass
    assert shown == ["one-one", "two-two"]
    with pytest.raises(StreamRefused):
        async with stream_server(conversation) as url, connect(url, Chain(["one-one"], ends=False)):
            pass
    with pytest.raises(LoggedOut):
        async with stream_server(conversation) as url, connect(url, Chain(["one-one"])):
            pass


async def test_a_session_is_renewed_with_the_next_token_where_the_first_is_refused() -> None:
    shown: list[str] = []

    async def conversation(peer: Peer) -> None:
        while True:
            asked = await peer.next()
            shown.append(asked["payload"]["body"]["token"])
            good = {"action": "authSuccess", "data": {"expiresIn": 5000}, "id": asked["id"]}
            bad = {"action": "error", "error": "expired", "id": asked["id"]}
            await peer.say({"type": "event", "payload": bad if len(shown) == 2 else good})

    chain = Chain(["one-one", "two-two"])
    async with stream_server(conversation) as url, connect(url, chain) as stream:
        await stream.renew()
        assert shown == ["one-one", "one-one", "two-two"]
        assert stream.expires_in == 5.0
        chain.tokens.clear()
        with pytest.raises(LoggedOut):
            await stream.renew()
