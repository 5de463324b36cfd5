"""A page of the active list or of the history."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from blotter.broker.wire.json import NotJson, Number
from blotter.broker.wire.orders import Read, Unreadable, read_order
from blotter.broker.wire.unknown import UnknownFields

_SLICE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """``orders`` in the broker's order. ``next_cursor`` is opaque and goes back as it is; 0 is the end.

    ``records`` are all of them as they came, for whoever hands them on instead of reading them. ``unknown`` are the
    fields in them that this version does not know, and how often each was met.
    """

    orders: tuple[Read, ...]
    unreadable: tuple[Unreadable, ...]
    next_cursor: int
    records: Sequence[object] = field(default=(), repr=False, compare=False)
    unknown: tuple[tuple[str, int], ...] = ()


async def read_page(document: object, account: str) -> Page:
    """The page in a JSON document. ``null`` orders are none. Raises :class:`NotJson` for another shape.

    A missing ``orders`` is none as well, but only beside the cursor that every page has: an object of some other
    kind must not read as *this account has no orders*.
    """
    if not isinstance(document, dict):
        raise NotJson("it is no page of orders")
    if "orders" not in document and "nextCursor" not in document:
        raise NotJson("it is no page of orders")
    records = document.get("orders")
    if records is None:
        records = []
    if not isinstance(records, list):
        raise NotJson("its orders are not a list")
    next_cursor = _cursor(document.get("nextCursor"))
    unknown = UnknownFields()
    orders, unreadable = await read_orders(records, account, unknown)
    return Page(orders, unreadable, next_cursor, records, unknown.most())


async def read_orders(
    records: list[Any], account: str, unknown: UnknownFields | None = None
) -> tuple[tuple[Read, ...], tuple[Unreadable, ...]]:
    """The records that can be read and those that cannot; ``unknown`` sees them all.

    Between slices of 50 (half a millisecond) the loop gets a turn, and before the first, as the text was only just
    taken apart: neither a page nor a snapshot of thousands holds up a cancel.
    """
    orders: list[Read] = []
    unreadable: list[Unreadable] = []
    for start in range(0, len(records), _SLICE):
        await asyncio.sleep(0)
        for record in records[start : start + _SLICE]:
            if unknown is not None:
                unknown.see(record)
            found = read_order(record, account)
            if isinstance(found, Unreadable):
                unreadable.append(found)
            else:
                orders.append(found)
    return tuple(orders), tuple(unreadable)


def _cursor(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, Number) and len(value) <= 20 and value.removeprefix("-").isdecimal():
        return int(value)
    raise NotJson("its cursor is not a whole number")
