from __future__ import annotations

from blotter.ui.stall import LIMIT, SETTLE, Stall
from tests.ui.fake_desk import HandClock


def test_a_screen_that_is_alive_throws_nothing_away() -> None:
    clock = HandClock()
    stall = Stall(clock.now())
    for _ in range(5):
        clock.advance(LIMIT)
        assert not stall.tick(clock.now())
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
    assert stall.report(clock.now()) == "the screen stood still for 16 s: 2 keys thrown away"
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


def test_a_gap_without_keys_is_told_as_such() -> None:
    clock = HandClock()
    stall = Stall(clock.now())
    clock.advance(5)
    stall.tick(clock.now())
    clock.advance(1)
    stall.tick(clock.now())
    assert stall.report(clock.now()) == "the screen stood still for 5 s"
