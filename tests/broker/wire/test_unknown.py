from __future__ import annotations

import json
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from blotter.broker.wire.json import read
from blotter.broker.wire.pages import Page, read_page
from blotter.broker.wire.unknown import LONGEST_NAME, MOST_NAMES, OTHERS, UnknownFields
from tests.broker.samples import ACCOUNT, LEG, record
from tests.broker.wire.strategies import anything, damaged_records


async def page_of(*records: object) -> Page:
    return await read_page(read(json.dumps({"orders": records, "nextCursor": 0})), ACCOUNT)


async def test_what_the_api_documents_is_known() -> None:
    assert (await page_of(record(legs=[LEG], origClOrdId="x"))).unknown == ()


async def test_every_other_field_is_counted_by_the_kind_of_its_record() -> None:
    """Of records that cannot be read, too."""
    page = await page_of(
        record(algoId="x", legs=[LEG | {"fee": "1"}, LEG | {"fee": "2", "algoId": None}]),
        record(algoId="y", origin={}),
        record(algoId="z", qty="many"),
        "no record",
    )
    assert page.unknown == (("algoId", 3), ("legs.fee", 2), ("legs.algoId", 1), ("origin", 1))
    assert (len(page.orders), len(page.unreadable)) == (2, 2)


async def test_the_fields_of_python_are_no_fields_of_the_api() -> None:
    """Those that carry the order's own names here are unknown when they come over the wire."""
    assert (await page_of(record(cl_ord_id="x"))).unknown == (("cl_ord_id", 1),)


def test_names_without_end_are_counted_and_not_kept() -> None:
    counted = UnknownFields()
    counted.see(dict.fromkeys(map(str, range(MOST_NAMES - 1))))
    strange = {"x" * 1_000_000 + str(number): None for number in range(2)} | dict.fromkeys(map(str, range(100_000)))
    tracemalloc.start()
    try:
        counted.see(strange)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    told = counted.most()
    assert len(told) == MOST_NAMES + 1
    assert told[-1] == (OTHERS, 100_000 - MOST_NAMES + 1)
    assert max(len(name) for name, _ in told) == LONGEST_NAME


@given(st.lists(anything | damaged_records(), max_size=6), st.lists(anything, max_size=6))
def test_anything_is_counted_and_pages_add_up(one: list[object], other: list[object]) -> None:
    whole, parts = UnknownFields(), UnknownFields()
    for records in (one, other):
        page = UnknownFields()
        for each in records:
            whole.see(each)
            page.see(each)
        parts.add(page.most())
    assert sum(times for _, times in parts.most()) == sum(times for _, times in whole.most())
    assert len(parts.most()) <= MOST_NAMES + 1
