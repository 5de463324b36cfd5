from __future__ import annotations

import gc

from blotter.desk.garbage import YOUNG, seldom_collected


def test_the_interpreter_is_as_before_when_the_desk_has_gone() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        during, frozen = gc.get_threshold(), gc.get_freeze_count()
    assert during == (YOUNG, *before[1:])
    assert frozen > YOUNG
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
