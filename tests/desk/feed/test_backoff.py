from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blotter.desk.feed.backoff import Backoff


@given(seed=st.integers(), tries=st.integers(min_value=1, max_value=200))
def test_every_wait_lies_between_the_first_and_the_last(seed: int, tries: int) -> None:
    backoff = Backoff(1.0, 30.0, random.Random(seed))

    waits = [backoff.next() for _ in range(tries)]

    assert all(1.0 <= wait <= 30.0 for wait in waits)
    assert all(wait <= 2.0 ** (n + 1) for n, wait in enumerate(waits))


def test_waits_grow_to_the_whole_range_and_stay_there() -> None:
    backoff = Backoff(1.0, 30.0, random.Random(7))
    for _ in range(5):
        backoff.next()

    late = [backoff.next() for _ in range(400)]

    assert max(late) > 28
    assert min(late) < 3


def test_after_success_the_waits_are_short_again() -> None:
    backoff = Backoff(1.0, 30.0, random.Random(7))
    for _ in range(20):
        backoff.next()

    backoff.reset()

    assert backoff.next() <= 2.0


@pytest.mark.parametrize(("first", "last"), [(0.0, 30.0), (-1.0, 1.0), (5.0, 1.0)])
def test_a_backoff_that_would_not_wait_is_refused(first: float, last: float) -> None:
    with pytest.raises(ValueError, match="first"):
        Backoff(first, last, random.Random(0))
