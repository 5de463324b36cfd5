"""What every test stands on."""

from __future__ import annotations

import os
import signal

import pytest

# A runner started in the background, or under nohup, hands down ignored signals, and every process that a test starts
# would ignore them too.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half of the time is waiting, for terminals and sockets: two cores take four."""
    return max(4, os.cpu_count() or 1)
