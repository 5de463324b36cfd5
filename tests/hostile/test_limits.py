"""More than can be taken in: refused in bounded time and memory, in a sentence, and what was known before stays."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import Unreadable, sentence
from blotter.broker.wire.json import NotJson, read, read_lines
from blotter.core.book.report import Report
from blotter.desk.clock import SystemClock
from blotter.desk.feed.lister import MOST_ORDERS, Listing, read_list
from tests.broker.canary import TOKEN
from tests.broker.http_server import answer, replies, serve
from tests.broker.samples import ACCOUNT, record
from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import Answer, ScriptedBroker, order, orders
from tests.terminal.test_faults import leave, said

MIB = 2**20


async def test_a_list_of_too_many_orders_is_refused_and_says_so() -> None:
    page = answer('{"orders":[' + "0," * MOST_ORDERS + '0],"nextCursor":1}')
    async with serve(replies(page)) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(Unreadable) as caught:
            await read_list(client, ACCOUNT, SystemClock(), nowhere)
        assert f"too many orders, more than {MOST_ORDERS:,}" in sentence(caught.value)
        assert len(server.requests) == 1


def test_a_list_that_is_mostly_unreadable_or_too_long_leaves_the_rows_and_marks_them_stale(tmp_path: Path) -> None:
    """The first list is shown however little of it can be read: there is no older one."""
    broken = [order(f"new-{number}", symbol="NEWONE", qty="many") for number in range(9)]
    with (
        ScriptedBroker(list=orders(order(), *broken)) as broker,
        PtySession(tmp_path, environment=broker.environment) as session,
    ):
        session.until("MSFT")
        session.until(said("9 orders could not be read"))
        session.until(" POLLING ")
        broker.list = orders(order(symbol="NEWONE"), *broken)
        session.type("r")
        session.until(said("9 of 10 orders in the list could not be read"))
        screen = session.until(" OFFLINE ")
        assert re.search(r"MSFT .*(~|STALE )\d+s", screen)
        assert "NEWONE" not in screen
        broker.list = Answer(body='{"orders":[' + "0," * MOST_ORDERS + '0],"nextCursor":0}')
        session.type("r")
        session.until(said("too many orders"))
        leave(session)


async def nowhere(listing: Listing, reports: Sequence[Report]) -> None:
    """Where a list goes of which nothing is to be kept."""


@pytest.mark.parametrize("text", ["[" + "[]," * 3_000_000 + "0]", "[" + "0," * 5_000_000 + "0]", '{"a":' * 900])
def test_a_document_of_nothing_but_values_is_refused_before_it_is_made(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(NotJson):
            read(text)
        assert [type(value) for value in read_lines(text)] == [NotJson]
        assert tracemalloc.get_traced_memory()[1] < 20 * MIB
    finally:
        tracemalloc.stop()


def test_a_list_as_long_as_a_list_may_be_is_read() -> None:
    page = '{"orders":[' + ",".join([str(record()).replace("'", '"')] * 20_000) + "]}"
    document = read(page)
    assert isinstance(document, dict)
    assert len(document["orders"]) == 20_000
