"""A deadline that only what hangs can meet."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def hanging_fails(seconds: float = 60.0) -> Iterator[None]:
    """Fails what takes so long, in the middle of a computation, too, where no deadline of a loop is looked at."""

    def fail(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"it hangs: nothing came of it in {seconds:g} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
