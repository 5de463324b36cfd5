"""Many orders at once, for tests of rules about sets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blotter.core.book.row import Row
from tests.core.samples import sample


def named(tag: str, row: Row | None = None, **fields: Any) -> Row:
    """``row``, or a plain order, under an id of its own. ``fields`` are those of the order, account and id included."""
    of = row or sample()
    return replace(of, tag=tag, order=replace(of.order, **{"cl_ord_id": f"id-{tag}", **fields}))


def one_of(number: int, **fields: Any) -> Row:
    """Order ``number``, tagged ``ka``, ``kb`` and so on."""
    return named(f"k{chr(97 + number)}", **{"cl_ord_id": f"id-{number}", **fields})
