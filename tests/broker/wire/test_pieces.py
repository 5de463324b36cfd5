"""Long JSON is read as short JSON is, only not all at once."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blotter.broker.wire.json import NotJson, read, read_lines
from blotter.broker.wire.pieces import PIECE, read_frame, read_in_pieces
from tests.broker.wire.strategies import anything

LAYOUTS = (None, 1, "\t")
PAGE = {"orders": [{"clOrdId": f"o-{number}", "qty": "100", "legs": []} for number in range(4_000)], "nextCursor": 7}


def told(value: object) -> str:
    """The value with its types, numbers as written."""
    return f"{type(value).__name__} {value!r}"


def whole(text: str) -> str:
    try:
        return told(read(text))
    except NotJson as error:
        return str(error)


def in_pieces(text: str) -> str:
    try:
        return told(asyncio.run(read_in_pieces(text, piece=0)))
    except NotJson as error:
        assert error.__context__ is None, "it would quote the text"  # noqa: PT017 - whether it is raised is the question
        return str(error)


@given(anything, st.sampled_from(LAYOUTS))
def test_whatever_is_json_is_the_same_in_pieces(value: object, layout: int | str | None) -> None:
    text = json.dumps(value, indent=layout)
    assert in_pieces(text) == whole(text)


@given(st.text(alphabet=st.sampled_from('{}[]",: \n\t1ea\\-')) | st.text())
@example('{"a":1,}')
@example("[1,]")
@example('{"a" 1}')
@example("{1:2}")
@example('{"a":1}}')
@example('{"a":[1 2]}')
@example(' {"a":1,"a":{"b":[1.10,NaN]}} ')
@example('{"a":"x\ny"}')
@example("[" * 100_000)
@example('{"a":' * 50_000)
def test_whatever_is_none_is_refused_in_pieces_too(text: str) -> None:
    assert in_pieces(text) == whole(text)


async def test_a_long_page_leaves_the_loop_its_turns() -> None:
    text = json.dumps(PAGE)
    reading = asyncio.create_task(read_in_pieces(text))
    turns = 0
    while not reading.done():
        turns += 1
        await asyncio.sleep(0)

    assert reading.result() == read(text)
    assert turns >= len(text) // PIECE // 2


async def test_so_does_a_frame_of_the_stream_in_which_the_orders_lie_deep() -> None:
    text = json.dumps({"type": "subscribed", "payload": {"data": {"account": {}, "ordersV2": PAGE["orders"]}}})
    reading = asyncio.create_task(read_frame(text))
    turns = 0
    while not reading.done():
        turns += 1
        await asyncio.sleep(0)

    assert reading.result() == [read(text)]
    assert turns >= len(text) // PIECE // 2


@pytest.mark.parametrize("text", ['{"a":"x"}', '{"a":"x"}\n{"b":"y"}\n', '{"a":"x"}\n{oops\n{"b":"y"}', "{oops", ""])
async def test_a_frame_gives_what_its_lines_give(text: str) -> None:
    assert [str(value) for value in await read_frame(text)] == [str(value) for value in read_lines(text)]


async def test_the_names_of_members_are_held_once() -> None:
    """Half of a page's memory is names, if each order brings its own."""
    page = await read_in_pieces(json.dumps(PAGE))

    assert isinstance(page, dict)
    assert len({id(name) for order in page["orders"] for name in order}) == 3
