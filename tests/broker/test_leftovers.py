"""What comes beyond the end of an answer answers nothing: no cancel is reported by what was said of another."""

from __future__ import annotations

import asyncio

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import NoAnswer, sentence
from tests.broker.canary import TOKEN
from tests.broker.http_server import Request, answer, serve
from tests.broker.samples import ACCOUNT, ORDER, record
from tests.hostile.behind_tls import AUTHORITY, certificate

TAKEN = answer({"success": True, "status": "PENDING_CANCEL"})
REJECTED = answer({"success": False, "status": "REJECTED", "text": "too late"})
DONE = answer({"success": True, "status": "CANCELED"})


class Talker:
    """Answers in turn; what stands in ``more`` goes out behind the first answer, unasked."""

    def __init__(self, first: bytes, more: list[bytes], then: bytes) -> None:
        self._answers = [[first, *more], [then]]

    async def __call__(self, _: Request, writer: asyncio.StreamWriter) -> None:
        for part in self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]:
            writer.write(part)


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("more", [[DONE], [TAKEN, DONE], [answer("", 404)], [DONE[:-1]]])
async def test_a_cancel_is_not_answered_by_what_was_left_over(more: list[bytes], secure: bool) -> None:
    """Whether it was applied is open, and the connection is not used again."""
    tls, ca_file = (certificate("good"), AUTHORITY) if secure else (None, None)
    async with (
        serve(Talker(TAKEN, more, REJECTED), tls=tls) as server,
        Client(server.url, TOKEN, ca_file=ca_file) as client,
    ):
        assert (await client.cancel(ORDER)).status == "PENDING_CANCEL"
        with pytest.raises(NoAnswer) as caught:
            await client.cancel(ORDER)
        assert "left over from an answer before" in sentence(caught.value)
        assert (await client.cancel(ORDER)).text == "too late"
        assert server.connections == 2
        assert len(server.requests) in (2, 3)


@pytest.mark.parametrize("more", [b"}", b"\r\n\r\nx", b"HTTP/1.1 200", b"\x00" * 100])
async def test_scraps_are_no_beginning_of_an_answer(more: bytes) -> None:
    async with serve(Talker(TAKEN, [more], REJECTED)) as server, Client(server.url, TOKEN) as client:
        await client.cancel(ORDER)
        with pytest.raises(NoAnswer):
            await client.cancel(ORDER)
        assert (await client.cancel(ORDER)).text == "too late"


async def test_a_list_that_meets_leftovers_is_read_on_a_new_connection() -> None:
    def page(name: str) -> bytes:
        return answer({"orders": [record(clOrdId=name)], "nextCursor": 0})

    talker = Talker(page("first"), [page("unasked")], page("second"))
    async with serve(talker) as server, Client(server.url, TOKEN) as client:
        names = [(await client.orders(ACCOUNT)).orders[0][0] for _ in range(2)]
    assert names == ["first", "second"]
