"""Short names for orders: typed, spoken, never reused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, product
from string import ascii_lowercase


class Tags:
    """Hands out the tags of one run: ``aa`` … ``tz``, then ``uaa`` … ``yzz``, then ``zaaaa`` … ``zzzzz``.

    The first letter gives the length away, so no tag begins another: typing one never needs an end key.
    """

    def __init__(self) -> None:
        self._tags = _sequence()

    def next(self) -> str:
        """The next tag of the run."""
        return next(self._tags)


def _sequence() -> Iterator[str]:
    for first, length in (("abcdefghijklmnopqrst", 1), ("uvwxy", 2), ("z", 4)):
        for letters in product(first, *[ascii_lowercase] * length):
            yield "".join(letters)
    # Nobody has half a million orders; but running out must not end the session either.
    for number in count():
        yield f"{number:09}"
