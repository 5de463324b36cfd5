"""Contradictions about a cancel: its body, and what answers it."""

from __future__ import annotations

import pytest

from blotter.broker.client import Client
from blotter.broker.errors import NotSent
from blotter.broker.wire.cancels import AccountFields
from tests.broker.canary import TOKEN
from tests.broker.http_server import answer, replies, serve
from tests.broker.samples import ACCOUNT, ORDER
from tests.hostile.contradictions.talk import TAKEN, canceled, order


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (AccountFields.BOTH, {"accountId", "tradingAccountId"}),
        (AccountFields.ACCOUNT_ID, {"accountId"}),
        (AccountFields.TRADING_ACCOUNT_ID, {"tradingAccountId"}),
    ],
)
async def test_row_01_the_account_is_named_in_both_ways_or_as_a_strict_server_wants(
    fields: AccountFields, names: set[str]
) -> None:
    body = await canceled(ORDER, fields)
    assert {name: body[name] for name in body if "ccount" in name} == dict.fromkeys(names, ACCOUNT)


async def test_row_02_a_cancel_names_the_side_and_one_without_is_not_sent() -> None:
    assert (await canceled(await order(side="SELL_SHORT")))["side"] == "SELL_SHORT"
    async with serve(replies(answer(TAKEN))) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent, match="names no side"):
            await client.cancel(await order(side=None))
        assert server.requests == []


@pytest.mark.parametrize(
    ("read", "sent"), [("EQUITY", "CS"), ("CS", "CS"), ("OPTION", "OPT"), ("OPT", "OPT"), ("equity", "CS"), ("", "CS")]
)
async def test_row_03_the_security_type_is_read_in_two_vocabularies_and_sent_in_one(read: str, sent: str) -> None:
    assert (await canceled(await order(securityType=read)))["securityType"] == sent


@pytest.mark.parametrize("own", [ORDER.cl_ord_id, "A7-000413", "", None])
async def test_row_08_a_cancels_answer_is_known_by_the_original_id(own: str | None) -> None:
    """Some examples give the cancel the order's own id, others a new one, and nothing obliges it to have any."""
    body = {"success": True, "clOrdId": own, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL", "text": ""}
    async with serve(replies(answer(body))) as server, Client(server.url, TOKEN) as client:
        reply = await client.cancel(ORDER)
    assert reply.orig_cl_ord_id == ORDER.cl_ord_id
    assert reply.success
