"""What the header counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """What the header counts. ``done`` orders are finished and hidden, unless the trader asked to see them.

    ``codes`` counts the rows by those status codes that speak of a cancel. ``shown`` of ``total`` pass the filter.
    """

    working: int
    done: int
    codes: dict[str, int]
    shown: int
    total: int
