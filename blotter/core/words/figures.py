"""Numbers as the table writes them: from the decimal, never echoed, without exponent and without float."""

from __future__ import annotations

from decimal import Decimal

LARGEST = 20
"""Digits before, or zeros after, the point from which a figure is no quantity or price of this world."""
UNFIT = "#" * (LARGEST + 2)
"""Stands for a figure that cannot be written; too wide for any column, so that it shows as ``#`` there."""


def price(value: Decimal) -> str:
    """A price with the decimals the broker gave it, at least two: ``175.50``, ``0.0125``."""
    if not _writable(value):
        return UNFIT
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def average(value: Decimal) -> str:
    """An average price: computed ones have no end, so at most four decimals, at least two."""
    if not _writable(value):
        return UNFIT
    whole, _, decimals = f"{value:.4f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def quantity(value: Decimal) -> str:
    """A quantity without idle decimals: ``300``, ``0.5``."""
    if not _writable(value):
        return UNFIT
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def age(seconds: float) -> str:
    """A length of time in its largest unit: ``4s``, ``12m``, ``3h``, ``2d``."""
    whole = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def _writable(value: Decimal) -> bool:
    return value.is_finite() and (not value or -LARGEST <= value.adjusted() < LARGEST)
