"""What every test stands on."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator

import pytest

# A runner started in the background, or under nohup, hands down ignored signals, and every process that a test starts
# would ignore them too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half of the time is waiting, for terminals and sockets: two cores take four."""
    return max(4, os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: to look through it for garbage again and again was a third of collecting, and
    a part of every test after it.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
