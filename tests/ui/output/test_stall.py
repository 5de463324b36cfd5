from __future__ import annotations

from datetime import timedelta

import pytest

from blotter.core.instant import Instant
from blotter.ui.output.stall import LIMIT, SETTLE, Stall
from tests.ui.fake_desk import HandClock


def test_a_screen_that_is_alive_throws_nothing_away() -> None:
    clock = HandClock()
    stall = Stall(clock.now())
    for _ in range(5):
        clock.advance(LIMIT)
        assert not stall.tick(clock.now())
        assert not stall.late(clock.now())
        assert not stall.discards(clock.now(), 0.2)
    assert stall.report(clock.now()) == ""


def test_keys_across_a_gap_are_thrown_away_and_told_once() -> None:
    clock = HandClock()
    stall = Stall(clock.now())
    clock.advance(16)
    assert stall.tick(clock.now())
    assert stall.discards(clock.now(), 12.0)
    assert stall.discards(clock.now(), 0.0)
    assert stall.report(clock.now()) == ""
    clock.advance(SETTLE)
    assert not stall.tick(clock.now())
    assert not stall.discards(clock.now(), 0.0)
    assert stall.report(clock.now()) == "screen stood still for 16 s: 2 keys thrown away"
    assert stall.report(clock.now()) == ""


def test_a_key_typed_during_the_gap_and_handled_long_after_does_not_count() -> None:
    clock = HandClock()
    stall = Stall(clock.now())
    clock.advance(4)
    stall.tick(clock.now())
    clock.advance(2)
    stall.tick(clock.now())
    assert stall.discards(clock.now(), 2.1)
    assert not stall.discards(clock.now(), 1.0)


def test_keys_are_no_ticks() -> None:
    """A key handled more than three seconds after the last tick is late, whatever keys came between."""
    clock = HandClock()
    stall = Stall(clock.now())
    clock.advance(2)
    assert not stall.late(clock.now())
    assert not stall.discards(clock.now(), 0.0)
    clock.advance(2)
    assert stall.late(clock.now())
    assert stall.discards(clock.now(), 0.0)


@pytest.mark.parametrize(("closed", "told"), [(False, "screen stood still for 5 s"), (True, "order kept")])
def test_a_gap_without_keys_is_told_as_such(closed: bool, told: str) -> None:
    clock = HandClock()
    stall = Stall(clock.now())
    clock.advance(5)
    stall.tick(clock.now())
    stall.closed = closed
    clock.advance(1)
    stall.tick(clock.now())
    assert stall.report(clock.now()).endswith(told)


def test_a_clock_that_jumped_is_a_gap_too_and_called_by_its_name() -> None:
    """A suspend where the monotonic clock stands still meanwhile, or a clock that was set."""
    clock = HandClock()
    stall = Stall(clock.now())
    now = clock.now()
    jumped = Instant(now.utc + timedelta(seconds=600), now.mono)
    assert stall.tick(jumped)
    assert stall.discards(jumped, 0.0)
    later = Instant(jumped.utc + timedelta(seconds=1), jumped.mono + 1)
    assert stall.report(later) == "clock jumped by 600 s: 1 key thrown away"
